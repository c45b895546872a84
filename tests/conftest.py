"""Browser tests take minutes: they run only where COURSE_BROWSER=1 asks for them, and are skipped by name elsewhere."""

import os

import pytest


def pytest_collection_modifyitems(items):
    if os.environ.get("COURSE_BROWSER") in ("1", "all"):
        return
    skip = pytest.mark.skip(reason="browser: set COURSE_BROWSER=1 to drive JupyterLab in a real browser")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)
