"""What an importer makes of a text: a spec, how to look at it, and notes on what could not be taken."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.errors import printable
from engine import ExperimentSpec

_MOST_NOTES = 100


@dataclass(frozen=True)
class Note:
    """Something that could not be taken as it stood, and what became of it.

    `field` is the key in the text, or the field of the spec in which two programs differ; `value` is what stood there,
    `to` what was taken for it, `limit` the bound that it went beyond.
    """

    field: str
    code: str
    message: str
    value: Any = None
    to: Any = None
    limit: Any = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "field": self.field[:80],
            "code": self.code,
            "message": self.message,
            "value": printable(self.value),
            "to": printable(self.to),
            "limit": printable(self.limit),
        }


@dataclass(frozen=True)
class View:
    """How the experiment is to be looked at: hidden parts of the page, and what the map shows.

    None: the text does not say.
    """

    hidden: tuple[str, ...] = ()
    show_others: bool | None = None
    discretise: bool | None = None


@dataclass(frozen=True)
class Imported:
    """What a text says."""

    spec: ExperimentSpec
    notes: list[Note] = field(default_factory=list)
    view: View = View()

    def shortened(self) -> Imported:
        """Return this with as many notes as somebody may read."""
        if len(self.notes) <= _MOST_NOTES:
            return self
        rest = len(self.notes) - _MOST_NOTES
        more = Note("", "more_notes", f"{rest} more notes were left out.", rest)
        return replace(self, notes=[*self.notes[:_MOST_NOTES], more])

    def to_dict(self) -> dict[str, Any]:
        return {
            "spec": self.spec.full(),
            "notes": [note.to_dict() for note in self.notes],
            "view": {**asdict(self.view), "hidden": list(self.view.hidden)},
        }
