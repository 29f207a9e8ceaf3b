"""Stop rules: what ends a run by itself. A run that diverges ends in any case.

A rule is asked at the end of every epoch, one about steps wherever it may be met. What it must remember is kept in a
`Memory` that it is handed; a rule that has ended a run has had its say and stays silent until the run is reset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from engine.registry import Component, Text, setting, text

WatchedMetric = Literal["loss", "accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy"]
_WATCHED: dict[str, Text] = {
    "loss": text("Training loss", "Perdita di addestramento"),
    "accuracy": text("Training accuracy", "Accuratezza di addestramento"),
    "validation_loss": text("Validation loss", "Perdita di validazione"),
    "validation_accuracy": text("Validation accuracy", "Accuratezza di validazione"),
    "test_loss": text("Test loss", "Perdita di test"),
    "test_accuracy": text("Test accuracy", "Accuratezza di test"),
}


@dataclass
class Memory:
    """What a rule remembers: the best figure so far, how many epochs ago that was, and whether it has ended a run."""

    best: float | None = None
    waited: int = 0
    has_fired: bool = False


class Standing(NamedTuple):
    """Where a run stands: updates and epochs so far, and at the end of an epoch its figures, else none."""

    step: int
    epoch: int
    figures: Mapping[str, float]


class Reason(NamedTuple):
    """Why a rule has ended a run: a sentence with `{holes}`, and the numbers and words that belong into them."""

    words: Text
    values: Mapping[str, int | float | Text]


class StopRule(Component):
    """A reason to end a run. `watched` names the figure that it goes by, where it goes by one."""

    kind = "stop_rule"

    @property
    def watched(self) -> str | None:
        return None

    def is_met(self, standing: Standing, memory: Memory) -> bool:
        """Return whether the run should end here, and write down in `memory` what must be remembered."""
        raise NotImplementedError

    def steps_left(self, step: int) -> float:
        """Return after how many more updates it must be asked, whether or not an epoch ends there."""
        return float("inf")

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {"watches": cls().watched}

    def reason(self, epoch: int, memory: Memory) -> Reason:
        """Return why it has ended a run at that epoch."""
        raise NotImplementedError


class AfterEpochs(StopRule):
    name = "epochs"
    label = text("After epochs", "Dopo tante epoche")
    help = text("Ends the run after so many epochs.", "Termina l'addestramento dopo un certo numero di epoche.")
    formula = "e ≥ epochs"
    epochs: int = setting(
        100,
        ge=1,
        le=10_000_000,
        scale="log",
        step=1,
        label=text("Epochs", "Epoche"),
        help=text("How many epochs, counted from the start.", "Quante epoche, contate dall'inizio."),
    )

    def is_met(self, standing: Standing, memory: Memory) -> bool:
        return standing.epoch >= self.epochs

    def reason(self, epoch: int, memory: Memory) -> Reason:
        words = text("It was to stop at epoch {epochs}.", "Doveva fermarsi all'epoca {epochs}.")
        return Reason(words, {"epochs": self.epochs})


class AfterSteps(StopRule):
    name = "steps"
    label = text("After steps", "Dopo tanti passi")
    help = text("Ends the run after so many updates.", "Termina l'addestramento dopo un certo numero di aggiornamenti.")
    formula = "s ≥ steps"
    steps: int = setting(
        1000,
        ge=1,
        le=1_000_000_000,
        scale="log",
        step=1,
        label=text("Steps", "Passi"),
        help=text("How many updates, counted from the start.", "Quanti aggiornamenti, contati dall'inizio."),
    )

    def is_met(self, standing: Standing, memory: Memory) -> bool:
        return standing.step >= self.steps

    def steps_left(self, step: int) -> float:
        return max(0, self.steps - step)

    def reason(self, epoch: int, memory: Memory) -> Reason:
        words = text("It was to stop at step {steps}.", "Doveva fermarsi al passo {steps}.")
        return Reason(words, {"steps": self.steps})


class Target(StopRule):
    name = "target"
    label = text("At a target", "A un traguardo")
    help = text(
        "Ends the run when a figure is as good as wanted: a loss that low, or an accuracy that high.",
        "Termina quando una misura è buona quanto si vuole: una perdita così bassa o un'accuratezza così alta.",
    )
    formula = "loss ≤ value, accuracy ≥ value"
    metric: WatchedMetric = setting(
        "accuracy",
        label=text("Figure", "Misura"),
        help=text("Which figure is looked at, after each epoch.", "Quale misura si guarda, dopo ogni epoca."),
        choices=_WATCHED,
    )
    value: float = setting(
        0.95,
        ge=0,
        le=1000,
        step=0.01,
        label=text("Value", "Valore"),
        help=text("How good it must be.", "Quanto deve essere buona."),
    )

    @property
    def watched(self) -> str | None:
        return self.metric

    def is_met(self, standing: Standing, memory: Memory) -> bool:
        figure = standing.figures.get(self.metric)
        if figure is None:
            return False
        return figure <= self.value if self.metric.endswith("loss") else figure >= self.value

    def reason(self, epoch: int, memory: Memory) -> Reason:
        words = text("{metric}: the target of {value} is reached.", "{metric}: il traguardo di {value} è raggiunto.")
        return Reason(words, {"metric": _WATCHED[self.metric], "value": self.value})


def _patience(default: int) -> Any:
    return setting(
        default,
        ge=0,
        le=100_000,
        scale="log",
        step=1,
        label=text("Patience", "Pazienza"),
        help=text(
            "How many epochs in a row may bring nothing better.",
            "Quante epoche di fila possono non portare nulla di meglio.",
        ),
    )


def _min_delta(default: float) -> Any:
    return setting(
        default,
        ge=0,
        le=10,
        scale="log",
        label=text("Least improvement", "Miglioramento minimo"),
        help=text("By how much a loss must fall to count as better.", "Di quanto deve calare la perdita per contare."),
    )


class PatientRule(StopRule):
    """Ends a run when its figure has not fallen by more than `min_delta` for `patience` epochs, counted as in Keras."""

    patience: int
    min_delta: float

    def is_met(self, standing: Standing, memory: Memory) -> bool:
        figure = standing.figures.get(self.watched or "")
        if figure is None:
            return False
        if memory.best is None or figure < memory.best - self.min_delta:
            memory.best, memory.waited = figure, 0
            return False
        memory.waited += 1
        return memory.waited >= self.patience

    def reason(self, epoch: int, memory: Memory) -> Reason:
        by = text(" by more than {least}", " di più di {least}") if self.min_delta else text("", "")
        words = text(
            f"{{metric}}: it has not fallen{by['en']} since epoch {{best_epoch}}, with a patience of {{patience}}.",
            f"{{metric}}: non cala{by['it']} dall'epoca {{best_epoch}}, con una pazienza di {{patience}}.",
        )
        values: dict[str, int | float | Text] = {
            "metric": _WATCHED[self.watched or ""],
            "least": self.min_delta,
            "best_epoch": epoch - memory.waited,
            "patience": self.patience,
        }
        return Reason(words, values)


class EarlyStopping(PatientRule):
    """Prechelt, Early stopping – but when?, 1998; counts as Keras's EarlyStopping."""

    name = "early_stopping"
    label = text("Early stopping", "Arresto anticipato")
    help = text(
        "Ends the run when the validation loss no longer falls, and takes back the weights with which it was lowest.",
        "Termina quando la perdita di validazione non cala più, e riprende i pesi con cui era più bassa.",
    )
    formula = "validation_loss ≥ best - min_delta, patience times"
    patience: int = _patience(10)
    min_delta: float = _min_delta(0.0)
    restore_best: bool = setting(
        True,
        label=text("Take back the best", "Riprendi i migliori"),
        help=text(
            "Whether the run ends with the weights of its lowest validation loss, rather than with its last.",
            "Se alla fine si riprendono i pesi con la perdita di validazione più bassa invece degli ultimi.",
        ),
    )

    @property
    def watched(self) -> str | None:
        return "validation_loss"

    def reason(self, epoch: int, memory: Memory) -> Reason:
        words, values = super().reason(epoch, memory)
        if not self.restore_best:
            return Reason(words, values)
        back = text(
            " The weights of epoch {best_epoch} are back.",
            " I pesi dell'epoca {best_epoch} sono di nuovo al loro posto.",
        )
        return Reason(text(words["en"] + back["en"], words["it"] + back["it"]), values)


class Plateau(PatientRule):
    name = "plateau"
    label = text("On a plateau", "Su un altopiano")
    help = text(
        "Ends the run when the training loss no longer falls.",
        "Termina quando la perdita di addestramento non cala più.",
    )
    formula = "loss ≥ best - min_delta, patience times"
    patience: int = _patience(20)
    min_delta: float = _min_delta(0.0001)

    @property
    def watched(self) -> str | None:
        return "loss"
