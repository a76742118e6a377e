"""Many inputs, each read as a piece of its own: streamed, resumable, in processes or on a cluster.

`find_pieces` lists the inputs, `read_piece` reads one of them and stores its results, an engine
(`read_here`, `read_in_processes`, `read_on_ray`) gives every piece to a worker, and `run` shows progress and
writes the report. The record of each piece, kept with its results, tells what is done: whoever runs the same
job again goes on from there.
"""

from __future__ import annotations

from omr.batch.inputs import Piece, find_pieces
from omr.batch.job import Outcome, run
from omr.batch.records import Record
from omr.batch.settings import OnExists, Settings

__all__ = ["OnExists", "Outcome", "Piece", "Record", "Settings", "find_pieces", "run"]
