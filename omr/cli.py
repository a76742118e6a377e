"""The command line; each command has its file in `omr.commands`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from omr.commands import dataset as dataset_commands
from omr.commands.benchmark import benchmark
from omr.commands.detect import detect
from omr.commands.engrave import engrave
from omr.commands.evaluate import evaluate
from omr.commands.models import models
from omr.commands.music import evaluate_music, export
from omr.commands.train import train
from omr.errors import InputError, complain

app = typer.Typer(
    help="Optical music recognition: finds every symbol on a page of music.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(dataset_commands.app, name="dataset")


def main() -> None:
    """Run a command; what the user got wrong becomes one line on stderr and exit status 2."""
    try:
        app(prog_name="omr")
    except InputError as error:
        complain(error)
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else error)
    else:
        return
    sys.exit(2)


def _show_version(wanted: bool) -> None:
    if wanted:
        import omr

        print("omr", omr.__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


for command in (detect, models, engrave, train, benchmark, evaluate, evaluate_music, export):
    app.command()(command)
