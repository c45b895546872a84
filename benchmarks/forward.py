"""Lesson 08's network, forward: Python loops, course.nn, and Keras in the four ways in which it can compute.

The measuring is in `course.timing.forward`, where lesson 13 uses it too.
"""

from course.timing.forward import main

if __name__ == "__main__":
    main()
