"""What the checker of exercise 4.4 needs: pictures (h, w, c), kernels (kh, kw, c, d), maps (h', w', d)."""

import numpy as np
from scipy.signal import correlate

from course.checks.compare import Case, mistakes
from course.checks.lesson_04.map import UINT8
from course.checks.ways import as_float, both, own_type

SIZES = [  # picture, kernel: c = d too, one channel, one map, 1 x 1, fits once, a picture of one row
    ((4, 5, 3), (3, 3, 3, 2)), ((5, 4, 3), (3, 3, 3, 3)), ((6, 5, 1), (3, 3, 1, 4)), ((7, 6, 3), (5, 5, 3, 1)),
    ((5, 6, 4), (2, 3, 4, 3)), ((3, 4, 2), (1, 1, 2, 2)), ((3, 3, 5), (3, 3, 5, 2)), ((1, 6, 2), (1, 3, 2, 3)),
]  # fmt: skip


def cases():
    rng = np.random.default_rng(44)
    grey = rng.integers(0, 256, (5, 5, 3), dtype=np.uint8)
    return [
        *(Case(rng.normal(size=size), rng.normal(size=kernel), note=f"{kernel[2]} channels in, {kernel[3]} maps out")
          for size, kernel in SIZES),
        Case(grey, rng.normal(size=(3, 3, 3, 2)), note="a uint8 picture"),
        Case(grey, np.arange(1, 55, dtype=np.uint8).reshape(3, 3, 3, 2), note="picture and kernel uint8"),
    ]  # fmt: skip


MISFITS = [Case(np.ones((4, 5, c)), np.ones((3, 3, kc, d)), note=f"{c} channels; the kernel is made for {kc}")
           for c, kc, d in ((1, 3, 2), (3, 1, 2), (3, 2, 3))]  # fmt: skip
MISFIT = (
    "The picture's channels are not as many as the kernel's, and no error came: NumPy repeats a single channel to make "
    "shapes fit, and a loop over fewer leaves some out. Compare the two first, and raise a ValueError with both shapes."
)


@as_float
def reference(picture, kernel):
    maps = [correlate(picture, one, mode="valid", method="direct")[..., 0] for one in np.moveaxis(kernel, -1, 0)]
    return np.stack(maps, axis=-1)


def _of(change):
    """Return a mistaken answer: the right one of change(picture, kernel)."""
    return lambda picture, kernel: reference(*change(picture, kernel))


def _loops(of_patch):
    """Return the mistaken loops that store of_patch(patch, kernel, f) in map f."""
    def wrong(picture, kernel):
        (h, w, _), (kh, kw, _, d) = picture.shape, kernel.shape
        out = np.zeros((h - kh + 1, w - kw + 1, d))
        for i, j, f in np.ndindex(out.shape):
            out[i, j, f] = of_patch(picture[i:i + kh, j:j + kw], kernel, f)
        return out
    return wrong


def _each_channel(picture, kernel):
    """Return the maps of each channel by itself: (h', w', c, d)."""
    return np.stack([reference(picture[..., c:c + 1], kernel[:, :, c:c + 1]) for c in range(kernel.shape[2])], axis=2)


def _refuses(axis, order=(0, 1, 2, 3)):
    def wrong(picture, kernel):
        if picture.shape[2] != kernel.shape[axis]:
            raise ValueError("as the learner's code refuses")
        return reference(picture, kernel.transpose(order))
    return wrong


SWAPPED = "Channels in and kernels are swapped: the kernel's third axis counts channels in, the fourth kernels."
FLIPPED = "Your kernels are flipped: turned by half a turn before they are laid on."
PRODUCTS = f"The products are made in uint8, and {UINT8}. Turn the picture into floats first: picture.astype(float)."
ONE_MAP = "All kernels ended up in one map. Each kernel has a map of its own, side by side in the last axis."
ALIKE = "All maps are alike: the sum ran over the kernels too. Each kernel has a sum of its own: kernel[..., f]."
MISTAKES = mistakes(
    ("A patch (kh, kw, c) meets an array of other axes, and NumPy lines shapes up from the right, so the kernel's "
     "columns are laid along the colours. One kernel is kernel[..., f], shape (kh, kw, c).",
     *(way for plane in (lambda k, f: k[:, :, 0, f], lambda k, f: k[..., f].sum(2), lambda k, f: k[..., f].mean(2))
       for way in both(_loops(lambda patch, kernel, f, of=plane: np.sum(patch * of(kernel, f))))),
     *both(_loops(lambda patch, kernel, f: np.sum(patch * kernel, axis=(0, 1, 2))[f]))),
    ("Every channel meets the weights of the first. Each has its own: kernel[:, :, ch, f] for channel ch.",
     _of(lambda x, k: (x, np.repeat(k[:, :, :1], k.shape[2], axis=2)))),
    ("Only the first channel is read. The sum runs over all of them.", _of(lambda x, k: (x[..., :1], k[:, :, :1]))),
    ("The channels stand side by side. One kernel gives one map: add its channels up.",
     _each_channel, lambda x, k: _each_channel(x, k).swapaxes(2, 3)),
    ("There is one map for each channel that goes in. There should be one for each kernel: add up over the channels.",
     lambda x, k: _each_channel(x, k).sum(axis=3)),
    (ONE_MAP, *(lambda x, k, keep=keep: reference(x, k).sum(axis=2, keepdims=keep) for keep in (False, True))),
    (ALIKE, _of(lambda x, k: (x, np.repeat(k.sum(3, keepdims=True), k.shape[3], axis=3)))),
    ("With one kernel the last axis got lost. Keep it, with length 1: the next layer counts on three axes.",
     lambda x, k: reference(x, k)[..., 0] if k.shape[3] == 1 else reference(x, k)),
    (FLIPPED, _of(lambda x, k: (x, k[::-1, ::-1]))),
    (f"{FLIPPED} The channels are turned round too: SciPy's convolve does that.",
     _of(lambda x, k: (x, k[::-1, ::-1, ::-1]))),
    (SWAPPED, _refuses(3, (0, 1, 3, 2))),
    ("Your comparison refuses what fits: channels in are kernel.shape[2]; the fourth axis counts kernels.",
     _refuses(3)),
    ("The channels are averaged. Their sum was asked.", lambda x, k: reference(x, k) / k.shape[2]),
    ("The colours were averaged to grey first. Each channel has weights of its own.",
     _of(lambda x, k: (x.mean(axis=2, keepdims=True), k.sum(axis=2, keepdims=True)))),
    (f"Your map keeps the picture's number type, and {UINT8}. np.zeros(shape) makes floats.", own_type(reference)),
    (PRODUCTS, _loops(lambda patch, kernel, f: np.sum(patch * kernel[..., f]))),
)  # fmt: skip
