"""Timing: fair turns, candidates that compute the same network, traces and event files read as they were written."""

import numpy as np
import pytest

from course import CourseError, board
from course.timing import forward, network, paired, trace


def test_candidates_of_the_forward_pass_give_one_answer():
    answers = {name: forward.CANDIDATES[name](2)() for name in ("course.nn", "Python loops", "Keras, graph",
                                                                "Keras, eager")}  # fmt: skip
    for name, answer in answers.items():
        assert answer.shape == (2, 1)
        np.testing.assert_allclose(answer, answers["course.nn"], atol=1e-5, err_msg=name)


def test_a_candidate_in_a_process_of_its_own():
    rows = paired.compare(forward.MODULE, ["course.nn", "Python loops"], "course.nn", (1,), rounds=2)
    assert [row["name"] for row in rows] == ["course.nn", "Python loops"]
    assert rows[0]["ratio"] == 1 and rows[1]["ratio"] > 1 and all(row["peak_mb"] > 1 for row in rows)
    np.testing.assert_allclose(forward.answers("course.nn", 2), forward.numpy_way(2)(), atol=1e-6)


def test_a_process_that_ends_early_is_named(capfd):
    with pytest.raises(CourseError, match="candidate no such ended early"):
        paired.compare(forward.MODULE, ["no such"], "no such", (1,))
    assert "KeyError" in capfd.readouterr().err


def test_turns_are_taken():
    calls = []
    rows = paired.in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, "a", rounds=3)
    assert "".join(calls) == "ab" * 4  # one to warm up
    assert [row["name"] for row in rows] == ["a", "b"] and rows[0]["ratio"] == 1


def test_rows_are_shown(capsys):
    rows = [{"name": "x", "seconds": 0.002, "ratio": 1.5, "peak_mb": None}, {"name": "y", "seconds": None}]
    paired.show("title", rows, "y")
    out = capsys.readouterr().out
    assert "2.0 ms" in out and "1.50" in out and "skipped: not installed" in out


def test_both_plans_are_the_same_network_in_both_libraries():
    for plan in network.PLANS.values():
        from course import nn

        ours = nn.Sequential(network.layers(nn, plan))
        ours.build((None, plan.size, plan.size, 3))
        model = network.keras_model(plan)
        assert [w.shape for w in ours.get_weights()] == [w.shape for w in model.get_weights()]
        assert [layer.name for layer in model.layers] == network.layer_names(plan)


def test_a_trace_names_the_layers_and_counts_the_calls(tmp_path):
    from course.quiet_tensorflow import tf

    names = network.layer_names(forward.PLAN)
    run, x = forward.in_mode(forward.same_model(), "graph"), tf.constant(forward.data(2, forward.PLAN)[0])
    run(x)
    tf.profiler.experimental.start(str(tmp_path))
    for _ in range(3):
        run(x)
    tf.profiler.experimental.stop()
    rows = trace.operations(tmp_path, names)
    assert {row["layer"] for row in rows} == set(names) - {"flatten"}
    assert [names.index(row["layer"]) for row in rows] == sorted(names.index(row["layer"]) for row in rows)
    assert all(row["calls"] == 3 and row["seconds"] > 0 for row in rows if "Conv" in row["operation"])


def test_without_a_trace_the_folder_is_named(tmp_path):
    with pytest.raises(CourseError, match="holds no trace"):
        trace.operations(tmp_path, ["conv_a"])


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    from course.quiet_tensorflow import tf

    folder = tmp_path_factory.mktemp("run")
    for run in ("train", "validation"):
        with tf.summary.create_file_writer(str(folder / run)).as_default():
            for step in range(3):
                tf.summary.scalar("epoch_loss", 1 / (step + 1), step)
                if run == "train":
                    tf.summary.histogram("weights", np.linspace(0, step + 1, 100), step)
    return folder


def test_event_files_are_read_back(run_folder):
    table = board.scalars(run_folder)
    assert list(table["run"].unique()) == ["train", "validation"]
    np.testing.assert_allclose(table["value"], [1, 1 / 2, 1 / 3] * 2, rtol=1e-6)
    assert board.histogram_names(run_folder) == ["weights"]
    bins = board.histograms(run_folder, "weights")
    assert list(bins) == [0, 1, 2] and bins[2][:, 2].sum() == 100 and bins[2][-1, 1] == pytest.approx(3)
    with pytest.raises(CourseError, match=r"no histogram 'no such'\. There are: weights"):
        board.histograms(run_folder, "no such")


def test_tensorboard_answers_on_this_computer_alone(run_folder):
    from urllib.request import urlopen

    address = board.serve(run_folder)
    assert address.startswith("http://127.0.0.1:")
    with urlopen(address, timeout=30) as page:
        assert page.status == 200 and b"tensorboard" in page.read().lower()


def test_an_empty_folder_is_refused(tmp_path):
    for function in (board.serve, board.scalars):
        with pytest.raises(CourseError, match="holds no event files"):
            function(tmp_path)
