#!/bin/sh
# Set-up, called by make when requirements.lock or pyproject.toml is newer than the stamp .venv/.installed:
# makes .venv with the first Python that fits, installs the hashed lock, then this package.
set -eu
cd "$(dirname "$0")"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
stamp=.venv/.installed
fits='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
have_uv() { command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; }

# a name on the PATH may be a shim that does not run: only running it tells
find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
        if [ -n "$candidate" ] && "$candidate" -c "$fits" >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

rm -f "$stamp"
if ! .venv/bin/python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; then
    if python=$(find_python); then
        echo "Making .venv with $("$python" --version) ..."
        "$python" -m venv --clear .venv
    elif have_uv; then
        uv venv --python '>=3.11,<3.14' .venv
    else
        echo "No Python 3.11, 3.12 or 3.13 with venv was found. Install one (on Debian or Ubuntu also python3-venv)," >&2
        echo "or name it: make lab PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
fi

quiet=--quiet
[ -t 1 ] && quiet= # someone is watching: show what is being fetched
echo "Installing the course's packages: some minutes and 2 GB, once ..."
if have_uv; then
    uv pip install $quiet --python .venv/bin/python --require-hashes -r requirements.lock
    uv pip install $quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
else
    .venv/bin/python -m pip install $quiet --require-hashes -r requirements.lock
    .venv/bin/python -m pip install $quiet --no-deps --no-build-isolation -e .
fi
touch "$stamp"
echo "Set-up is complete."
