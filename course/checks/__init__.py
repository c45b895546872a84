"""Exercise checkers: `check("4.2", answer)` says not attempted, not yet (and why), or right."""

from course.checks.core import check

__all__ = ["check"]
