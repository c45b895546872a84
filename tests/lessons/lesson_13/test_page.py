"""What lesson 13 says in words must be true of its networks and of the stored measurements."""

import numpy as np
from harness import lesson_cells

from course.reproduce import result
from course.timing.costs import blocks, costs
from course.widgets.lesson_13 import cost_picture, layer_bars, names, short

TEXT = " ".join(lesson_cells("13").text.split())
LETTERS = names((8, 16, 32))
TABLE = dict(zip(LETTERS, costs((64, 64, 3), blocks((8, 16, 32), 32)), strict=True))


def largest(values):
    return max(values, key=values.get)


def sums(side, filters):
    rows = costs((side, side, 3), blocks(filters, 32))
    return sum(row.macs for row in rows), sum(row.weights for row in rows)


def test_three_costs_three_layers():
    """Weights sit in hidden, multiply-adds in conv b, time in conv a; the model misses that whatever r and b are."""
    assert largest({name: row.weights for name, row in TABLE.items()}) == "hidden"
    assert largest({name: row.macs for name, row in TABLE.items()}) == "conv b"
    predicted = {name: max(row.macs / 60e9, row.numbers / 4e9) for name, row in TABLE.items()}
    assert sorted(predicted, key=predicted.get)[-2:] == ["conv a", "conv b"]
    assert all((row.macs / 60e9 > row.numbers / 4e9) == name.startswith(("conv", "hidden")) for name, row in
               TABLE.items() if row.numbers > 33)
    pooling = sum(predicted[f"pool {k}"] for k in "abc")
    assert 0.24 < pooling / sum(predicted.values()) < 0.28  # "a quarter of all"
    measured = {row["layer"].replace("_", " "): row["seconds"] for row in result(13)["layers"]}
    whole = sum(measured.values())
    for r, b in ((60e9, 4e9), (71e9, 8e9)):
        ratio = {name: measured[name] / 32 / max(TABLE[name].macs / r, TABLE[name].numbers / b) for name in measured}
        assert 1.6 < ratio["conv a"] / ratio["conv b"] < 2.6  # "almost twice as long, beside conv b"
        assert min(ratio["pool c"], ratio["hidden"]) > ratio["conv a"]  # "further off still"
        assert measured["pool c"] + measured["hidden"] + measured["last"] < 0.1 * whole  # "hardly count"
    assert largest(measured) == "conv a" and set(measured) == set(LETTERS) - {"flatten"}
    assert measured["pool a"] > 0.08 * whole > 0.05 * whole > measured["hidden"]
    assert sum(row.weights for row in TABLE.values()) == 42_961
    assert TABLE["conv a"].shape == (62, 62, 8) and 62 * 62 == 3844


def test_what_the_three_networks_show():
    small, large, deep = sums(64, (8, 16, 32)), sums(128, (8, 16, 32)), sums(128, (8, 16, 32, 64))
    assert large[0] > 4 * small[0] and large[1] > 4 * small[1]
    assert 1.15 < deep[0] / large[0] < 1.25 and deep[1] < 0.5 * large[1]
    by_depth = [sums(128, tuple(8 * 2**k for k in range(depth)))[1] for depth in range(1, 6)]
    assert by_depth == [1_016_353, 462_257, 206_801, 98_321, 114_833]
    assert all(f"{count:,}" in TEXT for count in by_depth)
    assert np.diff(by_depth).tolist() == sorted(np.diff(by_depth).tolist()) and by_depth[4] > by_depth[3] < by_depth[2]
    double = costs((64, 64, 3), blocks((16, 32, 64), 32))
    assert double[2].macs == 4 * TABLE["conv b"].macs and double[0].macs == 2 * TABLE["conv a"].macs
    wide = costs((128, 128, 3), blocks((8, 16, 32), 32))
    assert f"{wide[2].macs / TABLE['conv b'].macs:.1f}" == "4.4"
    assert all(wide[k].weights == TABLE[name].weights for k, name in enumerate(LETTERS) if name.startswith("conv"))


def test_what_the_long_run_shows():
    stored = result(13)
    ratios = {row["name"]: row["ratio"] for row in stored["forward"]["1"]}
    assert ratios["Python loops"] > 10 and ratios["Keras, eager"] > 2
    assert all(0.1 < ratios[name] < 5 for name in ("course.nn", "Keras, XLA", "Keras, no oneDNN operations"))
    times = {count: {row["name"]: row for row in stored["forward"][count]} for count in ("1", "32")}
    assert times["1"]["course.nn"]["ratio"] < 1 < 1.5 < times["32"]["course.nn"]["ratio"]  # quicker on 1, not on 32
    keras, ours = (times["32"][name]["seconds"] / times["1"][name]["seconds"] for name in ("Keras, graph", "course.nn"))
    assert keras < 4 and ours > 6  # "32 pictures do not take four times as long"
    assert all(row["peak_mb"] > 8 * times[count]["course.nn"]["peak_mb"] for count in times
               for name, row in times[count].items() if name.startswith("Keras"))
    loop = {row["name"]: row["ratio"] for row in stored["convolution"]["picture"]}
    assert loop["loop"] > 20  # "a factor of tens to hundreds"
    for rows in stored["step"].values():
        ours = {row["name"]: row["ratio"] for row in rows}
        assert 0.3 < ours["course.nn, fused block"] < 6
    assert max(stored["rounding"].values()) < 1e-6
    assert all(row["operation"].endswith(("Conv2D", "Pool", "MatMul")) for row in stored["layers"])


def test_amounts_in_three_digits():
    written = [short(n) for n in (7, 830_304, 1_168, 2_499_584, 3_400_000_000)]
    assert written == ["7", "830 k", "1.17 k", "2.5 M", "3.4 G"]


def test_drawings_show_what_they_count():
    small, other = cost_picture(64, 8, 3, 3), cost_picture(64, 8, 3, 5)
    assert small.dtype == np.uint8 and small.shape == other.shape and (small != other).any()
    message = cost_picture(32, 8, 5, 7)
    assert message.shape == small.shape and (message != small).any()
    texts = [text.get_text() for axes in layer_bars({"a": [1, 3], "b": [3, 1]}, ["x", "y"]).axes for text in axes.texts]
    assert texts == ["25%", "75%", "75%", "25%"]
