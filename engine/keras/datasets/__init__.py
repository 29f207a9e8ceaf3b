"""The data sets of Keras that come with the engine."""

from engine.keras.absent import missing_from
from engine.keras.datasets import mnist

__all__ = ["mnist"]
__getattr__ = missing_from(
    __name__,
    __all__,
    {
        "fashion_mnist": "only its first 1,000 test images are part of the engine, to show a network of digits what it "
        "has never seen: engine.datasets.fashion_mnist.examples(). To learn from, there is mnist",
    },
)
