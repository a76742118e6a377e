"""The command line: parse the arguments, run the command of `omr.commands`, and show mistakes in one line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from omr.commands import dataset as dataset_commands
from omr.commands.benchmark import benchmark
from omr.commands.detect import detect
from omr.commands.engrave import engrave
from omr.commands.evaluate import evaluate
from omr.commands.export_model import export_model
from omr.commands.messages import complain, show_log
from omr.commands.models import models
from omr.commands.music import evaluate_music, export
from omr.commands.serve import serve
from omr.commands.train import train
from omr.errors import InputError

app = typer.Typer(
    help="Optical music recognition: find the symbols on pages of music and read the music.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(dataset_commands.app, name="dataset")


def main() -> None:
    """Run the command that the arguments name.

    Input that can't be used becomes one line on stderr and exit status 2.
    """
    show_log()
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


for command in (
    detect,
    serve,
    models,
    engrave,
    train,
    benchmark,
    evaluate,
    evaluate_music,
    export,
    export_model,
):
    app.command()(command)
