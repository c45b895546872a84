"""What lesson 01 says in words must be true, its pictures must come without a network, its panels do what it says."""

import socket

import numpy as np
import pytest
from harness import lesson_cells
from ipywidgets import IntSlider, SelectionSlider
from pydicom.examples import get_path
from skimage import data

from course.data.cytology import draw, draw_mask, pixel_size, table
from course.imaging.dicom import read, read_header, without_names
from course.imaging.preprocessing import window
from course.plots import COLOURS
from course.widgets import lesson_01 as panels
from course.widgets.panel import Panel

TEXT = " ".join(lesson_cells("01").text.split())


@pytest.fixture(scope="module")
def hu():
    return read(get_path("ct")).values


@pytest.fixture(scope="module")
def patients():
    rows, labels = table()
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}, labels


def test_no_picture_needs_a_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    shapes = [getattr(data, name)().shape for name in
              ("retina", "immunohistochemistry", "microaneurysms", "shepp_logan_phantom", "cell")]
    assert shapes == [(1411, 1411, 3), (512, 512, 3), (102, 102), (400, 400), (660, 550)]
    assert [read(get_path(name)).values.shape for name in ("ct", "mr", "rgb_color")] == [(128, 128), (64, 64),
                                                                                         (240, 320, 3)]


def test_the_numbers_said_of_the_tour():
    detail = data.microaneurysms()
    assert (detail.min(), detail.max()) == (38, 129) and "Only 38 to 129" in TEXT
    rgb = data.immunohistochemistry()[60, 60]
    assert rgb[0] > rgb[1] > rgb[2]  # brown


def test_the_nuclei_of_the_mask_exercise_are_darkest_in_green():
    cells, nuclei = draw(149), draw_mask(149) > 0
    darker = cells[~nuclei].mean(axis=0) - cells[nuclei].mean(axis=0)
    assert darker.min() > 0 and darker.argmax() == 1 and "most so in green" in TEXT


def test_areas_shrink_as_said():
    counts = [np.count_nonzero(data.cell() > threshold) for threshold in (90, 150)]
    assert 1 - counts[1] / counts[0] == pytest.approx(1 / 5, abs=0.03) and "about a fifth" in TEXT
    assert 1 - np.sqrt(counts[1] / counts[0]) == pytest.approx(1 / 8, abs=0.02) and "about an eighth" in TEXT
    counts, edges = np.histogram(data.cell(), 64)
    assert 64 < edges[np.argmax(counts)] < 70
    assert counts[(edges[:-1] > 90) & (edges[:-1] < 115)].max() < counts[(edges[:-1] > 140) & (edges[:-1] < 200)].min()


def test_no_patient_is_like_the_answer_of_the_drawer(patients):
    columns, _ = patients
    radius, compact = columns["mean radius"], columns["mean compactness"]
    worst = columns["worst radius"]
    for value, column in ((9, radius), (11, worst), (0.3, compact), (11 / 9, worst / radius)):
        assert column.min() <= value <= column.max()
    assert (compact >= 0.3).sum() == 2 and radius[compact >= 0.3].min() > 15
    assert compact[radius < 10].max() < 0.23


def framed(settings):
    return (panels.drawn_cells(*settings)[3, 20] == np.array(
        [int(COLOURS["malignant"][i:i + 2], 16) for i in (1, 3, 5)])).all()


def test_the_drawer_frames_what_nobody_has(patients):
    columns, labels = patients
    assert not framed((13, 15, 19, 0.09, 0.06)) and not framed((22, 30, 22, 0.25, 0.3))
    assert framed((22, 15, 45, 0.45, 0.06)) and framed((20, 15, 19, 0.09, 0.06))
    named = dict(zip(panels.MEASURED, (22, 15, 15 / 22, 45, 0.45, 0.06), strict=True))
    assert panels.nobody_has(named) == ["worst / mean radius", "texture", "compactness"]
    benign = {name: columns[name][labels == 0].max() for name in ("mean radius", "worst radius", "mean compactness")}
    assert benign["mean radius"] < 22 and benign["worst radius"] < 30 and benign["mean compactness"] < 0.25
    assert (columns["worst radius"] / columns["mean radius"])[labels == 0].max() < 30 / 22
    assert pixel_size(150) == 2


def test_every_patient_lies_inside_the_ranges(patients):
    columns, _ = patients
    for case in range(0, 569, 40):
        row = {name: columns[column][case] if column else columns["worst radius"][case] / columns["mean radius"][case]
               for name, (column, _) in panels.MEASURED.items()}
        assert panels.nobody_has(row) == []


def test_what_is_said_of_the_slice(hu):
    header = read_header(get_path("ct"))
    assert (hu.min(), hu.max()) == (-896, 1167) and hu.max() - hu.min() + 1 == 2064
    means = {"fat": hu[118:126, 50:70].mean(), "muscle": hu[80:88, 20:40].mean()}
    assert means["muscle"] - means["fat"] == pytest.approx(135, abs=0.6)
    share = 2064 / (means["muscle"] - means["fat"])
    assert share == pytest.approx(15, abs=0.4) and "about a fifteenth" in TEXT
    lung, vertebra = hu[10:30, 4:24].mean(), hu[16:32, 50:66].mean()
    assert lung < means["fat"] < 0 < means["muscle"] < 65 < hu[4:18, 82:98].mean() < vertebra
    dense = np.flatnonzero(hu[32, 35:85] > 180)
    assert dense[-1] - dense[0] + 1 == pytest.approx(35, abs=2)  # columns of the body of the vertebra
    assert float(header.ReconstructionDiameter) / header.PixelSpacing[1] == pytest.approx(512, abs=0.1)
    assert 1 * header.PixelPaddingValue - 1024 == -3024 and not (header.pixel_array == header.PixelPaddingValue).any()
    assert list(header.ImageOrientationPatient) == [1, 0, 0, 0, 1, 0]
    assert "WindowCenter" not in header and header[0x0043, 0x101D].value == 40


def test_the_answer_to_the_window(hu):
    muscle, aorta = hu[80:88, 20:40].mean(), hu[4:18, 82:98].mean()
    assert window(muscle, 100, 120) < 0.05 and window(aorta, 100, 120) == 1
    assert hu[80:88, 20:40].std() / 120 == pytest.approx(0.24, abs=0.02)


def test_presets_move_the_sliders_and_hands_release_them(hu):
    panel = panels.with_presets(Panel(
        lambda preset, level, width: panels.windowed(hu, level, width, preset), "c",
        preset=SelectionSlider(options=[panels.BY_HAND, *panels.PRESETS], value="soft tissue"),
        level=IntSlider(50, -1000, 1000, 10), width=IntSlider(400, 20, 2000, 20)))  # fmt: skip
    for name, values in panels.PRESETS.items():
        panel.controls["preset"].value = name
        assert (panel.controls["level"].value, panel.controls["width"].value) == values
        assert panel.controls["preset"].value == name and panel.error is None
    before = panel.picture
    panel.controls["level"].value += 10
    assert panel.controls["preset"].value == panels.BY_HAND and panel.picture != before
    for level, width in panels.PRESETS.values():
        assert level % 10 == 0 and width % 20 == 0


def test_taking_out_names_leaves_what_the_page_shows():
    header = read_header(get_path("rgb_color"))
    assert "BurnedInAnnotation" not in header
    cleaned, removed = without_names(header, blank=[(0, 0, 53, 320)])
    assert header.StudyDate in cleaned.StudyInstanceUID and "StudyDate" not in cleaned
    filled = [name for name in removed if str(header.get(name, "")).strip()]
    assert len(filled) == 6 and "Six tags that may identify somebody" in TEXT
    assert not cleaned.pixel_array[:53].any()
    assert np.array_equal(cleaned.pixel_array[53:], header.pixel_array[53:])
    assert "not anonymous, and meets no standard" in TEXT
