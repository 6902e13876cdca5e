# setup: .venv with the command gongkai      ocr: what reads scans, on top of it
# run: the bundled samples into data/warehouse.duckdb
# test, check: what must pass                dev: the Dagster UI        bench: the figures        lock: renew the lock (ARGS=--upgrade)
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/installed
OCR := .venv/installed-ocr
SAMPLES := data/samples

.PHONY: ocr setup run test check dev bench lock

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml Makefile
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || { sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock; }
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(STAMP)

ocr: $(OCR)

$(OCR): $(STAMP) requirements-ocr.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements-ocr.lock
	touch $(OCR)

run: setup
	$(BIN)/gongkai build $(SAMPLES)

test: ocr
	$(BIN)/pytest $(ARGS)

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

dev: setup
	mkdir -p .dagster
	printf 'telemetry: {enabled: false}\nnux: {enabled: false}\npython_logs: {managed_python_loggers: [gongkai], python_log_level: INFO}\n' > .dagster/dagster.yaml
	DAGSTER_HOME=$(CURDIR)/.dagster $(BIN)/dagster dev

bench: setup
	$(BIN)/python -m tests.bench $(ARGS)

lock:
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip compile pyproject.toml --group dev --python-version 3.11 --universal \
	  --generate-hashes --no-emit-index-url --no-header --quiet $(ARGS) --output-file requirements.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip compile pyproject.toml --extra ocr --constraint requirements.lock --python-version 3.11 \
	  --universal --generate-hashes --no-emit-index-url --no-header --quiet $(ARGS) --output-file requirements-ocr.lock
