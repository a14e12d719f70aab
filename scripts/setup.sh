#!/usr/bin/env bash
# Sets up what is missing, and only that: system libraries, the virtual environment, the pinned dependencies.
#   scripts/setup.sh [test [postgres]]      with "test" also what the tests need, Chromium included
# VENV says where the virtual environment goes (.venv). Needs root or passwordless sudo only when a package is missing.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"  # ldconfig, for who is not root
cd "$(dirname "$0")/.."
VENV=${VENV:-.venv}
WITH=${1:-}
DATABASE=${2:-}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python3.14; do
        if "$candidate" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

has_library() { [ -n "$(ldconfig -p 2>/dev/null | grep -F "$1")" ]; }

# The same names, in the same order, as in tests/e2e/installation.py.
find_chromium() {
    local name
    for name in ${CHROMIUM:-} chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$name" && return
    done
    return 0
}

if [ -n "${PYTHON:-}" ] && ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "PYTHON=$PYTHON is geen Python 3.11 of nieuwer." >&2
    exit 1
fi

packages=()
has_library libpango-1.0.so.0 || packages+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || packages+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || packages+=(libharfbuzz-subset0)
if [ -z "$(find_python)" ]; then
    if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        packages+=(python3-venv)
    elif grep -qsE 'VERSION_ID="(22.04|12)"' /etc/os-release; then
        packages+=(python3.11 python3.11-venv)
    else
        packages+=(python3 python3-venv)
    fi
fi
if [ "$WITH" = test ] && [ -z "$(find_chromium)" ]; then
    if grep -qs '^ID=ubuntu' /etc/os-release; then  # there the package is an empty shell
        echo "De browsertests hebben Chromium of Google Chrome nodig. Installeer er een (sudo snap install chromium) en zet" >&2
        echo "zo nodig CHROMIUM=/pad/naar/de/browser." >&2
        exit 1
    fi
    packages+=(chromium-headless-shell)
fi
if [ "$DATABASE" = postgres ] && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    packages+=(postgresql)
fi

if [ ${#packages[@]} -gt 0 ]; then
    line="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
    if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo"; else
        echo "Er ontbreken systeempakketten. Vraag de beheerder van deze computer om eenmalig dit uit te voeren:" >&2
        echo "    sudo sh -c '$line'" >&2
        echo "Start daarna deze opdracht opnieuw." >&2
        exit 1
    fi
    echo "Systeempakketten installeren: ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq -o Acquire::Retries=3
    # Without windows Chromium takes half the time; an older release has it with windows only.
    if ! apt-cache show chromium-headless-shell >/dev/null 2>&1; then
        packages=("${packages[@]/chromium-headless-shell/chromium}")
    fi
    # The one that speeds up fonts is not in every release; without it the PDF is only a little larger.
    if [[ " ${packages[*]} " == *" libharfbuzz-subset0 "* ]] && ! apt-cache show libharfbuzz-subset0 >/dev/null 2>&1; then
        packages=("${packages[@]/libharfbuzz-subset0/}")
    fi
    # shellcheck disable=SC2086
    $as_root apt-get install -y -qq -o Acquire::Retries=3 --no-install-recommends ${packages[*]}
fi

python=$(find_python)
if [ -z "$python" ]; then
    echo "Python 3.11 of nieuwer met venv ontbreekt. Installeer het, bijvoorbeeld: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$VENV/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Virtuele omgeving maken met $("$python" --version)"
    "$python" -m venv --clear "$VENV"
fi

requirements=requirements.txt
[ "$WITH" = test ] && requirements=requirements-dev.txt
stamp="$VENV/.$requirements.installed"
if ! cmp -s "$requirements" "$stamp"; then
    echo "Onderdelen installeren volgens $requirements"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
    cp "$requirements" "$stamp"
    [ "$WITH" = test ] && cp requirements.txt "$VENV/.requirements.txt.installed"
fi
exit 0
