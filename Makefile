# One command for hand, hook and CI.
UV ?= uv
RUN := $(UV) run --frozen
ENV := .venv/.synced

.DEFAULT_GOAL := help
.PHONY: help sync demo up down test check lint types imports unit format bench trace check-run check-models check-all contracts manifests manifests-check evidence measure evidence-check train clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

sync: $(ENV) ## Install the locked Python packages into .venv

$(ENV): uv.lock pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml devkit/pyproject.toml)
	@command -v $(UV) >/dev/null || { echo "uv is missing. Install it with: python3 -m pip install uv"; exit 2; }
	@test -d .venv || echo "To be fetched: Python packages, about 3.3 GB (6.2 GB installed; torch brings CUDA)."
	$(UV) sync --frozen
	@touch $(ENV)

demo: $(ENV) ## Start everything, ask every use case, show what answered, end everything
	$(RUN) tierwise demo

up: $(ENV) ## Start everything and leave it running; prints the URLs
	$(RUN) tierwise up

down: $(ENV) ## End what `make up` started
	$(RUN) tierwise down

test: $(ENV) ## Every test: unit, contract, integration, end to end (starts what it needs)
	$(RUN) pytest

check: lint types imports evidence-check unit ## What needs no server: lint, types, imports, figures, unit and contract tests

lint: $(ENV)
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: $(ENV)
	$(RUN) mypy

imports: $(ENV)
	$(RUN) lint-imports

unit: $(ENV)
	$(RUN) pytest -q tests/unit tests/contract

format: $(ENV) ## Mend what ruff can mend
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: $(ENV) ## Latency, throughput and CPU per turn, in one run on one broker
	$(RUN) tierwise bench

trace: $(ENV) ## Run the demo and show its traces in Zipkin
	$(RUN) tierwise trace

check-run: $(ENV) ## Load with faults 1, 8, 18 and 19, then balance the books
	$(RUN) tierwise check run --faults 1,8,18,19

check-models: $(ENV) ## Load on all tiers with faults 2, 12, 15, 16 and 17 (7 minutes), then the books
	$(RUN) tierwise check run --faults 2,12,15,16,17 --seconds 345

contracts: $(ENV) ## Write docs/asyncapi.yaml and docs/schemas from the models
	$(RUN) tierwise contracts

manifests: $(ENV) ## Render the chart to deploy/k8s
	$(RUN) tierwise manifests render

manifests-check: $(ENV) ## Lint and validate chart, manifests and compose file; see planted mistakes found
	$(RUN) tierwise manifests check --planted $(if $(CRDS),--crds $(CRDS))

BLIND := blind5 blind6 blind7 languages languages2 languages3 bound6 bound7 bound8 session9
SINGLE := blind5 blind6 blind7
STRANGE := playbook/evaluation/bound8.jsonl

measure: $(ENV) ## Measure the router again (15 minutes), then write the figures into the pages
	$(UV) run --frozen --group train tierwise classifier reader --evidence
	for set in $(BLIND); do $(RUN) tierwise router exam --data playbook/evaluation/$$set.jsonl --evidence || exit 1; done
	for set in $(SINGLE); do $(RUN) tierwise router exam --data playbook/evaluation/$$set.jsonl --behind $(STRANGE) --evidence || exit 1; done
	$(RUN) tierwise router report --evidence
	$(RUN) tierwise rubric heldout
	$(UV) run --frozen --group train tierwise classifier curve --data playbook/corpus --background playbook/background/background.jsonl --most 1000 --outliers 300 --evidence
	$(RUN) tierwise evidence render

evidence: $(ENV) ## Write the measured figures of docs/evidence into README.md and docs
	$(RUN) tierwise evidence render

evidence-check: $(ENV) ## Fail where a page tells another figure than its evidence
	$(RUN) tierwise evidence check

train: ## Train the classifier's model again (fetches what training needs)
	$(UV) sync --frozen --group train
	$(UV) run --frozen --group train tierwise classifier train

clean: ## Remove the environment, caches and everything the stack left
	rm -rf .venv .tierwise .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
