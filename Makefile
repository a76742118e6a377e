PYTHON ?= python3
BIN := .venv/bin
OUT ?= demo

# Two tests at a time, each file in one process, each process on one core.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

.PHONY: help demo test quick check docs wheel fonts fuzz clean

help:
	@echo "make demo    set up, read examples/minuet.png, say where the results are"
	@echo "make test    set up, then every check and test"
	@echo "make check   lint, types, the direction of imports"
	@echo "make quick   the fast tests"
	@echo "make docs    the documentation, into site/"
	@echo "make wheel   a wheel, into dist/"
	@echo "make fonts   four more music fonts for omr engrave, into fonts/"
	@echo "make fuzz    each reader of files for a minute with broken input"
	@echo "make clean   remove what these made"

demo: .venv/ready
	$(BIN)/omr detect examples/minuet.png -o $(OUT)/minuet.json -o $(OUT)/minuet.png -o $(OUT)/minuet.musicxml
	@echo "Symbols as COCO: $(OUT)/minuet.json; the music: $(OUT)/minuet.musicxml; look at $(OUT)/minuet.png"

test: check
	$(PYTEST)

quick: .venv/ready
	$(PYTEST) -m "not slow and not data"

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: .venv/docs
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/journey.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Open site/index.html"

# Each reader for a minute, with input that atheris makes.
fuzz: .venv/ready
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	for reader in image pdf coco mung voc yolo weights; do $(BIN)/python tests/fuzz.py $$reader -max_total_time=60 || exit 1; done

wheel: .venv/ready
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

# Four more music fonts (OFL) for `omr engrave`; they stay out of the repository.
fonts: .venv/ready
	$(BIN)/python -m omr.engraving.fonts fonts

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

.venv/docs: .venv/ready
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@

clean:
	rm -rf .venv demo site dist build
