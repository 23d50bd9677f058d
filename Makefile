.DEFAULT_GOAL := help
PYTHON ?= python3

.PHONY: help chat test setup lint types eval retrieval reader pictures lock audit harden clean

# Of torch there is, beside the wheels of the package index, a smaller build for processors alone.
TORCH_CPU = 6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

chat: ## Set up and open the chat
	$(PYTHON) start.py

setup: ## Only set up
	$(PYTHON) start.py setup

test: ## Set up and run the tests
	$(PYTHON) start.py test

lint: ## Check style
	.venv/bin/ruff check . && .venv/bin/ruff format --check .

types: ## Check types
	.venv/bin/mypy .

eval: ## Measure Dalil on its own questions, and write the reports to runs/latest
	.venv/bin/dalil eval --suite full --out runs/latest

reader: ## Fit the reader's calibration again on the development sets
	.venv/bin/python -m evals.fit_reader --sample 300

retrieval: ## Print retrieval figures on the development sets
	.venv/bin/python -m evals.retrieval

pictures: ## Renew the pictures in docs/
	DALIL_PICTURE=1 .venv/bin/python -m pytest tests/ui/test_page_end_to_end.py tests/evals/test_reports.py
	.venv/bin/python -m tests.ui.pictures

lock: ## Write locked.txt again from constraints.txt (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --quiet --constraint constraints.txt --output-file locked.txt
	sed -i '/$(TORCH_CPU)/d' locked.txt  # uv keeps it from the file before
	sed -i 's/^torch==.*/&\n    --hash=sha256:$(TORCH_CPU) \\/' locked.txt

audit: ## Ask for known faults of the locked packages (needs pip-audit and the network)
	pip-audit --requirement locked.txt --disable-pip --require-hashes

harden: ## Try to break Dalil, by every suite in turn (an hour)
	for suite in kills flips fuzz load attacks hostile; do .venv/bin/python -m evals.hardening.$$suite || exit 1; done

clean: ## Remove what the tools left behind
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
