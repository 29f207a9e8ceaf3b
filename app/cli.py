"""The command line: ``serve`` (which stands for no word at all), ``backup``, ``restore``, ``train`` and ``bench``."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from app import __version__

Result = TypeVar("Result")

cli = typer.Typer(
    name="nn-playground",
    help="A neural network playground on a server of your own. Without a command: serve.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command that the arguments name; options alone are `serve`'s."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("--help", "--version")):
        arguments = ["serve", *arguments]
    cli(arguments, prog_name="nn-playground")


def _show_version(is_asked: bool) -> None:
    if is_asked:
        print(f"nn-playground {__version__}")
        raise typer.Exit


@cli.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """What stands before any command."""


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 admits the network.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that train; 0: one fewer than processors.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder for what the server keeps.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", metavar="", help="Do not open a browser.")] = False,
    base_path: Annotated[str | None, typer.Option(help="Path prefix that a proxy shows, as /playground.")] = None,
) -> None:
    """Serve the playground, on http://127.0.0.1:8000 unless told otherwise.

    Further settings are read from environment variables that start with PLAYGROUND_ (see the README).
    """
    from app.serving import CannotListen
    from app.serving import serve as serve_until_stopped
    from app.sessions.store import StoreRefused, check_folder

    settings = _read_settings(host=host, port=port, workers=workers, data_dir=data_dir, base_path=base_path)
    try:
        check_folder(settings.data_dir, settings.max_store_bytes)
        serve_until_stopped(settings, opens_browser=not no_browser)
    except (CannotListen, StoreRefused) as error:
        _refuse(str(error), 1)


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    data_dir: Annotated[Path | None, typer.Option(help="Folder in which the server keeps things.")] = None,
) -> None:
    """Copy all that a server keeps into one file; the server may go on meanwhile."""
    from app.sessions.backup import back_up

    folder = _read_settings(data_dir=data_dir).data_dir
    count = _on_store(lambda: back_up(folder, file))
    print(f"{file}: {count} session(s) of {folder}.")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` has written.")],
    data_dir: Annotated[Path | None, typer.Option(help="Folder in which the server keeps things.")] = None,
) -> None:
    """Put a backup in the place of what a server keeps; stop the server first."""
    from app.sessions.backup import restore as restore_backup

    folder = _read_settings(data_dir=data_dir).data_dir
    count, old = _on_store(lambda: restore_backup(folder, file))
    print(f"{folder}: {count} session(s) of {file}." + (f" What was there before is now {old}." if old else ""))


def _on_store(work: Callable[[], Result]) -> Result:
    import sqlite3

    from app.sessions.store import StoreRefused

    try:
        return work()
    except StoreRefused as refusal:
        _refuse(str(refusal), 1)
    except (OSError, sqlite3.Error) as error:
        _refuse(f"That did not work: {error}.", 1)


def _read_settings(**chosen: Any) -> Any:
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from app.errors import Problem
    from app.settings import Settings

    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        _refuse_fields(Problem.from_validation(error))
    except SettingsError as error:
        _refuse(str(error), 2)


@cli.command()
def train(
    spec: Annotated[
        Path | None, typer.Argument(help="A JSON file with an ExperimentSpec; - is standard input.")
    ] = None,
    preset: Annotated[str | None, typer.Option(help="Train this preset instead of a file.")] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="At most so many epochs; else as the preset or the stop rules say.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Sets the seeds of data, weights and order.")] = None,
    seeds: Annotated[
        str | None, typer.Option(help="Train a network for each, as 1-100, and count how many solve it.", metavar="A-B")
    ] = None,
    solved_at: Annotated[
        float,
        typer.Option(min=0, max=1, help="With --seeds: the accuracy (on the test, if any) that counts as solved."),
    ] = 0.8,
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print one JSON object and nothing else.")
    ] = False,
) -> None:
    """Train without a server, with a progress bar: one network, or with --seeds many at once."""
    from app import seeds as many
    from app import training as one
    from app.errors import Problem

    try:
        experiment, usual_epochs = one.read_spec(spec, preset, seed)
        if seeds is None:
            result = one.train_with_progress(experiment, epochs or usual_epochs)
            (one.print_as_json if as_json else one.print_as_table)(result)
            return
        if seed is not None:
            _refuse("Name either --seed or --seeds.", 2)
        outcomes = many.train_seeds(experiment, epochs or usual_epochs, many.parse_seeds(seeds), solved_at)
        (many.print_as_json if as_json else many.print_as_table)(outcomes)
    except Problem as problem:
        _refuse_fields(problem)
    except KeyboardInterrupt:
        _refuse("Interrupted.", 130)


@cli.command()
def bench(
    more: Annotated[list[str] | None, typer.Argument(hidden=True, metavar="NAME")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Measure these, or all that begin so: --only NAME …")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the results into this file.")] = None,
) -> None:
    """Measure how fast this machine trains, draws, and serves many at a time.

    The groups are update, frame, stack, mnist and load; mnist_best, load_soak, hostile and faults take long: name them.
    """
    # An option takes one word; those after it arrive as arguments.
    _bench_module().main([*(only or []), *(more or [])], json)


def _bench_module() -> Any:
    """Return the benchmark: inside this package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    if (package / "_bench").is_dir():
        return importlib.import_module("app._bench.__main__")
    # Named by its place: `import bench` might find another one first.
    place = package.parent / "bench" / "__init__.py"
    found = importlib.util.spec_from_file_location("bench", place, submodule_search_locations=[str(place.parent)])
    if found is None or found.loader is None or not place.exists():
        _refuse(f"The benchmark is missing: {place.parent} is no package.", 1)
    module = importlib.util.module_from_spec(found)
    sys.modules["bench"] = module
    found.loader.exec_module(module)
    return importlib.import_module("bench.__main__")


def _refuse_fields(problem: Any) -> NoReturn:
    lines = [error["message"] for error in problem.errors] or [problem.detail or problem.title]
    _refuse("\n".join(lines), 2)


def _refuse(text: str, code: int) -> NoReturn:
    print(text, file=sys.stderr)
    raise typer.Exit(code)
