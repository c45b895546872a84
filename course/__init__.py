"""Helper package of the course "Image Recognition for Medical Diagnosis: from NumPy to Keras".

Importing it is cheap: TensorFlow, Matplotlib and scikit-learn's data are loaded only by the functions that need them.
"""

from course import home

__version__ = "0.1.0"


class CourseError(Exception):
    """A problem the reader can solve. The message names the file, what is wrong with it and what to do."""


home.prepare()
