# The verbs of the project. `make serve` and `make test` set themselves up from nothing but Python 3.11+ and make.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST_OPTIONS ?=

.PHONY: serve test setup assets lint format types docs docs-fresh build check bench lock clean browser pictures

serve: $(VENV)/.run ## build what has changed and serve the 39 stores
	@if command -v npm >/dev/null; then $(MAKE) --silent assets || echo "The workbench could not be built: the SPARQL page is a plain form."; fi
	$(BIN)/tvld serve --port $(PORT)

test: $(VENV)/.dev ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(PYTEST_OPTIONS)

setup: $(VENV)/.dev ## only make .venv with the locked dependencies

browser: ## install what the tests of the site drive in Chromium: needs node and Chromium
	npm ci --prefix tests/browser --no-audit --no-fund --silent

pictures: $(VENV)/.dev browser ## take the pictures of README and docs anew: needs node and Chromium
	$(BIN)/python docs/_pictures.py

build: $(VENV)/.run ## tables -> dist/
	$(BIN)/tvld build

assets: src/tvld/serve/web/static/built/workbench.js ## build the workbench of the SPARQL page: needs Node.js; without it the page is a plain form

src/tvld/serve/web/static/built/workbench.js: $(wildcard web/*.js web/*.css) web/package.json web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run build

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(VENV)/.dev
	$(BIN)/mypy

docs: $(VENV)/.dev ## print the generated pages anew
	$(BIN)/cog -r -P docs/*.md

docs-fresh: $(VENV)/.dev
	$(BIN)/cog --check -P docs/*.md

check: lint types test docs-fresh build ## all that CI asks

bench: $(VENV)/.dev ## measure: needs wrk and nginx
	$(BIN)/python -m bench

lock: $(VENV)/.dev ## choose the newest versions that fit and write them down with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade --group build pyproject.toml -o requirements/run.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade --group dev pyproject.toml -o requirements/dev.lock

clean:
	rm -rf $(VENV) dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/run.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	$(PIP) install --require-hashes -r requirements/dev.lock
	touch $@
