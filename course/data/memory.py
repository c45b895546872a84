"""Room for pictures: told before they are read, not by a crash in the middle."""

from course import CourseError


def require(needed, what, cure):
    """Raise CourseError if `what` needs more bytes than are free; `cure` is a sentence. Silent where nobody can say."""
    free = available()
    if free is not None and needed > free:
        raise CourseError(f"{what} need {needed / 1e9:,.1f} GB of memory, and {free / 1e9:,.1f} GB are free. {cure}")


def available():
    """Return how many bytes of memory are free, or None where nobody can say."""
    try:
        import psutil  # comes with ipykernel
    except ImportError:
        return None
    return psutil.virtual_memory().available
