"""Check that this computer is ready for the course.

One line each: Python, packages against requirements.lock, TensorFlow, Jupyter, memory, disk, write permission, data.
"OK" is fine, "note" costs nothing now, "TO DO" blocks lessons and says what helps. Exit status 1 if anything blocks.
"""


def add_arguments(parser):
    """No options."""


def run(args):
    """Print the report; 0 when nothing blocks."""
    from course import doctor

    return 0 if doctor.report() else 1
