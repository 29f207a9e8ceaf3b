"""What is left of Keras's backend: programs begin with clear_session()."""

from engine.keras.absent import missing_from
from engine.keras.state import clear_session

__all__ = ["clear_session"]
__getattr__ = missing_from(__name__, __all__, {})
