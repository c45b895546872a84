"""Convolution, 2 x 2 max pooling and ReLU as one block, for speed; equal to the three plain layers, gradients too.

What is gained, and how: (1) pooling comes before bias and ReLU, which then touch a quarter of the numbers: adding the
same number to all and cutting at zero do not change which of four is largest. (2) A picture is worked on in strips so
small that they stay in the processor's cache; the map before pooling, the largest array of all, is never stored.
(3) 3 x 3 kernels over many channels take Winograd's 16 multiplications instead of 36. (4) One picture goes
through all blocks at a time, and the pictures of a batch are shared out among threads.
"""

import numpy as np

from course.nn import threads
from course.nn.activations import ReLU
from course.nn.layer import Layer
from course.nn.layers import Conv2D, MaxPooling2D
from course.nn.products import Patches, Winograd, room

STRIP = 1 << 21  # bytes of working memory that a strip should not exceed, about a core's own cache
MANY_CHANNELS = 8  # from here on, Winograd's additions cost less than the multiplications they save


class Block:
    """One block for one thread: working memory, what `backward` needs of each picture, and gradient sums."""

    def __init__(self, conv, input_shape, pictures):
        height, width, _ = input_shape
        (kh, kw), dtype = conv.kernel_size, conv.kernel.dtype
        h, w = (height - kh + 1) // 2, (width - kw + 1) // 2
        self.conv, self.kind = conv, method(conv)
        one, two = (self.kind(lines, w, conv.kernel.shape, dtype) for lines in (1, 2))
        count = min(h, -(-h * (two.nbytes - one.nbytes) // STRIP))
        rows = -(-h // count)
        heights = [min(rows, h - top) for top in range(0, h, rows)]
        workplaces = {height: self.kind(height, w, conv.kernel.shape, dtype) for height in set(heights)}
        self.workplaces = list(workplaces.values())
        self.strips = [(slice(top, top + height), slice(2 * top, 2 * (top + height) + kh - 1), workplaces[height])
                       for top, height in zip(range(0, h, rows), heights, strict=True)]
        self.columns = slice(0, 2 * w + kw - 1)  # an odd last row or column reaches no window
        self.w, wide = w, one.wide
        self.out = room((pictures, h, w, conv.filters), dtype)
        self.right = np.empty((pictures, 2, h, wide, conv.filters), bool)  # the right one of two columns won
        self.lower = np.empty(self.out.shape, bool)  # the lower one of two rows won
        self.half, self.d_half = room((2, 2, rows, wide, conv.filters), dtype)
        self.d_out, self.d_input = room((h, w, conv.filters), dtype), room(input_shape, dtype)
        self.ones = np.ones(h * w, dtype)

    def start(self, matrices):
        """Begin a pass over pictures with the prepared kernel."""
        self.matrices, self.d_bias = matrices, 0
        for place in self.workplaces:
            place.sum.fill(0)

    def forward(self, x, n):
        """Return relu(pool(conv(x))) of picture `x` (height, width, channels), remembered as number `n`."""
        for strip, rows, place in self.strips:
            place.gather(x[rows, self.columns])
            place.multiply(self.matrices)
            half = self.half[:, :place.h]
            np.greater(place.right, place.left, out=self.right[n, :, strip])
            np.maximum(place.right, place.left, out=half)
            upper, lower = half[:, :, :self.w]
            np.greater(lower, upper, out=self.lower[n, strip])
            np.maximum(lower, upper, out=self.out[n, strip])
        out = self.out[n]
        if self.conv.use_bias:
            out += self.conv.bias
        return np.maximum(out, 0, out=out)

    def backward(self, grad, x, n, turned):
        """Return the gradient by picture `x`, number `n`, given the one by its output; adds to the weights' sums.

        `turned` is the transposed, prepared kernel, or None where the gradient by the picture is not wanted.
        """
        grad = np.multiply(grad, self.out[n] > 0, out=self.d_out)
        self.d_bias = self.d_bias + self.ones @ grad.reshape(len(self.ones), -1)
        if turned is not None:
            self.d_input.fill(0)
        for strip, rows, place in self.strips:
            half = self.d_half[:, :place.h]
            upper, lower = half[:, :, :self.w]
            np.multiply(grad[strip], self.lower[n, strip], out=lower)  # to the winning row ...
            np.subtract(grad[strip], lower, out=upper)
            np.multiply(half, self.right[n, :, strip], out=place.right)  # ... and in it to the winning column
            np.subtract(half, place.right, out=place.left)
            place.gather(x[rows, self.columns])  # again: quicker than keeping all patches
            place.backward()
            if turned is not None:
                place.scatter(turned, self.d_input[rows, self.columns])
        return self.d_input

    def kernel_gradient(self):
        """Return the sum of the kernel's gradients since `start`."""
        return self.kind.gradient(sum(place.sum for place in self.workplaces), self.conv.kernel.shape)


class Fused(Layer):
    """A row of blocks in place of plain layers: `convs` are the Conv2D layers, whose weights and gradients it uses."""

    def __init__(self, convs, workers=None):
        super().__init__()
        self.convs, self.workers = convs, workers or threads.available()
        self.room, self.shape, self.teams = 0, None, []  # pictures a thread has room for, their shape, its blocks

    def forward(self, x, training=False):
        """Return what the plain layers would: (n, h, w, c) -> (n, rows, columns, filters)."""
        self.x = self.convs[0].ready(x)
        shares = self._shares(len(x))
        matrices = [method(conv).prepare(conv.kernel) for conv in self.convs]
        self.out = np.empty((len(x), *shares[0][1][-1].out.shape[1:]), self.x.dtype)

        def work(share):
            places, blocks = share
            for block, prepared in zip(blocks, matrices, strict=True):
                block.start(prepared)
            for n, place in enumerate(places):
                out = self.x[place]
                for block in blocks:
                    out = block.forward(out, n)
                self.out[place] = out

        threads.run(work, shares, self.workers)
        return self.out

    def backward(self, grad, input_gradient=True):
        """Pass the gradient back through the pictures of the last `forward`."""
        shares = self._shares(len(grad))
        d_x = np.empty_like(self.x) if input_gradient else None
        turned = [np.ascontiguousarray(block.matrices.swapaxes(1, 2)) for block in shares[0][1]]
        if not input_gradient:
            turned[0] = None

        def work(share):
            places, blocks = share
            for n, place in enumerate(places):
                g = grad[place]
                for depth in reversed(range(len(blocks))):
                    x = blocks[depth - 1].out[n] if depth else self.x[place]
                    g = blocks[depth].backward(g, x, n, turned[depth])
                if input_gradient:
                    d_x[place] = g

        threads.run(work, shares, self.workers)
        for depth, conv in enumerate(self.convs):
            team = [blocks[depth] for _, blocks in shares]
            grads = [sum(block.kernel_gradient() for block in team), sum(block.d_bias for block in team)]
            conv.grads = grads[:len(conv.params)]
        return d_x

    def _shares(self, n):
        """Return [(the pictures' places, the blocks for them)], one a thread; blocks are kept for the next batch."""
        places = threads.shares(n, self.workers)
        most, shape = max(map(len, places)), self.x.shape[1:]
        if self.room < most or self.shape != shape:
            self.room, self.shape, self.teams = most, shape, [self._blocks(most) for _ in range(self.workers)]
        return list(zip(places, self.teams, strict=False))

    def _blocks(self, pictures):
        blocks, shape = [], self.x.shape[1:]
        for conv in self.convs:
            blocks.append(Block(conv, shape, pictures))
            shape = blocks[-1].out.shape[1:]
        return blocks


def method(conv):
    """Which of the two products suits a convolution."""
    return Winograd if conv.kernel_size == (3, 3) and conv.kernel.shape[2] >= MANY_CHANNELS else Patches


def fuse(layers, workers=None):
    """Return the steps to run: rows of conv, pool and ReLU at the beginning as one `Fused`, all else as it is."""
    convs, rest = [], list(layers)
    while (length := _block_length(rest)) > 0:
        convs.append(rest[0])
        rest = rest[length:]
    return [Fused(convs, workers), *rest] if convs else rest


def _block_length(layers):
    """How many layers at the beginning make a block: conv with ReLU inside or after it, and 2 x 2 pooling; or 0."""
    if len(layers) < 2 or not (isinstance(layers[0], Conv2D) and _plain(layers[0], (1, 1))):
        return 0
    inside, after = layers[0].activation == "relu", layers[1:3]
    if inside and _is_pool(after[0]):
        return 2
    kinds = [isinstance(layer, ReLU) for layer in after]
    others = [layer for layer, is_relu in zip(after, kinds, strict=True) if not is_relu]
    linear = layers[0].activation in (None, "linear")
    return 3 if linear and sum(kinds) == 1 and len(others) == 1 and _is_pool(others[0]) else 0


def _is_pool(layer):
    return isinstance(layer, MaxPooling2D) and layer.pool_size == (2, 2) and _plain(layer, (2, 2))


def _plain(layer, strides):
    return layer.strides == strides and layer.padding == "valid"
