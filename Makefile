# make demo    everything from nothing to a map on http://127.0.0.1:8000 (PORT= changes it)
# make nginx   nginx in front of the service on http://127.0.0.1:8080 (LISTEN=, UPSTREAM=, CACHE=)
# make test    everything from nothing to the whole test suite, checks included
# make check   ruff, mypy, import-linter
# make assets  the files of geoservice/web that come from npm or are drawn beforehand (needs Node)
# make lock    resolve the dependencies anew
# make clean   stop the embedded database and remove all that was made here

PORT ?= 8000
BIN := .venv/bin

.PHONY: demo nginx test check assets lock clean runtime tools

demo: runtime
	@GEOSERVICE_PORT=$(PORT) $(BIN)/geoservice demo

nginx:
	@setup/packages.sh nginx
	@setup/nginx/run.sh

test: tools
	@setup/packages.sh qgis
	@setup/packages.sh browser
	@setup/packages.sh nginx
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest

check: tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

runtime:
	@setup/packages.sh database
	@cmp -s requirements-test.lock .venv/.installed-requirements-test.lock || \
		setup/venv.sh requirements.lock

tools:
	@setup/packages.sh database
	@setup/venv.sh requirements-test.lock

assets: tools
	assets/build.sh $(BIN)/python

# The locks name no index; they hold for Python 3.11 to 3.13 on every platform.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet --group build
lock:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group test pyproject.toml -o requirements-test.lock

clean:
	-@test ! -x $(BIN)/geoservice || $(BIN)/geoservice database remove --yes
	rm -rf .venv .geoservice .mypy_cache .ruff_cache .pytest_cache
