#!/bin/sh
# Installs what the system's packages have to give, if it is missing, and says so first.
#   packages.sh database   PostgreSQL with PostGIS (not where DATABASE_URL names another)
#   packages.sh qgis       QGIS with its Python, for the tests that open the service in it;
#                          without it those tests are skipped, so failing to install is no error
#   packages.sh browser    Chromium, for the tests that look at pages in it; likewise
#   packages.sh nginx      nginx with its Lua module, to stand in front of the service; likewise
#   packages.sh venv       what Debian's Python lacks to make a virtual environment
set -eu

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null; then
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    else
        echo "Installing packages needs root, and there is no sudo: run as root: $*" >&2
        return 1
    fi
}

install() {
    echo "Installing from the system's packages: $*"
    if ! command -v apt-get >/dev/null; then
        echo "This is not a Debian or Ubuntu system; install by hand: $*" >&2
        echo "(macOS: brew install postgresql@17 postgis, or set DATABASE_URL)" >&2
        return 1
    fi
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

has_postgis() {
    ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 && return 0
    command -v pg_config >/dev/null || return 1
    [ -e "$(pg_config --sharedir)/extension/postgis.control" ]
}

case "${1:-}" in
database)
    [ -n "${DATABASE_URL:-}" ] || has_postgis || install postgresql postgresql-postgis
    ;;
qgis)
    /usr/bin/python3 -c 'import qgis.core' 2>/dev/null ||
        install qgis python3-qgis fonts-noto-core ||
        echo "QGIS is not there: the tests that need it will be skipped."
    ;;
browser)
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null || install chromium fonts-noto-core ||
        echo "Chromium is not there: the tests that need it will be skipped."
    ;;
nginx)
    [ -e /usr/lib/nginx/modules/ngx_http_lua_module.so ] ||
        install nginx libnginx-mod-http-lua ||
        echo "nginx with Lua is not there: the tests that need it will be skipped."
    ;;
venv)
    install python3-venv
    ;;
*)
    echo "usage: packages.sh database|qgis|browser|nginx|venv" >&2
    exit 2
    ;;
esac
