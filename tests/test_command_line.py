"""The command line as people and scripts use it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from typer.testing import CliRunner, Result

from app import __version__
from app.cli import cli
from engine.presets import PRESETS
from engine.registry import components
from tests.conftest import ROOT, StartServer, running_server


def run(*words: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "app", *words],
        cwd=ROOT,
        env={**os.environ, **environ},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


def run_here(*words: str, stdin: str = "") -> Result:
    """Run a command in this process, where what it says does not depend on having one of its own."""
    return CliRunner().invoke(cli, words, input=stdin)


def train(*words: str, stdin: str = "") -> dict[str, Any]:
    result = run_here("train", *words, "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_it_tells_its_version() -> None:
    assert run("--version").stdout == f"nn-playground {__version__}\n"


def test_train_prints_one_json_object_and_nothing_else() -> None:
    document = train("--preset", "xor-2-2-1", "--epochs", "2")

    assert document["parameters"] == 9
    assert set(document) >= {"spec", "parameters", "epochs", "test_loss", "test_accuracy", "blas", "seed"}
    assert [epoch["epoch"] for epoch in document["epochs"]] == [1, 2]
    names = ["loss", *(name for name, metric in components("metric").items() if "binary" in metric.tasks)]
    figures = {f"{part}{name}" for part in ("", "test_") for name in names}
    assert {"accuracy", "test_accuracy"} < figures
    assert set(document["epochs"][0]) == {"epoch", "seconds"} | figures
    assert document["test_loss"] == document["epochs"][-1]["test_loss"]
    assert "1 thread" in document["blas"]


def test_seed_sets_all_three_seeds() -> None:
    document = train("--preset", "xor-2-2-1", "--epochs", "1", "--seed", "5")

    spec = document["spec"]
    assert [spec["data"]["seed"], spec["network"]["seed"], spec["training"]["seed"], document["seed"]] == [5, 5, 5, 5]


def test_the_same_seed_gives_the_same_numbers() -> None:
    words = ("train", "--preset", "xor-2-2-4-1", "--epochs", "5", "--seed", "3", "--json")
    runs = [json.loads(run(*words).stdout) for _ in range(2)]

    for document in runs:
        for epoch in document["epochs"]:
            del epoch["seconds"]
    assert runs[0] == runs[1]


def test_seeds_tell_how_many_networks_solve_it_and_each_is_the_one_that_seed_trains() -> None:
    document = train("--preset", "xor-2-2-1", "--seeds", "1-20,33", "--epochs", "150")

    assert document["seeds"] == [*range(1, 21), 33] == [run["seed"] for run in document["runs"]]
    assert document["solved"] + document["stuck"] == 21
    assert document["solved"] > 0 and document["stuck"] > 0 and document["diverged"] == 0
    alone = train("--preset", "xor-2-2-1", "--seed", "33", "--epochs", "150")
    assert document["runs"][-1]["test_loss"] == pytest.approx(alone["test_loss"], rel=1e-3)
    assert document["runs"][-1]["test_accuracy"] == pytest.approx(alone["test_accuracy"], abs=0.01)


def test_seeds_tell_which_networks_diverge() -> None:
    linear = {"layers": [{"units": 3, "activation": "linear"}], "output_activation": "linear"}
    training = {"optimizer": {"name": "sgd", "learning_rate": 100}, "loss": "mean_squared_error"}

    document = train(
        "-", "--seeds", "1-3", "--epochs", "20", stdin=json.dumps({"network": linear, "training": training})
    )

    assert (document["solved"], document["stuck"], document["diverged"]) == (0, 0, 3)
    assert document["runs"][0]["loss"] is None


def test_seeds_are_shown_in_a_table_of_how_they_ended() -> None:
    result = run("train", "--preset", "xor-2-2-1", "--seeds", "1-5", "--epochs", "2", COLUMNS="120")

    assert result.returncode == 0
    assert all(outcome in result.stdout for outcome in ("solved", "stuck", "diverged", "5 networks of 9 parameters"))


@pytest.mark.parametrize(
    ("words", "spec", "message"),
    [
        (("--seeds", "9-3"), {}, "--seeds 9-3"),
        (("--seeds", "one"), {}, "--seeds one"),
        (("--seeds", "1-99999"), {}, "at most 10000"),
        (("--seeds", "1-3", "--seed", "4"), {}, "either --seed or --seeds"),
        (("--seeds", "1-3"), {"data": {"dataset": "plane"}}, "these data have none"),
        (("--seeds", "1-3"), {"training": {"stop": ["plateau"]}}, "training.stop[0] is plateau"),
    ],
)
def test_seeds_that_cannot_be_counted_are_refused_in_one_line(
    words: tuple[str, ...], spec: dict[str, Any], message: str
) -> None:
    result = run_here("train", "-", *words, stdin=json.dumps(spec))

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize("preset", [name for name in PRESETS if PRESETS[name].group in ("start", "tasks")])
def test_a_preset_trains_for_its_own_number_of_epochs(preset: str) -> None:
    assert len(train("--preset", preset)["epochs"]) == PRESETS[preset].epochs


def test_a_spec_is_read_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    text = json.dumps({"network": {"layers": [{"units": 3}]}, "data": {"split": {"validation": 0.2, "test": 0.3}}})
    (tmp_path / "spec.json").write_text(text)

    from_file = train(str(tmp_path / "spec.json"), "--epochs", "1")
    from_stdin = train("-", "--epochs", "1", stdin=text)

    assert from_file["spec"] == from_stdin["spec"]
    assert from_file["parameters"] == 13
    assert "validation_accuracy" in from_file["epochs"][0]


def test_without_json_there_is_a_table_and_the_progress_bar_is_kept_apart() -> None:
    result = run("train", "--preset", "xor-2-2-1", "--epochs", "40")

    header = [cell.strip() for cell in result.stdout.splitlines()[1].strip("┃").split("┃")]
    assert header == ["epoch", "seconds", "loss", "accuracy", "test loss", "test accuracy"]
    assert "9 parameters" in result.stdout
    assert len(result.stdout.splitlines()) < 20
    assert "epoch 40 of 40" in result.stderr


def test_stop_rules_end_a_run_and_the_figures_are_those_of_the_weights_it_ended_with() -> None:
    spec = {
        "data": {
            "dataset": {"name": "xor", "samples": 60, "noise": 0.3},
            "split": {"train": 0.4, "validation": 0.3, "test": 0.3},
        },
        "training": {"optimizer": {"name": "adam", "learning_rate": 0.1}, "batch_size": 6},
    }
    rules = {"stop": [{"name": "early_stopping", "patience": 6}, {"name": "steps", "steps": 100_000}]}
    steps = {"stop": [{"name": "steps", "steps": 10}]}

    early = train("-", stdin=json.dumps({**spec, "training": {**spec["training"], **rules}}))
    short = train("-", stdin=json.dumps({**spec, "training": {**spec["training"], **steps}}))

    best = min(early["epochs"], key=lambda epoch: float(epoch["validation_loss"]))
    assert early["stopped_by"] == "early_stopping"
    assert early["epochs"][-1]["epoch"] == best["epoch"] + 6
    assert early["test_loss"] == best["test_loss"]
    assert (short["stopped_by"], len(short["epochs"])) == ("steps", 3)


def test_a_run_that_diverges_is_a_result() -> None:
    spec = {"data": {"dataset": "xor"}, "training": {"optimizer": {"name": "sgd", "learning_rate": 100}}}
    spec["network"] = {"layers": [{"units": 8, "activation": "relu"}] * 4, "output_activation": "linear"}

    document = train("-", "--epochs", "50", stdin=json.dumps(spec))

    assert document["diverged"] is True
    assert len(document["epochs"]) < 50


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ('{"network": {"layers": [{"units": 0}]}}', "network.layers[0].units is 0; it must be at least 1"),
        ('{"training": {"optimizer": "adaam"}}', "adaam"),
        ('{"trainning": {}}', "trainning is not a known field"),
        ('{"data": {"dataset": {"name": "xor", "noise": NaN}}}', "noise"),
        ("[]", "object"),
        ("{", "not valid JSON"),
    ],
)
def test_a_bad_spec_is_refused_with_the_field_at_fault(spec: str, message: str) -> None:
    result = run_here("train", "-", "--json", stdin=spec)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_every_field_at_fault_has_a_line() -> None:
    result = run_here("train", "-", stdin='{"network": {"layers": [{"units": 0}]}, "training": {"batch_size": 0}}')

    assert len(result.stderr.strip().splitlines()) == 2


@pytest.mark.parametrize(
    "words", [("no-such-file.json",), ("--preset", "no-such-preset"), (), ("spec.json", "--preset", "xor-2-2-1")]
)
def test_train_says_in_a_line_what_is_wrong_with_its_arguments(words: tuple[str, ...]) -> None:
    result = run_here("train", *words)

    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_told_in_one_line_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        result = run("--no-browser", "--port", str(port))

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.strip().splitlines() == [result.stderr.strip()]
    assert f"Port {port} is taken" in result.stderr
    assert "--port" in result.stderr


def test_a_foreign_address_is_told_in_one_line() -> None:
    result = run("serve", "--no-browser", "--host", "192.0.2.1", "--port", "0")

    assert result.returncode == 1
    assert "192.0.2.1 is not an address of this machine" in result.stderr


def test_a_bad_setting_is_told_in_one_line() -> None:
    result = run("serve", "--no-browser", PLAYGROUND_PORT="70000")

    assert result.returncode == 2
    assert "port is 70000; it must be at most 65535" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_server_says_once_where_it_answers(start_server: StartServer) -> None:
    server = start_server("--base-path", "/play", "--workers", "1")

    assert server.url.startswith("http://127.0.0.1:")
    assert server.url.endswith("/play")
    assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert server.stop() == 0
    assert server.process.stdout is not None
    admin = server.process.stdout.read()
    assert re.fullmatch(rf"Admin: {re.escape(server.url)}/admin#token=[A-Za-z0-9_-]{{43}}\n", admin)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_and_its_workers(start_server: StartServer, number: signal.Signals) -> None:
    import psutil

    server = start_server("--workers", "2")
    children = psutil.Process(server.process.pid).children(recursive=True)

    server.process.send_signal(number)

    assert server.process.wait(timeout=15) == 0
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups of this kind")
@pytest.mark.parametrize("times", [1, 2, 3])
def test_ctrl_c_at_once_stops_everything_without_a_word(tmp_path: Path, times: int) -> None:
    command = [sys.executable, "-P", "-m", "app", "--no-browser", "--port", "0", "--data-dir", str(tmp_path)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Ready: ")

        # A terminal sends it to the server and to its workers, and the impatient press it again.
        for _ in range(times):
            os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise

    assert process.returncode == 0
    assert errors == ""


def test_a_request_that_waits_for_a_run_does_not_hold_the_stop(start_server: StartServer) -> None:
    server = start_server("--workers", "1")
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=30) as api, ThreadPoolExecutor() as pool:
        session = api.post("/sessions", json={"preset": "perceptron-xor"}).raise_for_status().json()
        api.headers["Authorization"] = f"Bearer {session['token']}"
        place = f"/sessions/{session['id']}"

        waiting = pool.submit(api.post, f"{place}/commands", params={"wait": 60}, json={"type": "run"})
        while api.get(place).json()["state"] != "running":
            pass
        exit_code = server.stop()

        assert exit_code == 0
        assert waiting.result().json()["done"] is False


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
def test_workers_do_not_outlive_a_server_that_is_killed(start_server: StartServer) -> None:
    import psutil

    server = start_server("--workers", "2")
    children = psutil.Process(server.process.pid).children(recursive=True)

    server.process.kill()

    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_an_unknown_command_is_called_one() -> None:
    result = run("nonsense")

    assert result.returncode == 2
    assert "No such command 'nonsense'" in result.stderr


def test_an_administrators_token_that_was_chosen_is_printed_nowhere(tmp_path: Path) -> None:
    chosen = "chosen-by-the-administrator"
    with running_server(tmp_path, env={"PLAYGROUND_ADMIN_TOKEN": chosen}) as server:
        answer = httpx.get(f"{server.url}/api/v1/admin/load", headers={"Authorization": f"Bearer {chosen}"})
        server.stop()

        assert answer.status_code == 200
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""


def test_a_short_administrators_token_is_refused_without_repeating_it() -> None:
    result = run("serve", "--no-browser", PLAYGROUND_ADMIN_TOKEN="too-short")

    assert result.returncode == 2
    assert "admin_token" in result.stderr and "16" in result.stderr
    assert "too-short" not in result.stderr + result.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit.")
def test_more_connections_than_a_shell_allows_at_first_are_taken(tmp_path: Path) -> None:
    few = ("bash", "-c", 'ulimit -Sn 100; exec "$@"', "bash", sys.executable, "-P", "-m", "app")

    with running_server(tmp_path, command=few) as server, ExitStack() as stack:
        address = urlsplit(server.url)
        for _ in range(200):
            stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=10))
        assert httpx.get(f"{server.url}/healthz", timeout=10).status_code == 200
