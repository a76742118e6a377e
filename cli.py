"""Run `omr` from a checkout without installing it: `python cli.py detect score.png`."""

from omr.cli import main

if __name__ == "__main__":
    main()
