"""Where the files that are not Python lie: beside ``app`` in a checkout, inside it when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def assets_dir(name: str) -> Path:
    """Return the folder ``name`` ("static", "templates", "content").

    The place is derived from this file, never from the current folder: a server may be started
    from a folder that contains another ``app``. Raises FileNotFoundError if the folder is missing.
    """
    candidates = (_PACKAGE / "_assets" / name, _PACKAGE.parent / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder {name!r} is neither in {candidates[0].parent} nor in {candidates[1].parent}.")
