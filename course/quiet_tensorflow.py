"""The one import of TensorFlow: `from course.quiet_tensorflow import tf, keras`.

TensorFlow's C++ side writes a dozen lines to file descriptor 2 when it is loaded and when it first computes. They say
nothing a learner needs, and they differ from machine to machine. The descriptor is pointed at the null device for that
moment only; later warnings and errors show as always. No GPU is looked for. Settings the reader has made stay.
"""

import contextlib
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


@contextlib.contextmanager
def _silence():
    sys.stderr.flush()
    saved, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)


with _silence():
    import keras
    import tensorflow as tf

    _ = tf.constant(0.0) + 1  # the first operation announces the processor's instruction set

__all__ = ["keras", "tf"]
