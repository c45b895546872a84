"""Runs too long for a notebook: repeated with `course reproduce NN`, stored in results/, read by the lessons."""

from course.reproduce.store import result

__all__ = ["result"]
