from .finding import find_texts as find_texts
from .finding import without_letters as without_letters
from .installed import load_recogniser as load_recogniser
from .recogniser import Recogniser as Recogniser
