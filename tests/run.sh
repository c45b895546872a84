#!/bin/sh
# All tests. First those that need no browser, and every notebook run afresh and compared with its stored outputs, on two
# processes; then the browser tests, alone, since they measure how quickly a picture follows a key. Browser tests are
# skipped by name unless COURSE_BROWSER=1 is set.
set -u
cd "$(dirname "$0")/.."
reports=.pytest_cache/reports
rm -rf "$reports"
mkdir -p "$reports"
rm -rf runs/lesson_14 # lesson 14's live training runs once, whichever edition comes first; the other takes it up

export COURSE_PATIENCE=0 # on a busy machine a checker would say that it is waiting, and outputs would differ
.venv/bin/python -c "from course.lab import draw_pictures; draw_pictures()" # once, not once a process
folders=
for folder in tests notebooks solutions; do
    [ -d "$folder" ] && folders="$folders $folder"
done
sanitize=
[ -f tests/lessons/sanitize.cfg ] && sanitize="--nbval-sanitize-with tests/lessons/sanitize.cfg"
pytest=".venv/bin/python -m pytest -q --no-header -p no:cacheprovider"
# One thread for NumPy's matrix products in each process: with two of them, more would only get in each other's way.
# shellcheck disable=SC2086  # the lists are meant to be split
OPENBLAS_NUM_THREADS=1 $pytest --ignore=tests/browser -n 2 --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout 900 \
    $sanitize --junitxml="$reports/all.xml" $folders
first=$?
second=0
if [ -n "$(find tests/browser -name 'test_*.py' 2>/dev/null)" ]; then
    $pytest --junitxml="$reports/browser.xml" tests/browser
    second=$?
fi

.venv/bin/python tests/count.py "$reports" && [ "$first" -eq 0 ] && [ "$second" -eq 0 ]
