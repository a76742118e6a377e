"""Pages as MusicXML 4.0: one score from all of them, as printed.

Written element by element rather than through music21, which would take longer than everything else and not
keep what the page shows: which voice a note belongs to across the staves of a part, where beams break, which
way stems go.

``document``
    the file, plain and compressed;
``parts``, ``repetitions``
    the measures of a part, and the way through their voices;
``attributes``, ``barlines``, ``notes``, ``notations``, ``directions``, ``words``
    what a measure holds.
"""

from omr.export.musicxml.document import COMPRESSED, FORMAT, to_musicxml, to_mxl

__all__ = ["COMPRESSED", "FORMAT", "to_musicxml", "to_mxl"]
