"""The engine of NN Playground: neural networks on NumPy, headless. It knows nothing of servers and pages."""

from engine.snapshot import SnapshotError
from engine.spec import ExperimentSpec
from engine.stack import Stack, StackError
from engine.trainer import Trainer

__all__ = ["ExperimentSpec", "SnapshotError", "Stack", "StackError", "Trainer"]
