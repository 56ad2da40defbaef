# The two commands: `make report` (the pages) and `make test` (the proof; `make test-long`: all of it). Each sets up what it needs, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: report test test-long notebooks lock clean
.DELETE_ON_ERROR:

report: $(READY)
	$(BIN)/mp-eval run

test: $(READY)
	$(BIN)/python tests/run_all.py

# As `make test`, with the long proofs: every moment, every edit, every page in every form.
test-long: $(READY)
	$(BIN)/python tests/run_all.py --long

# Run every committed notebook in place, for a commit after a change in what they say.
notebooks: $(READY)
	$(BIN)/python tests/refresh_notebooks.py

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "mp-eval needs Python 3.11 or newer; this is " + sys.version)'
	@echo "Setting up once: a virtual environment with what requirements.lock names. This takes a few minutes."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

# Resolve pyproject.toml again; needs `uv`. The lock names no index.
lock:
	uv pip compile --generate-hashes --universal --python-version 3.11 --extra cluster --extra test --no-header --no-annotate --quiet pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) .mp-eval
