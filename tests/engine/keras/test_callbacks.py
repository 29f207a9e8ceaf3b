"""Callbacks and progress lines."""

import io
import re
import sys
from typing import Any

import numpy as np
import pytest

from engine import keras
from engine.keras import callbacks, layers

X = np.random.default_rng(2).normal(size=(64, 3))
Y = X.sum(axis=1)


def model(rate: float = 0.01) -> keras.Sequential:
    """Return a compiled model of one unit."""
    made = keras.Sequential([layers.Dense(1, input_shape=(3,))])
    made.compile(keras.optimizers.SGD(rate), "mse", ["mae"])
    return made


class Diary(callbacks.Callback):
    """Writes down what is called."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("on_"):
            return lambda *arguments: self.entries.append(name)
        return super().__getattribute__(name)


def test_every_moment_is_called_in_its_turn() -> None:
    diary = Diary()
    made = model()

    made.fit(X, Y, epochs=1, validation_data=(X, Y), callbacks=[diary], verbose=0)
    fitted = [entry for entry in diary.entries if entry not in ("on_batch_begin", "on_batch_end")]
    diary.entries.clear()
    made.predict(X[:1], callbacks=diary, verbose=0)

    update = ["on_train_batch_begin", "on_train_batch_end"]
    test = ["on_test_begin", *["on_test_batch_begin", "on_test_batch_end"] * 2, "on_test_end"]
    assert fitted == ["on_train_begin", "on_epoch_begin", *update * 2, *test, "on_epoch_end", "on_train_end"]
    assert diary.entries == ["on_predict_begin", "on_predict_batch_begin", "on_predict_batch_end", "on_predict_end"]


def test_a_callback_sees_figures_and_can_end_the_training() -> None:
    class Enough(callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
            assert list(logs or {}) == ["loss", "mae"]
            self.model.stop_training = batch == 1

    made = model()
    history = made.fit(X, Y, batch_size=8, epochs=5, callbacks=[Enough()], verbose=0)

    assert history.epoch == [0]
    assert made.optimizer.iterations == 2


def test_a_lambda_is_a_callback() -> None:
    seen: list[float] = []

    model().fit(
        X, Y, epochs=2, callbacks=callbacks.LambdaCallback(on_epoch_end=lambda e, logs: seen.append(e)), verbose=0
    )

    assert seen == [0, 1]
    with pytest.raises(TypeError, match="has no argument on_epoch"):
        callbacks.LambdaCallback(on_epoch=print)


def test_early_stopping_takes_the_best_weights_back() -> None:
    made = model(rate=1.5)  # So high that every epoch after the first is worse.
    kept: list[Any] = []
    keep = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: kept.append(made.get_weights()))
    stop = callbacks.EarlyStopping(monitor="loss", patience=2, restore_best_weights=True)

    history = made.fit(X, Y, epochs=50, callbacks=[keep, stop], verbose=0)

    assert history.epoch == [0, 1, 2]
    assert (stop.stopped_epoch, stop.best_epoch, stop.wait) == (2, 0, 2)
    assert stop.best == history.history["loss"][0]
    np.testing.assert_array_equal(made.get_weights()[0], kept[0][0])


def test_a_loss_that_is_no_number_ends_the_training_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    history = model(rate=90.0).fit(X, Y, epochs=99, callbacks=[callbacks.TerminateOnNaN()], verbose=0)

    assert len(history.epoch) < 99
    assert "Invalid loss, terminating training" in capsys.readouterr().out


def test_the_learning_rate_can_be_scheduled_and_set() -> None:
    made = model()
    made.optimizer.learning_rate = 0.5
    by_epoch = callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))

    history = made.fit(X, Y, epochs=3, callbacks=[by_epoch], verbose=0)

    assert history.history["learning_rate"] == [0.1, 0.05, 0.1 / 3]
    assert made.optimizer.learning_rate == 0.1 / 3


def test_a_figure_that_is_not_there_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="EarlyStopping goes by val_loss, which is not there; there is loss, mae"):
        model().fit(X, Y, callbacks=[callbacks.EarlyStopping()], verbose=0)


def test_a_pipe_gets_one_line_an_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    model().fit(X, Y, epochs=2, validation_split=0.5)
    model().fit(X, Y, verbose=2)

    lines = capsys.readouterr().out.splitlines()
    figures = r" - loss: [\d.e+-]+ - mae: [\d.e+-]+"
    bar = r"1/1 ━━━━━━━━━━━━━━━━━━━━ 0s \d+[mu]s/step" + figures + figures.replace(" - ", " - val_")
    plain = r"2/2 - 0s - \d+[mu]s/step" + figures
    for line, pattern in zip(lines, ["Epoch 1/2", bar, "Epoch 2/2", bar, "Epoch 1/1", plain], strict=True):
        assert re.fullmatch(pattern, line), line


class Terminal(io.StringIO):
    """A standard output that is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_line_that_is_renewed_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr("engine.keras.progress._INTERVAL_S", 0.0)

    model().fit(X, Y, batch_size=16)

    first, line = terminal.getvalue().split("\n")[:2]
    assert first == "Epoch 1/1"
    steps = [part.split("\x1b")[0] for part in line.split("\r\x1b[1m")[1:]]
    assert steps == ["1/4", "2/4", "3/4", "4/4", "4/4"]
    assert "\x1b[32m━━━━━━━━━━\x1b[0m\x1b[37m━━━━━━━━━━\x1b[0m" in line


def test_an_output_that_has_no_bars_gets_equals_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="\n")
    monkeypatch.setattr(sys, "stdout", output)

    model().evaluate(X, Y)

    assert output.buffer.getvalue().startswith(b"2/2 ==================== 0s ")
