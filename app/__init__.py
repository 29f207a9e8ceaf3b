"""The web application of NN Playground: sessions, REST, stream and page around the engine."""

__version__ = "0.1.0"
