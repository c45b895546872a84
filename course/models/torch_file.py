"""Read the arrays of a weights file in PyTorch's old format, without PyTorch and without running what the file says.

`torch.save` used to write five pickles (a magic number, the format's number, facts about the machine, a table of
tensors, a list of storages) and after them the raw numbers. A pickle is a program: it may name any function of any
installed package and have it called. The reader below knows two names, those of tensors, and refuses all others; the
tensors' descriptions are checked before any number is looked at.
"""

import collections
import hashlib
import io
import pickle
from pathlib import Path

import numpy as np

from course import CourseError
from course.files import explained, shown

MAGIC, FORMAT = 0x1950A86A20F9469CFC6C, 1001
STORAGES = {"FloatStorage": "<f4", "LongStorage": "<i8"}  # all that networks' weights need: float32 and int64


def read_tensors(path, sha256=None):
    """Return {name: array} of the file; float32 or int64, each with memory of its own.

    sha256: the digest that the file must have, checked before anything in it is read; None: any file.
    CourseError when it is another file, damaged, cut short, or holds anything but tensors: then nothing of it was run.
    """
    path = Path(path)
    with explained(path, "read"):
        content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if sha256 is not None and found != sha256:
        raise CourseError(f"{shown(path)} is not the file this course knows: its SHA-256 begins with {found[:12]}, not "
                          f"{sha256[:12]}. It was not read. Install its package again.")
    try:
        return _tensors(io.BytesIO(content))
    except pickle.UnpicklingError as error:
        raise CourseError(f"{shown(path)} was not read: {shown(error)}. Nothing of it was run. Take weights from "
                          "another source.") from error
    except Exception as error:  # a damaged pickle fails in many ways
        raise CourseError(f"{shown(path)} is damaged or no weights file in PyTorch's old format "
                          f"({type(error).__name__}: {shown(error)}). Install its package again.") from error


class _TensorsAlone(pickle.Unpickler):
    """An unpickler that builds dicts and descriptions of tensors; whatever else a pickle asks for is refused."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _described
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no tensor")

    def persistent_load(self, name):
        kind, dtype, key, _, count = name[:5]
        if kind != "storage" or dtype not in STORAGES.values():
            raise ValueError("a storage of an unknown kind")
        return dtype, key, count


def _described(storage, offset, shape, strides, *rest):
    return storage, offset, tuple(shape), tuple(strides)


def _tensors(file):
    magic, number, _ = (_TensorsAlone(file).load() for _ in range(3))
    if (magic, number) != (MAGIC, FORMAT):
        raise ValueError("it does not begin as such a file does")
    table = _TensorsAlone(file).load()
    kinds = {key: (dtype, count) for (dtype, key, count), *_ in table.values()}
    storages = {key: _storage(file, *kinds[key]) for key in _TensorsAlone(file).load()}
    return {name: _array(storages[key], *place) for name, ((_, key, _), *place) in table.items()}


def _storage(file, dtype, count):
    """Return the next storage: its length as int64, then its numbers."""
    (length,) = np.frombuffer(file.read(8), "<i8")
    content = file.read(count * np.dtype(dtype).itemsize)
    if length != count or len(content) != count * np.dtype(dtype).itemsize:
        raise ValueError("a storage is not as long as it should be")
    return np.frombuffer(content, dtype)


def _array(storage, offset, shape, strides):
    """Return one tensor: number (i, j, ...) of it lies at offset + i strides[0] + j strides[1] + ... of its storage.

    Every number must lie inside, or the file could have any place in memory read.
    """
    if len(shape) != len(strides) or min((offset, *strides, *(n - 1 for n in shape))) < 0:
        raise ValueError("a tensor has no possible shape")
    last = offset + sum((n - 1) * stride for n, stride in zip(shape, strides, strict=True))
    if last >= len(storage):
        raise ValueError("a tensor lies outside of its storage")
    steps = [stride * storage.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(storage[offset:], shape, steps).copy()
