"""Words on a page: where they stand, what they say, what kind they are of.

A recogniser (`recogniser`) finds and reads lines of letters. Texts in staves and texts that symbols explain
are left out, hyphens and extenders come from the ink (`dashes`), and each text gets its kind from its place,
its size and a lexicon (`kinds`). Symbols that are letters of words are taken off the page
(`finding.without_letters`).

A name is imported when it is first asked for: files of music need the names of chords alone.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
