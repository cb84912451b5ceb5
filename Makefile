# make run: the whole product. make test: every check that needs no outside service. make help: the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TORCH := torch==2.13.0
# PyTorch without CUDA: several GB less. TORCH_INDEX= takes the build of the usual index instead.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: run dev install test soak fmt style lint docs lock sbom audit freeze bench clean-data help tools

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

run: $(STAMP) ## set everything up and start SkillHub (PORT, HOST, DATA_DIR, DEMO)
	@exec $(BIN)/python manage.py up

dev: $(DEV_STAMP) ## the same for working on it: starts again by itself when code or a template changes
	@DEBUG=1 exec $(BIN)/python manage.py up --reload

# PyTorch first and by itself: its builds differ by machine, so no lock file can hold their hashes.
define locked
sh .ci/install "$(BIN)/python" "$(TORCH)" "$(TORCH_INDEX)" $(1)
endef

install: $(STAMP) ## set up what running needs

$(BIN)/python:
	@echo "Making the virtual environment …"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(STAMP): $(BIN)/python requirements.lock
	@echo "Installing dependencies (once; PyTorch is the largest, about 200 MB) …"
	@$(call locked,requirements.lock)
	@touch $@

$(DEV_STAMP): $(BIN)/python requirements-dev.lock
	@echo "Installing what tests need (once) …"
	@$(call locked,requirements-dev.lock)
	@touch $@ $(STAMP)

tools:
	@sh .ci/tools

# More workers than cores: many tests wait for a server or a kill. Those of the product share one, file by file.
test: $(DEV_STAMP) tools ## set up what tests need and pass them, long ones sampled (TESTS="PATH -k WORD": those alone)
ifdef TESTS
	@$(BIN)/python -m pytest $(TESTS)
else
	@$(BIN)/python -m pytest -n 3 --dist worksteal -m "not product" --cov --cov-report= --cov-fail-under=0
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m product
	@sh .ci/coverage "$(BIN)"
endif

soak: $(DEV_STAMP) tools ## the kills, races and fuzzing in full
	@SOAK=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m "not product"
	@SOAK=1 $(BIN)/python -m pytest -m product

fmt: $(DEV_STAMP) ## put imports, code and templates into the one form
	@$(BIN)/ruff check --select I --fix --quiet . && $(BIN)/ruff format .
	@$(BIN)/djangofmt templates

style: $(DEV_STAMP) ## style, types, import contracts, templates, migrations
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djangofmt --check templates
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/python manage.py makemigrations --check --dry-run

lint: style ## the same, and the house rules and sizes, which are tests too
	@$(BIN)/python -m pytest -q tests/architecture -p no:cacheprovider --ignore tests/architecture/test_linear_patterns.py

docs: $(DEV_STAMP) ## build the site of the documentation into docs/_build (warnings are errors)
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -c docs/site docs docs/_build
	@echo "Open docs/_build/index.html"

lock: ## resolve the requirements again (needs uv); PyTorch and what only CUDA needs stay out
	@sh .ci/lock "$(TORCH)"

sbom: ## list what SkillHub is made of (CycloneDX) in docs/_build/sbom.json
	@mkdir -p docs/_build && sh .ci/supply sbom "$(TORCH)" docs/_build/sbom.json

audit: ## ask for known vulnerabilities of what SkillHub is made of
	@sh .ci/supply audit "$(TORCH)"

freeze: $(DEV_STAMP) ## add new migrations to the list of those that are never changed again, store the schema
	@sh .ci/freeze $(BIN)

bench: $(DEV_STAMP) ## measure against the baselines in bench/README.md
	@$(BIN)/python -m bench

clean-data: ## delete the data of `make run` (asks first)
	@printf 'Delete .data? [y/N] '; read a; [ "$$a" = y ] && rm -rf .data || true
