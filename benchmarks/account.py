"""Test every detector properly: rates chosen on validation pages, several budgets and seeds, intervals.

    S="data/lily-train --validate data/lily-val --test data/lily-test -o runs/account"
    python benchmarks/account.py $S --plan
    nohup nice python benchmarks/account.py $S > runs/account.log &
    python benchmarks/account.py $S --tables

The first command measures the seconds of a step of every row and prints how long the account takes; the
second runs it in the background, and goes on where it was stopped; the third shows what is there already.
The pages are made by `omr engrave --engraver lilypond`. For MUSCIMA++ give its folder, `--protocol frequent`
and another folder of results.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from omr.benchmark.account import measure_paces, plan_table, result_table, run_account
from omr.benchmark.settings import Settings
from omr.benchmark.table_rows import choose


def main(
    dataset: Annotated[str, typer.Argument(help="Dataset to learn from.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for weights, results and tables.")],
    validate: Annotated[str | None, typer.Option(help="Pages for rates and thresholds.")] = None,
    test: Annotated[str | None, typer.Option(help="Pages to measure on.")] = None,
    rows: Annotated[str | None, typer.Option(metavar="NAME,NAME", help="Rows. Default: all.")] = None,
    protocol: str = "core",
    batch: int = 2,
    size: int = 320,
    processes: int = 2,
    plan: Annotated[bool, typer.Option("--plan", help="Only tell how long it takes.")] = False,
    tables: Annotated[bool, typer.Option("--tables", help="Only show the results so far.")] = False,
) -> None:
    """Run the account, tell its plan, or show its tables."""
    base = Settings(
        dataset, validate, test, protocol=protocol, batch=batch, size=size, processes=processes,
        validations=2, validation_pages=4,
    )  # fmt: skip
    chosen = choose(rows.split(",") if rows else None)
    if plan:
        Console().print(plan_table(base, measure_paces(base, chosen, out), chosen).rich())
    elif not tables:
        run_account(base, out, chosen)
    if not plan:
        for budget in sorted({folder.parent.name for folder in out.glob("*/seed-*")}):
            Console().print(result_table(out, budget).rich())


if __name__ == "__main__":
    typer.run(main)
