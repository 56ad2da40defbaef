# The commands: `make report` (the pages), `make test` (the proof), `make test-long` (all of it). Each sets up what it needs, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
TESTS  := $(VENV)/.ready-test
CHECKERS := tests/markup/node_modules

# What the first run compiles is kept for the next ones: the set-up compiles nothing.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test test-long notebooks lock clean
.DELETE_ON_ERROR:

report: $(READY)
	$(BIN)/mp-eval run

test: $(TESTS)
	$(BIN)/python tests/run_all.py

# As `make test`, with the long proofs: every moment, every edit, every page in every form.
test-long: $(TESTS) $(CHECKERS)
	$(BIN)/python tests/run_all.py --long

# Run every committed notebook in place, for a commit after a change in what they say.
notebooks: $(READY)
	$(BIN)/python tests/refresh_notebooks.py

$(READY): install.py requirements.lock requirements-uv.lock pyproject.toml
	$(PYTHON) install.py

$(TESTS): $(READY) requirements-test.lock
	$(PYTHON) install.py --test

# The checkers of markup, where there is Node; without it the test of them says so.
$(CHECKERS): tests/markup/package-lock.json
	! command -v npm >/dev/null || npm ci --ignore-scripts --no-audit --no-fund --prefix tests/markup
	! test -d $@ || touch $@

# Resolve pyproject.toml again, into the locks that the others install.
lock:
	$(PYTHON) install.py --lock

clean:
	rm -rf $(VENV) .mp-eval
