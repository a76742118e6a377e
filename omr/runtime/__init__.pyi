from .choice import RUNTIMES as RUNTIMES
from .choice import choose as choose
from .choice import installed as installed
from .detector import CompiledDetector as CompiledDetector
from .detector import load_onnx as load_onnx
