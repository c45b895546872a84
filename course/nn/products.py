"""Two ways to turn convolution plus 2 x 2 pooling windows into matrix products over a strip of a picture.

Output pixels are computed in squares of 2 x 2, the pooling windows, as four maps, one for each place in a square: the
pool then compares whole maps. A square depends on a patch of (kh + 1) x (kw + 1) input pixels. Both classes have

    nbytes                 the memory it works in
    wide                   columns of the maps; those from w on hold nothing, and get no gradient
    left, right            the four maps, (2, h, wide, filters) each: those of the left column of each square, upper
                           row first, and of the right; later the gradients by them
    prepare(kernel)        the matrices (k, patch, filters) that patches are multiplied by
    gather(x)              read the patches of x (2h + kh - 1, 2w + kw - 1, c)
    multiply(matrices)     left, right <- the patches times the matrices
    backward()             with the gradients in left and right: add the one by the matrices to `sum`
    scatter(turned, dx)    after backward: add the gradient by the patches to dx; `turned` are the matrices transposed

What takes time beside the products is moving numbers. So arrays lie in memory as they are worked through, in long runs,
and begin where a cache line does (half of NumPy's additions would otherwise touch two lines).
"""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

CACHE_LINE = 64  # bytes


def room(shape, dtype):
    """Return an array of zeros that begins at a cache line."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start:start + size].view(dtype).reshape(shape)


class Patches:
    """Each patch is a row, unrolled; the kernel stands in four matrices, once at each of its four places in a patch."""

    def __init__(self, h, w, kernel_shape, dtype):
        kh, kw, c, f = kernel_shape
        self.h, self.w, self.wide = h, w, w
        self.patches = room((h, w, kh + 1, kw + 1, c), dtype)
        self.rows = self.patches.reshape(h * w, -1)
        self.maps = room((4, h * w, f), dtype)
        self.left, self.right = self.maps.reshape(2, 2, h, w, f).swapaxes(0, 1)
        self.nbytes = self.patches.nbytes + self.maps.nbytes
        self.sum, self.product = np.zeros((2, 4, self.rows.shape[1], f), dtype)

    @staticmethod
    def prepare(kernel):
        """Return the four matrices (4, (kh + 1)(kw + 1) c, f) of a kernel (kh, kw, c, f)."""
        kh, kw, c, f = kernel.shape
        out = np.zeros((2, 2, kh + 1, kw + 1, c, f), kernel.dtype)
        for row, column in np.ndindex(2, 2):
            out[row, column, row:row + kh, column:column + kw] = kernel
        return out.reshape(4, -1, f)

    @staticmethod
    def gradient(d_matrices, kernel_shape):
        """Return the gradient by the kernel, given the one by its four matrices."""
        kh, kw, c, f = kernel_shape
        d = d_matrices.reshape(2, 2, kh + 1, kw + 1, c, f)
        return sum(d[row, column, row:row + kh, column:column + kw] for row, column in np.ndindex(2, 2))

    def gather(self, x):
        view = sliding_window_view(x, self.patches.shape[2:4], axis=(0, 1))[::2, ::2]
        np.copyto(self.patches, np.moveaxis(view, 2, -1))

    def multiply(self, matrices):
        np.matmul(self.rows, matrices, out=self.maps)

    def backward(self):
        self.sum += np.matmul(self.rows.T, self.maps, out=self.product)

    def scatter(self, turned, dx):
        d_patches = sum(self.maps[i] @ turned[i] for i in range(4)).reshape(self.patches.shape)
        for row, column in np.ndindex(self.patches.shape[2:4]):
            dx[row:row + 2 * self.h - 1:2, column:column + 2 * self.w - 1:2] += d_patches[:, :, row, column]


class Winograd:
    """A 3 x 3 kernel with 16 instead of 36 multiplications a square, F(2 x 2, 3 x 3).

    In one dimension, two outputs of a kernel g over four pixels d need four products instead of six:
        m0 = (d0 - d2) g0                          out0 = m0 + m1 + m2
        m1 = (d1 + d2) (g0 + g1 + g2) / 2          out1 = m3 + m1 - m2
        m2 = (d2 - d1) (g0 - g1 + g2) / 2
        m3 = (d3 - d1) g2
    In two, along rows and then along columns (Lavin and Gray, CVPR 2016, arXiv:1509.09308). Every step is linear, so
    the gradients go through the same steps, transposed. Each of the 16 products is a matrix product over channels.

    The four pixels stand at even and odd places, each second one further: so x is parted into even and odd rows and
    columns, and "the next one" is the next in a flat array. (At the end of a row that is the beginning of the next:
    the maps are one column wider than asked, and nobody reads it.)
    """

    KERNEL = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])

    def __init__(self, h, w, kernel_shape, dtype):
        _, _, c, f = kernel_shape
        self.h, self.wide = h, w + 1
        places = h * self.wide
        quarters = room((2, 2, h + 1, self.wide, c), dtype)  # columns even | odd, rows even | odd
        halfway = room((4, 2, places + 1, c), dtype)  # combined along rows; columns even | odd
        patches, products = room((4, 4, places, c), dtype), room((4, 4, places, f), dtype)
        maps = products[::3, ::3].reshape(2, 2, h, self.wide, f)  # where out0 and out1 are left, in both directions
        self.left, self.right = maps.swapaxes(0, 1)
        self.nbytes = sum(array.nbytes for array in (quarters, halfway, patches, products))
        self.quarters = quarters
        self.edges = [half for array in (quarters, halfway) for half in (array[:, 0, -1], array[:, 1, 0])]
        self.rows, self.columns = _four(quarters[:, 0], quarters[:, 1]), _four(halfway[:, 0], halfway[:, 1])
        self.halfway = list(halfway[:, :, :-1].reshape(4, 2, h, self.wide, c))
        self.patches, self.patch_matrices = list(patches.swapaxes(0, 1)), patches.reshape(16, places, c)
        self.products, self.product_matrices = list(products), products.reshape(16, places, f)
        self.outer_products = list(products[::3].swapaxes(0, 1))
        self.sum, self.product = room((2, 16, c, f), dtype)

    @classmethod
    def prepare(cls, kernel):
        """Return the 16 matrices (16, c, f) of a kernel (3, 3, c, f)."""
        g = cls.KERNEL.astype(kernel.dtype)
        return np.einsum("au,bv,uvcf->abcf", g, g, kernel, optimize=True).reshape(16, *kernel.shape[2:])

    @classmethod
    def gradient(cls, d_matrices, kernel_shape):
        """Return the gradient by the kernel, given the one by its 16 matrices."""
        g = cls.KERNEL.astype(d_matrices.dtype)
        d = d_matrices.reshape(4, 4, *kernel_shape[2:])
        return np.einsum("au,bv,abcf->uvcf", g, g, d, optimize=True)

    def gather(self, x):
        np.copyto(self.quarters, self._in_quarters(x))
        _combine_pixels(self.rows, self.halfway)
        _combine_pixels(self.columns, self.patches)

    def multiply(self, matrices):
        np.matmul(self.patch_matrices, matrices, out=self.product_matrices)
        _combine_products(self.products)
        _combine_products(self.outer_products)

    def backward(self):
        _spread_products(self.outer_products)
        _spread_products(self.products)
        self.sum += np.matmul(self.patch_matrices.swapaxes(1, 2), self.product_matrices, out=self.product)

    def scatter(self, turned, dx):
        np.matmul(self.product_matrices, turned, out=self.patch_matrices)
        for edge in self.edges:  # where neither d0 nor d3 comes
            edge.fill(0)
        _spread_pixels(self.patches, self.columns)
        _spread_pixels(self.halfway, self.rows)
        quarters = self._in_quarters(dx)
        quarters += self.quarters

    def _in_quarters(self, x):
        """A view of x in the order of `quarters`."""
        return x.reshape(self.h + 1, 2, self.wide, 2, -1).transpose(3, 1, 0, 2, 4)


def _four(even, odd):
    """The four pixels of every patch in one direction, d0 to d3: two at even places and odd ones, twice."""
    return even[:, :-1], odd[:, :-1], even[:, 1:], odd[:, 1:]


def _combine_pixels(d, m):
    (d0, d1, d2, d3), (m0, m1, m2, m3) = d, m
    np.subtract(d0, d2, out=m0)
    np.add(d1, d2, out=m1)
    np.subtract(d2, d1, out=m2)
    np.subtract(d3, d1, out=m3)


def _spread_pixels(m, d):
    """The transpose of `_combine_pixels`; uses up m. d2 overlaps d0, and d1 overlaps d3: there it adds."""
    (d0, d1, d2, d3), (m0, m1, m2, m3) = d, m
    np.copyto(d0, m0)
    np.copyto(d3, m3)
    d1 += m1
    d1 -= m2
    d1 -= m3
    m1 += m2
    m1 -= m0
    d2 += m1


def _combine_products(m):
    """Leave out0 in m0 and out1 in m3."""
    m0, m1, m2, m3 = m
    m0 += m1
    m0 += m2
    m3 += m1
    m3 -= m2


def _spread_products(m):
    """The transpose of `_combine_products`."""
    m0, m1, m2, m3 = m
    np.add(m0, m3, out=m1)
    np.subtract(m0, m3, out=m2)
