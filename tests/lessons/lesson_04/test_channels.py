"""Classic mistakes with channels and strides (exercises 4.4 and 4.5); the stubs are tested in test_checks_lesson_04."""

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d

from course.checks import check
from course.nn import conv2d


def channels(picture, kernel):
    if picture.shape[2] != kernel.shape[2]:
        raise ValueError(f"{picture.shape} and {kernel.shape}")
    return at_places(lambda patch, one: np.sum(patch * one))(picture.astype(float), kernel)


def at_places(of_patch, dtype=float):
    """Three loops that store of_patch(patch (kh, kw, c), kernel[..., f]) in maps of dtype."""
    def correlate(picture, kernel):
        (h, w, _), (kh, kw, _, d) = picture.shape, kernel.shape
        out = np.zeros((h - kh + 1, w - kw + 1, d), picture.dtype if dtype == "own" else dtype)
        for i, j, f in np.ndindex(out.shape):
            out[i, j, f] = of_patch(picture[i:i + kh, j:j + kw].astype(float), kernel[..., f])
        return out
    return correlate


def all_kernels_at_once(picture, kernel):
    (h, w, _), (kh, kw, _, d) = picture.shape, kernel.shape
    out = np.zeros((h - kh + 1, w - kw + 1, d))
    for i, j in np.ndindex(out.shape[:2]):
        out[i, j] = np.sum(picture[i:i + kh, j:j + kw] * kernel, axis=(0, 1, 2))
    return out


def channels_side_by_side(picture, kernel):
    parts = [channels(picture[..., c:c + 1], kernel[:, :, c:c + 1]) for c in range(picture.shape[2])]
    return np.stack(parts, axis=2)


def one_map_a_channel(picture, kernel):
    return channels_side_by_side(picture, kernel).sum(axis=3)


def grey_first(picture, kernel):
    return channels(picture.mean(axis=2, keepdims=True), kernel.sum(axis=2, keepdims=True))


def by_planes(picture, kernel):
    maps = np.array([sum(correlate2d(picture[..., c].astype(float), kernel[..., c, f], mode="valid")
                         for c in range(picture.shape[2])) for f in range(kernel.shape[3])])
    return np.moveaxis(maps, 0, -1)


CHANNELS_WRONG = [
    (at_places(lambda patch, one: np.sum(patch * one[:, :, 0])), "columns are laid along the colours"),
    (at_places(lambda patch, one: np.sum(patch * one.sum(axis=2))), "columns are laid along the colours"),
    (all_kernels_at_once, "columns are laid along the colours"),
    (at_places(lambda patch, one: np.sum(patch * one[:, :, :1])), "weights of the first"),
    (at_places(lambda patch, one: np.sum(patch[..., 0] * one[..., 0])), "Only the first channel"),
    (channels_side_by_side, "channels stand side by side"),
    (lambda picture, kernel: channels(picture, kernel).sum(axis=2), "All kernels ended up in one map"),
    (lambda picture, kernel: channels(picture, kernel).squeeze(2) if kernel.shape[3] == 1 else
        channels(picture, kernel), "With one kernel the last axis got lost"),
    (one_map_a_channel, "one map for each channel that goes in"),
    (lambda picture, kernel: np.moveaxis(channels(picture, kernel), -1, 0), "channels stand in the first axis"),
    (lambda picture, kernel: channels(picture, kernel[::-1, ::-1]), "kernels are flipped"),
    (lambda picture, kernel: channels(picture, kernel[::-1, ::-1, ::-1]), "channels are turned round too"),
    (lambda picture, kernel: channels(picture, kernel.swapaxes(2, 3)), "Channels in and kernels are swapped"),
    (lambda picture, kernel: channels(picture, kernel) / picture.shape[2], "channels are averaged"),
    (grey_first, "averaged to grey first"),
    (at_places(lambda patch, one: np.sum(patch * one), dtype="own"), "keeps the picture's number type"),
    (at_places(lambda patch, one: np.sum(patch * one)), "NumPy repeats a single channel"),
    (lambda picture, kernel: native_loops(picture, kernel), "products are made in uint8"),
    (lambda picture, kernel: np.repeat(channels(picture, kernel).sum(axis=2, keepdims=True), kernel.shape[3], axis=2),
        "All maps are alike"),
    (lambda picture, kernel: by_planes(picture, kernel) if picture.shape[2] == kernel.shape[3] else [][1],
        "IndexError"),
    (lambda picture, kernel: refuses_by_the_maps(picture, kernel), "Your comparison refuses what fits"),
    (lambda picture, kernel: channels(picture, kernel).squeeze(), "An axis of length 1 is missing"),
    (lambda picture, kernel: print(end=""), "`return` missing"),
]


def refuses_by_the_maps(picture, kernel):
    if picture.shape[2] != kernel.shape[3]:
        raise ValueError("channels")
    return by_planes(picture, kernel)


def fast(picture, kernel, stride=1):
    return lines(picture.astype(float), kernel, stride)


def lines(picture, kernel, stride=1, order=(0, 1, 3, 4, 2)):
    kh, kw, _, d = kernel.shape
    view = sliding_window_view(picture, (kh, kw), axis=(0, 1))[::stride, ::stride].transpose(order)
    rows, columns = view.shape[:2]
    return (view.reshape(rows * columns, -1) @ kernel.reshape(-1, d)).reshape(rows, columns, d)


def mixed_matrix(picture, kernel, stride=1):
    view = sliding_window_view(picture.astype(float), kernel.shape[:2], axis=(0, 1))[::stride, ::stride]
    flat = np.moveaxis(view, 2, -1).reshape(*view.shape[:2], -1)
    return flat @ kernel.reshape(kernel.shape[3], -1).T


def one_short(picture, kernel, stride=1):
    rows, columns = ((n - k) // stride for n, k in zip(picture.shape[:2], kernel.shape[:2], strict=True))
    return fast(picture, kernel, stride)[:rows, :columns]


def counted(count):
    def wrong(picture, kernel, stride=1):
        kh, kw, c, d = kernel.shape
        view = sliding_window_view(picture.astype(float), (kh, kw), axis=(0, 1))[::stride, ::stride]
        rows, columns = count(len(picture), kh, stride), count(picture.shape[1], kw, stride)
        view = view.transpose(0, 1, 3, 4, 2).reshape(rows * columns, kh * kw * c)
        return (view @ kernel.reshape(-1, d)).reshape(rows, columns, d)
    return wrong


def unfolded(picture, kernel, stride=1):
    return fast(picture, kernel, stride).reshape(-1, kernel.shape[3])


def with_course(picture, kernel, stride=1):
    return conv2d(picture[None], kernel, strides=stride)[0]


def with_loops(picture, kernel, stride=1):
    return channels(picture, kernel)[::stride, ::stride]


def native_loops(picture, kernel, stride=1):
    (kh, kw, _, d), (h, w, _) = kernel.shape, picture.shape
    return np.array([[[np.sum(picture[i:i + kh, j:j + kw] * kernel[..., f]) for f in range(d)]
                      for j in range(0, w - kw + 1, stride)] for i in range(0, h - kh + 1, stride)], dtype=float)


FAST_WRONG = [
    (lambda picture, kernel, stride=1: lines(picture.astype(float), kernel, stride, (0, 1, 2, 3, 4)),
        "unrolled in different orders"),
    (mixed_matrix, "reshape(d, -1).T is not"),
    (lambda picture, kernel, stride=1: fast(picture, kernel), "The stride is not used"),
    (lambda picture, kernel, stride=1: fast(picture, kernel)[::stride], "Rows are skipped, columns are not"),
    (lambda picture, kernel, stride=1: fast(picture, kernel)[:, ::stride], "Columns are skipped, rows are not"),
    (lambda picture, kernel, stride=1: fast(picture[::stride, ::stride], kernel), "thinned out before"),
    (one_short, "Off by one"),
    (unfolded, "not folded back"),
    (lambda picture, kernel, stride=1: fast(picture, kernel, stride).ravel(), "not folded back"),
    (lambda picture, kernel, stride=1: fast(picture, kernel[::-1, ::-1], stride), "kernels are flipped"),
    (lambda picture, kernel, stride=1: fast(picture, kernel.swapaxes(2, 3), stride), "kernels are swapped"),
    (lines, "products are made in uint8"),
    (native_loops, "products are made in uint8"),
    (lambda picture, kernel, stride=1: fast(picture, kernel).reshape(7, 7, -1), "cannot reshape array"),
    (counted(lambda n, k, stride: n - k + 1), "not as many numbers as your `reshape` counts on"),
    (counted(lambda n, k, stride: n // stride), "not as many numbers as your `reshape` counts on"),
    (lambda picture, kernel, stride=1: fast(picture, kernel, min(stride, len(kernel))), "The shape is"),
    (lambda picture, kernel, stride=1: fast(picture.astype(int), kernel, stride), "differ"),
    (lambda picture, kernel, stride=1: print(end=""), "`return` missing"),
]

OTHER_WAYS = [("4.4", by_planes), ("4.5", with_course), ("4.5", with_loops)]


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    if answer is by_planes:  # it leaves channels out where the numbers differ, so it must look first
        assert_status(number, answer, "not yet", "leaves some out")
        assert_status(number, lambda picture, kernel: channels(picture, kernel) if picture.shape[2] != kernel.shape[2]
                      else by_planes(picture, kernel), "right")
    else:
        assert_status(number, answer, "right")


def test_the_silent_mistake_needs_no_error_to_be_found():
    result = check("4.4", at_places(lambda patch, one: np.sum(patch * one[:, :, 0])))
    assert result.error is None and "3 channels in, 2 maps out" in repr(result)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in (("4.4", CHANNELS_WRONG), ("4.5", FAST_WRONG)):
        assert_reasons_differ(number, wrong)
