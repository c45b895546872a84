"""A neural network in NumPy: what lessons 04 to 08 derive, as a library small enough to read in an evening.

Names, arguments and array layouts are Keras's (pictures NHWC, kernels (kh, kw, in, out)), so weights copy across.
"""

from course.nn.activations import ReLU, Sigmoid, Softmax, relu, sigmoid, softmax
from course.nn.conv import conv2d, conv2d_gradients
from course.nn.layers import AveragePooling2D, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from course.nn.losses import BinaryCrossentropy, CategoricalCrossentropy
from course.nn.network import Sequential
from course.nn.optimizers import SGD, Adam
from course.nn.penalties import L1, L2
from course.nn.pool import avg_pool2d, avg_pool2d_gradient, max_pool2d, max_pool2d_gradient
from course.nn.residual import Residual

__all__ = [
    "L1", "L2", "SGD", "Adam", "AveragePooling2D", "BinaryCrossentropy", "CategoricalCrossentropy", "Conv2D", "Dense",
    "Dropout", "Flatten", "MaxPooling2D", "ReLU", "Residual", "Sequential", "Sigmoid", "Softmax", "avg_pool2d",
    "avg_pool2d_gradient", "conv2d", "conv2d_gradients", "max_pool2d", "max_pool2d_gradient", "relu", "sigmoid",
    "softmax",
]
