"""Words on a page: where they stand, what they say, what kind they are of.

A recogniser (`recogniser`) finds and reads lines of letters. Texts in staves and texts that symbols explain
are left out, hyphens and extenders come from the ink (`dashes`), and each text gets its kind from its place,
its size and a lexicon (`kinds`). Symbols that are letters of words are taken off the page
(`finding.without_letters`).
"""

from omr.text.finding import find_texts, without_letters
from omr.text.installed import load_recogniser
from omr.text.recogniser import Recogniser

__all__ = ["Recogniser", "find_texts", "load_recogniser", "without_letters"]
