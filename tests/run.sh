#!/bin/sh
# All tests. First those that need no browser, and every notebook run afresh and compared with its stored outputs, on two
# processes (of the learner's edition the open exercises: the other cells are those of the solved one, see
# tests/lessons/open_exercises.py); then the browser tests, alone, since they measure how quickly a picture follows a key.
# Browser tests are skipped by name unless COURSE_BROWSER=1 is set.
set -u
cd "$(dirname "$0")/.."
reports=.pytest_cache/reports
rm -rf "$reports"
mkdir -p "$reports"
rm -rf runs/lesson_14 # lesson 14's live training begins afresh

export COURSE_PATIENCE=0 # on a busy machine a checker would say that it is waiting, and outputs would differ
.venv/bin/python -c "from course.lab import draw_pictures; draw_pictures()" # once, not once a process
rm -rf .pytest_cache/open
.venv/bin/python tests/lessons/open_exercises.py .pytest_cache/open
pytest=".venv/bin/python -m pytest -q --no-header -p no:cacheprovider"
# One thread for NumPy's matrix products in each process: with two of them, more would only get in each other's way.
# In the order given: the notebooks take longest, so they go first, and the many short files fill both processes to the end.
OPENBLAS_NUM_THREADS=1 $pytest --ignore=tests/browser -n 2 --dist loadfile --no-loadscope-reorder \
    --nbval --nbval-current-env --nbval-cell-timeout 900 --junitxml="$reports/all.xml" solutions .pytest_cache/open tests
first=$?
second=0
if [ -n "$(find tests/browser -name 'test_*.py' 2>/dev/null)" ]; then
    $pytest --junitxml="$reports/browser.xml" tests/browser
    second=$?
fi

.venv/bin/python tests/count.py "$reports" && [ "$first" -eq 0 ] && [ "$second" -eq 0 ]
