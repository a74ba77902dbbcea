#!/bin/sh
# Makes .venv and installs a lock into it, once for each state of the lock.
#   venv.sh requirements.lock
set -eu
lock=$1
stamp=.venv/.installed-$(basename "$lock")

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

if [ ! -x .venv/bin/python ] || ! fits .venv/bin/python; then
    python=
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if fits "$candidate"; then python=$candidate; break; fi
    done
    if [ -z "$python" ]; then
        echo "Python 3.11, 3.12 or 3.13 is needed; name one with PYTHON=/path/to/python" >&2
        exit 1
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || "$(dirname "$0")/packages.sh" venv
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi
if [ ! -e "$stamp" ] || ! cmp -s "$lock" "$stamp"; then
    echo "Installing $lock into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --no-build-isolation --no-deps --editable .
    cp "$lock" "$stamp"
fi
