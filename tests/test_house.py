"""The house is in order: paths that the prose names exist, words are the field's, docstrings are complete."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
import typer.main

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "omr").rglob("*.py"))
PROSE = sorted(
    file
    for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "omr").rglob("*.md"))
    if file.name != "CHANGELOG.md"
)

REPLACED_WORDS = {
    "decoys": "distractors",
    "doubles": "duplicates",
    "doubtful": "low-confidence",
    "homes": "staff assignment",
    "knots": "line crossings",
    "overlook": "ignore regions",
    "phantom": "false staves",
    "phantoms": "false staves",
    "players": "part collation",
    "practise": "oversampling",
    "silence": "multi-measure rests",
    "taste": "page style",
}
"""Words that no identifier and no file uses, each with the glossary's term for it."""

LONGEST_FILE = 400
"""Lines of code in a file, without docstrings, comments and blank lines, at most."""


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Yield every name that a module defines or uses."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name))
            ):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name


def lines_of_code(source: str) -> int:
    """Count the lines of a module without docstrings, comments and blank lines."""
    prose = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                prose |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(map(str.strip, source.splitlines()), start=1)
    return sum(bool(line) and not line.startswith("#") and number not in prose for number, line in lines)


def relative(file: Path) -> str:
    """Return a path as it is seen from the root of the repository."""
    return file.relative_to(ROOT).as_posix()


def test_contributing_answers_where_things_are() -> None:
    rows = re.findall(
        r"^\| ([^|]+\?) \| `([^`]+)` \| (?:`([^`]+)`)? ?\|$", (ROOT / "CONTRIBUTING.md").read_text(), re.M
    )
    assert len(rows) >= 10
    for question, path, name in rows:
        assert (ROOT / path).exists(), question
        assert not name or re.search(rf"\b{name}\b", (ROOT / path).read_text()), question


@pytest.mark.parametrize("file", PROSE, ids=relative)
def test_prose_names_paths_that_exist(file: Path) -> None:
    text = file.read_text()
    paths = re.findall(r"`((?:omr|tests|benchmarks|docs|examples)/[\w./-]*)`", text)
    links = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if "reference/" not in link]
    missing = [path for path in paths if not (ROOT / path).exists()]
    missing += [link for link in links if not (file.parent / link).exists()]
    assert not missing


def test_prose_names_commands_and_options_that_exist() -> None:
    from omr.cli import app

    group = typer.main.get_group(app)
    for file in (*PROSE, ROOT / "benchmarks/RESULTS.md"):
        for words in re.findall(r"^ *(?:\.venv/bin/)?omr (\S.*?)(?: +#.*)?$", file.read_text(), re.M):
            command, *rest = words.split()
            context = group.make_context("omr", [command], resilient_parsing=True)
            known = group.get_command(context, command)
            assert known, f"{relative(file)}: omr {command}"
            subcommands = getattr(known, "commands", {})
            if subcommands and rest:
                known, rest = subcommands[rest[0]], rest[1:]
            options = {
                name for parameter in known.params for name in (*parameter.opts, *parameter.secondary_opts)
            }
            wrong = [word for word in rest if word.startswith("-") and word.split("=")[0] not in options]
            assert not wrong, f"{relative(file)}: omr {words}"


def test_prose_names_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    for file in PROSE:
        assert set(re.findall(r"\bmake ([a-z]+)\b(?=`|$|  )", file.read_text(), re.M)) <= targets, relative(
            file
        )


def test_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert re.search(rf"^## {re.escape(version)} - ", (ROOT / "CHANGELOG.md").read_text(), re.M)


def test_readme_promises_no_foreign_package() -> None:
    text = "\n".join(file.read_text() for file in PROSE)
    assert "pip install omr" not in text  # another project has that name


def test_source_speaks_the_words_of_the_field() -> None:
    found = {}
    for file in SOURCES:
        names = {*identifiers(ast.parse(file.read_text())), file.stem, file.parent.name}
        parts = {part.lower() for name in names for part in re.split(r"_|(?=[A-Z])", name)}
        if parts & REPLACED_WORDS.keys():
            found[relative(file)] = sorted(parts & REPLACED_WORDS.keys())
    assert not found


def test_source_tells_no_history() -> None:
    history = re.compile(
        r"(?:#|\"\"\"|^ *[A-Z]).*\b(?:no longer|anymore|formerly|previously|the release before)\b", re.M
    )
    found = {relative(file): history.findall(file.read_text()) for file in SOURCES}
    assert not {
        file: hits for file, hits in found.items() if hits
    }  # that is in the commits and the changelog


def test_source_has_no_module_for_everything() -> None:
    assert not [
        relative(file) for file in SOURCES if file.stem in {"utils", "util", "helpers", "common", "misc"}
    ]


def test_source_files_are_short() -> None:
    lengths = {relative(file): lines_of_code(file.read_text()) for file in SOURCES}
    long = {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long


# --- docstrings ---

WITHOUT_SECTIONS = ("omr.commands", "omr.cli", "omr.__main__")
"""Modules whose docstrings are the help of the command line, where each option has a help text of its own."""


def documented_modules() -> Iterator[ModuleType]:
    """Yield every public module with a reference page."""
    for file in SOURCES:
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if not name.startswith(WITHOUT_SECTIONS) and not re.search(r"\._", name):
            yield importlib.import_module(name)


def section(docstring: str, *titles: str) -> str:
    """Return the text of the first of the numpydoc sections that is there; "" if none is."""
    found = re.search(rf"^(?:{'|'.join(titles)})\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", docstring, re.M | re.S)
    return found[1] if found else ""


def names_in(text: str) -> set[str]:
    """Return the parameters that a Parameters or Attributes section describes."""
    heads = re.findall(r"^([\w*][\w*, ]*?)(?: :.*)?$", text, re.M)
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


def parameters(function: Callable[..., Any]) -> set[str]:
    """Return the names of a function's public parameters."""
    names = inspect.signature(function).parameters
    return {name for name in names if name not in ("self", "cls") and not name.startswith("_")}


def faults_of_function(function: FunctionType, name: str) -> Iterator[str]:
    """Yield the parts of a function's docstring that are missing."""
    docstring = inspect.cleandoc(function.__doc__ or "")
    if not docstring:
        yield f"{name}: no docstring"
        return
    if name.endswith((".forward", ".residual")):
        return  # a layer of a network says in one line which tensors (N, ...) go in and come out
    missing = parameters(function) - names_in(section(docstring, "Parameters"))
    if missing:
        yield f"{name}: Parameters lacks {', '.join(sorted(missing))}"
    returned = function.__annotations__.get("return", "None")
    if returned not in ("None", "NoReturn", None) and not section(docstring, "Returns", "Yields"):
        yield f"{name}: no Returns"


def faults_of_class(cls: type, name: str) -> Iterator[str]:
    """Yield the parts of a class's docstrings that are missing; an override may inherit its documentation."""
    docstring = inspect.cleandoc(cls.__dict__.get("__doc__") or "")
    if not docstring:
        yield f"{name}: no docstring"
        return
    fields = {field.name for field in dataclasses.fields(cls)} if dataclasses.is_dataclass(cls) else set()
    fields |= set(getattr(cls, "_fields", ()))
    annotations = inspect.get_annotations(cls)
    own = {field for field in fields & set(annotations) if not str(annotations[field]).endswith("Limits")}
    described = names_in(section(docstring, "Attributes", "Parameters")) | set(
        re.findall(r"`(\w+)`", docstring)
    )
    own_strings = fields_with_docstring(sys.modules[cls.__module__].__file__ or "").get(cls.__name__, set())
    missing = {field for field in own if not field.startswith("_")} - described - own_strings
    if missing:
        yield f"{name}: Attributes lacks {', '.join(sorted(missing))}"
    init = cls.__dict__.get("__init__")
    if not fields and isinstance(init, FunctionType) and init.__module__ == cls.__module__:
        described = names_in(section(docstring, "Parameters") + section(init.__doc__ or "", "Parameters"))
        if parameters(init) - described:
            yield f"{name}: Parameters lacks {', '.join(sorted(parameters(init) - described))}"
    for key, member in vars(cls).items():
        if key.startswith("_") or inherits_documentation(cls, key):
            continue
        function = member.__func__ if isinstance(member, staticmethod | classmethod) else member
        if isinstance(function, FunctionType):
            yield from faults_of_function(function, f"{name}.{key}")
        elif isinstance(function, property) and not function.__doc__:
            yield f"{name}.{key}: no docstring"


def inherits_documentation(cls: type, name: str) -> bool:
    """Return whether a base class of ours documents the member that a class overrides."""
    bases = [base for base in cls.__mro__[1:] if base.__module__.startswith("omr")]
    return any(getattr(base.__dict__.get(name), "__doc__", None) for base in bases)


@cache
def fields_with_docstring(file: str) -> dict[str, set[str]]:
    """Return the fields that a string of their own describes, for each class of a source file."""
    described: dict[str, set[str]] = {}
    for definition in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(definition, ast.ClassDef):
            fields = described.setdefault(definition.name, set())
            for node, after in pairwise(definition.body):
                match node, after:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str())):
                        fields.add(name)
    return described


def faults() -> Iterator[str]:
    """Yield every fault of a public docstring."""
    for module in documented_modules():
        if not module.__doc__:
            yield f"{module.__name__}: no docstring"
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
                continue
            if inspect.isclass(value):
                yield from faults_of_class(value, f"{module.__name__}.{name}")
            elif isinstance(value, FunctionType):
                yield from faults_of_function(value, f"{module.__name__}.{name}")


def test_public_docstrings_are_complete() -> None:
    assert not list(faults())
