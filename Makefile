PYTHON ?= python3
BIN := .venv/bin
OUT ?= demo

.PHONY: demo test check fonts clean

demo: .venv/ready
	$(BIN)/omr detect examples/minuet.png -o $(OUT)/minuet.json -o $(OUT)/minuet.png
	@echo "Symbols as COCO: $(OUT)/minuet.json; look at $(OUT)/minuet.png"

test: check
	$(BIN)/python -m pytest

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Four more music fonts (OFL) for `omr engrave`; they stay out of the repository.
fonts: .venv/ready
	$(BIN)/python -m omr.engraving.fonts fonts

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv demo
