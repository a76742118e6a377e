"""Run the command line as `python -m omr`."""

from omr.cli import main

main()
