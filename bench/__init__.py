"""The benchmark: how fast this engine trains, draws and serves, beside whichever peers are installed."""
