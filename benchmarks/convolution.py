"""Convolution alone: the loop of lesson 04, course.nn, SciPy, Keras and PyTorch.

The measuring is in `course.timing.convolution`, where lesson 13 uses it too.
"""

from course.timing.convolution import main

if __name__ == "__main__":
    main()
