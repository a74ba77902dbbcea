#!/bin/sh
# Runs nginx in front of the service, in the foreground.
#   LISTEN    where it listens (127.0.0.1:8080)
#   UPSTREAM  where the service does (127.0.0.1:8000)
#   CACHE     how much of the disk tiles may take (4g)
#   WORKERS   its processes (half of the cores: the service, which it asks, needs the others)
#   STATE     directory of the cache and of nginx's own files (.geoservice/nginx)
set -eu

setup=$(cd "$(dirname "$0")" && pwd)
state=${STATE:-$setup/../../.geoservice/nginx}
mkdir -p "$state"
state=$(cd "$state" && pwd)

modules=/usr/lib/nginx/modules
if ! command -v nginx >/dev/null || [ ! -e "$modules/ngx_http_lua_module.so" ]; then
    echo "nginx with its Lua module is not there: setup/packages.sh nginx installs it." >&2
    exit 1
fi
user=
[ "$(id -u)" -ne 0 ] || user='user root;' # the directory may be a private one

for file in nginx.conf tile.conf; do
    sed -e "s|@HOME@|$state|g" -e "s|@SETUP@|$setup|g" -e "s|@MODULES@|$modules|g" \
        -e "s|@LISTEN@|${LISTEN:-127.0.0.1:8080}|g" -e "s|@CACHE@|${CACHE:-4g}|g" \
        -e "s|@WORKERS@|${WORKERS:-$((($(nproc) + 1) / 2))}|g" \
        -e "s|@UPSTREAM@|${UPSTREAM:-127.0.0.1:8000}|g" -e "s|@USER@|$user|g" \
        "$setup/$file" >"$state/$file"
done
exec nginx -p "$state" -c "$state/nginx.conf"
