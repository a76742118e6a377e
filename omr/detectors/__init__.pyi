from .base import Detector as Detector
from .dwdnet import DeepWatershedDetector as DeepWatershedDetector
from .search import CANONICAL_SPACE as CANONICAL_SPACE
from .search import Found as Found
from .search import PageDetector as PageDetector
from .weights import save as save
