"""Two ways to turn convolution plus 2 x 2 pooling windows into matrix products over a strip of a picture.

Output pixels are computed in squares of 2 x 2, the pooling windows, as four maps z[row][column] of (h, w, filters): the
pool then compares whole maps. A square depends on a patch of (kh + 1) x (kw + 1) input pixels. Both classes have

    prepare(kernel)        the matrices (k, patch, filters) that patches are multiplied by
    gather(x)              read the patches of x (2h + kh - 1, 2w + kw - 1, c)
    multiply(matrices)     z <- the patches times the matrices
    backward()             with the gradient by the four maps in z: add the one by the matrices to `sum`
    scatter(turned, dx)    after backward: add the gradient by the patches to dx; `turned` are the matrices transposed
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Patches:
    """Each patch is a row, unrolled; the kernel stands in four matrices, once at each of its four places in a patch."""

    def __init__(self, h, w, kernel_shape, dtype):
        kh, kw, c, f = kernel_shape
        self.h, self.w = h, w
        self.patches = np.empty((h, w, kh + 1, kw + 1, c), dtype)
        self.rows = self.patches.reshape(h * w, -1)
        self.z = np.empty((2, 2, h, w, f), dtype)
        self.maps = self.z.reshape(4, h * w, f)
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
        m1 = (d1 + d2) (g0 + g1 + g2) / 2          out1 = m1 - m2 - m3
        m2 = (d2 - d1) (g0 - g1 + g2) / 2
        m3 = (d1 - d3) g2
    In two, along rows and then along columns (Lavin and Gray, CVPR 2016, arXiv:1509.09308). Every step is linear, so
    the gradients go through the same steps, transposed. Each of the 16 products is a matrix product over channels.
    """

    KERNEL = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])

    def __init__(self, h, w, kernel_shape, dtype):
        _, _, c, f = kernel_shape
        self.h, self.w = h, w
        self.halfway_in = np.empty((4, 2, h, w + 1, c), dtype)  # combined along rows; columns even | odd
        self.patches = np.empty((4, 4, h, w, c), dtype)
        self.products = np.empty((4, 4, h, w, f), dtype)
        self.halfway_out = np.empty((2, 4, h, w, f), dtype)
        self.z = np.empty((2, 2, h, w, f), dtype)
        self.patch_matrices = self.patches.reshape(16, h * w, c)
        self.product_matrices = self.products.reshape(16, h * w, f)
        self.sum, self.product = np.zeros((2, 16, c, f), dtype)

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
        _combine_pixels(self._four_rows(x), self.halfway_in.transpose(0, 2, 3, 1, 4))
        _combine_pixels(self._four_columns(), self.patches.swapaxes(0, 1))

    def multiply(self, matrices):
        np.matmul(self.patch_matrices, matrices, out=self.product_matrices)
        _combine_products(self.products, self.halfway_out)
        _combine_products(self.halfway_out.swapaxes(0, 1), self.z.swapaxes(0, 1))

    def backward(self):
        _spread_products(self.z.swapaxes(0, 1), self.halfway_out.swapaxes(0, 1))
        _spread_products(self.halfway_out, self.products)
        self.sum += np.matmul(self.patch_matrices.swapaxes(1, 2), self.product_matrices, out=self.product)

    def scatter(self, turned, dx):
        np.matmul(self.product_matrices, turned, out=self.patch_matrices)
        self.halfway_in.fill(0)
        _spread_pixels(self.patches.swapaxes(0, 1), self._four_columns())
        _spread_pixels(self.halfway_in.transpose(0, 2, 3, 1, 4), self._four_rows(dx))

    def _four_rows(self, x):
        """The four rows of every patch: views (h, w + 1, 2, c) of x, columns in pairs."""
        pairs = x.reshape(self.h + 1, 2, self.w + 1, 2, x.shape[2])
        return pairs[:-1, 0], pairs[:-1, 1], pairs[1:, 0], pairs[1:, 1]

    def _four_columns(self):
        """The four columns of every patch: views (4, h, w, c) of what `gather` has combined along rows."""
        even, odd = self.halfway_in[:, 0], self.halfway_in[:, 1]
        return even[:, :, :-1], odd[:, :, :-1], even[:, :, 1:], odd[:, :, 1:]


def _combine_pixels(d, out):
    np.subtract(d[0], d[2], out=out[0])
    np.add(d[1], d[2], out=out[1])
    np.subtract(d[2], d[1], out=out[2])
    np.subtract(d[1], d[3], out=out[3])


def _spread_pixels(out, d):
    """The transpose of `_combine_pixels`: adds to d; uses up out."""
    d[0][...] += out[0]
    d[3][...] -= out[3]
    out[0] -= out[1]
    out[0] -= out[2]
    d[2][...] -= out[0]
    out[1] -= out[2]
    out[1] += out[3]
    d[1][...] += out[1]


def _combine_products(m, out):
    np.add(m[0], m[1], out=out[0])
    out[0] += m[2]
    np.subtract(m[1], m[2], out=out[1])
    out[1] -= m[3]


def _spread_products(out, m):
    """The transpose of `_combine_products`."""
    np.copyto(m[0], out[0])
    np.add(out[0], out[1], out=m[1])
    np.subtract(out[0], out[1], out=m[2])
    np.negative(out[1], out=m[3])
