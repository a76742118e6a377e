from .base import CANONICAL_SPACE as CANONICAL_SPACE
from .base import Detector as Detector
from .base import Found as Found
from .dwdnet import DeepWatershedDetector as DeepWatershedDetector
from .weights import save as save
