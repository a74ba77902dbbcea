#!/bin/sh
# Makes the committed files of geoservice/web that nobody writes by hand: those of npm as the lock
# says, and glyphs and sprites of them. Needs Node; nobody else does.
#   build.sh [python]
set -eu
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
web=geoservice/web
(cd assets && npm ci --silent)
from=assets/node_modules
mkdir -p $web/vendor $web/fonts
for name in maplibre-gl.mjs maplibre-gl-worker.mjs maplibre-gl.css; do
    cp "$from/maplibre-gl/dist/$name" $web/vendor/
done
cp "$from/maplibre-gl/LICENSE.txt" $web/vendor/maplibre-gl-LICENSE.txt
for weight in Regular Bold; do
    cp "$from/vazirmatn/fonts/ttf/Vazirmatn-$weight.ttf" $web/fonts/
done
cp "$from/vazirmatn/OFL.txt" $web/fonts/Vazirmatn-OFL.txt
"$python" -m assets.glyphs
"$python" -m assets.sprites
