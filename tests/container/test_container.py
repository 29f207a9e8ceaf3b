"""The image, built from the Dockerfile and run as compose.yaml says."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from tests.container.engine import Container, Engine, health_words
from tests.container.service import Service

# The first test waits for the build.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def container(engine: Engine) -> Iterator[Container]:
    """A container for all tests that leave it as they found it."""
    with engine.run() as container:
        yield container


def new_session(http: httpx.Client, preset: str) -> str:
    """Make a session, take its token and return its path."""
    session = http.post("/sessions", json={"preset": preset}).raise_for_status().json()
    http.headers["Authorization"] = f"Bearer {session['token']}"
    return f"/sessions/{session['id']}"


def client(container: Container) -> httpx.Client:
    return httpx.Client(base_url=f"{container.url}/api/v1", timeout=90)


def train_mnist(container: Container) -> float:
    """Return the test accuracy of a network trained on a sixth of MNIST in the container."""
    with client(container) as http:
        place = new_session(http, "keras-mnist")
        http.patch(f"{place}/spec", json={"data": {"dataset": {"samples": 10_000}}}).raise_for_status()
        answer = http.post(f"{place}/commands", params={"wait": 60}, json={"type": "run", "epochs": 2})
        accuracy: float = answer.raise_for_status().json()["metrics"]["test_accuracy"]
        return accuracy


def files_in(container: Container, folder: str) -> list[str]:
    """Return owner, size, time of change and path of every file below a folder of the container."""
    found = container.execute("find", folder, "-type", "f", "-printf", "%U %s %T@ %p\n")
    return sorted(found.stdout.splitlines())


def test_the_image_starts_a_user_without_rights_on_port_8000_with_its_data_in_a_volume(engine: Engine) -> None:
    config = engine.config()

    assert config["User"] == "10001:10001"
    assert list(config["Volumes"]) == ["/data"]
    assert list(config["ExposedPorts"]) == ["8000/tcp"]
    # Words and no shell: the server itself gets the signal to stop.
    assert [*config["Entrypoint"], *config["Cmd"]] == ["nn-playground", "serve", "--no-browser"]
    assert config["StopSignal"] == "SIGTERM"
    assert health_words(config)[0] == "python3"


def test_the_image_holds_no_compiler_no_cache_and_nothing_of_the_build(container: Container) -> None:
    looked_for = container.execute("sh", "-c", "command -v gcc cc make git /opt/nn-playground/bin/pip")
    left = container.execute("sh", "-c", "ls -d /src /wheel /root/.cache /etc/pip.conf /run/secrets/* /tmp/*")
    sources = container.execute("find", "/opt/nn-playground", "-name", "tests", "-path", "*nn-playground/tests")

    assert looked_for.stdout == ""
    assert left.stdout == ""
    assert sources.stdout == ""


def test_no_process_has_any_right_that_it_does_not_need(container: Container) -> None:
    status = container.execute("sh", "-c", "cat /proc/[0-9]*/status").stdout.splitlines()

    told = {line.split(":")[0]: set[str]() for line in status}
    for line in status:
        told[line.split(":")[0]].add(" ".join(line.split()[1:]))
    # Of a worker's title the kernel shows the first 15 letters.
    assert {"nn-playground-w"} <= told["Name"]
    assert told["Uid"] == told["Gid"] == {"10001 10001 10001 10001"}
    assert told["CapEff"] == told["CapPrm"] == told["CapBnd"] == {"0" * 16}
    assert told["NoNewPrivs"] == {"1"}


def test_the_health_command_tells_a_server_that_answers_from_one_that_does_not(
    engine: Engine, container: Container
) -> None:
    words = health_words(engine.config())

    healthy = container.execute(*words)
    lonely = container.execute("env", "PLAYGROUND_PORT=1", *words)

    assert (healthy.returncode, healthy.stdout) == (0, "Ready.\n")
    assert lonely.returncode == 1
    assert "No answer from" in lonely.stderr


def test_nothing_but_the_volume_and_the_temporary_folder_can_be_written(container: Container) -> None:
    places = {"/": 1, "/opt/nn-playground": 1, "/etc": 1, "/data": 0, "/tmp": 0}

    codes = {place: container.execute("sh", "-c", f"t=$(mktemp -p {place}) && rm $t").returncode for place in places}

    assert codes == places


def test_the_limits_of_compose_yaml_hold(container: Container) -> None:
    service = Service.read()

    # The files of control groups, in their second version and in their first.
    memory = container.execute("sh", "-c", "cd /sys/fs/cgroup; cat memory.max memory/memory.limit_in_bytes").stdout
    processes = container.execute("sh", "-c", "cd /sys/fs/cgroup; cat pids.max pids/pids.max").stdout
    counted = container.execute("python3", "-c", "from app.cores import usable_cores; print(usable_cores())").stdout

    assert int(memory) == service.memory_bytes
    assert int(processes) == service.pids
    assert 1 <= int(counted) <= service.cpus


def test_the_page_and_all_that_it_names_come_out_of_the_container(container: Container) -> None:
    with httpx.Client(base_url=container.url) as http:
        page = http.get("/").raise_for_status()

        files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
        assert any(file.endswith(".js") for file in files)
        assert {file: http.get(file).status_code for file in files} == dict.fromkeys(files, 200)


def test_a_session_over_rest_and_stream_learns(container: Container) -> None:
    with client(container) as http:
        place = new_session(http, "xor-2-4-8-8-1")
        token = http.headers["Authorization"].removeprefix("Bearer ")
        url = f"{container.url.replace('http', 'ws', 1)}/api/v1{place}/stream"
        with connect(url, open_timeout=20) as stream:
            stream.send(json.dumps({"type": "hello", "token": token}))
            welcome = json.loads(stream.recv(timeout=20))
            stream.send(json.dumps({"type": "run", "epochs": 100}))
            points: list[dict[str, float]] = []
            frames, state = 0, ""
            while state != "done":
                message = stream.recv(timeout=60)
                if isinstance(message, bytes):
                    frames += 1
                    header = json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])
                    stream.send(json.dumps({"type": "seen", "seq": header["seq"]}))
                    continue
                event = json.loads(message)
                points += event["points"] if event["type"] == "points" else []
                state = event["state"] if event["type"] == "state" else state

        assert welcome["type"] == "welcome"
        assert frames >= 1
        assert points[-1]["epoch"] == 100
        assert points[-1]["loss"] < points[0]["loss"] / 2
        assert http.delete(place).is_success


def test_the_volume_keeps_what_is_unpacked_for_the_next_container(engine: Engine, container: Container) -> None:
    assert train_mnist(container) > 0.85
    kept = files_in(container, "/data")

    with engine.run() as next_one:
        assert train_mnist(next_one) > 0.85
        found = files_in(next_one, "/data")

    assert sum(int(line.split()[1]) for line in kept) > 50_000_000
    assert {line.split()[0] for line in kept} == {"10001"}
    assert found == kept


def test_a_file_that_is_not_mnist_is_replaced(engine: Engine, container: Container) -> None:
    train_mnist(container)
    path = next(line.split()[-1] for line in files_in(container, "/data") if "train-labels" in line)
    container.execute("sh", "-c", f"yes holiday | head --bytes $(stat --format %s {path}) > {path}.new")
    container.execute("mv", f"{path}.new", path)

    with engine.run() as next_one:
        assert train_mnist(next_one) > 0.85


@pytest.mark.parametrize("volume", ["read-only", "full"])
def test_mnist_learns_without_a_volume_to_write_to(engine: Engine, volume: str) -> None:
    with engine.run(volume) as container:  # type: ignore[arg-type]
        assert train_mnist(container) > 0.85
        # In a folder without room, the smallest of the four files may have found some.
        assert sum(int(line.split()[1]) for line in files_in(container, "/data")) < 65_536


def test_with_no_room_anywhere_all_but_mnist_works_and_one_is_told_why(engine: Engine) -> None:
    with engine.run("full", {"TMPDIR": "/data"}) as container, client(container) as http:
        answer = http.post("/sessions", json={"preset": "keras-mnist"})
        place = new_session(http, "xor-2-2-1")
        trained = http.post(f"{place}/commands", params={"wait": 30}, json={"type": "run", "epochs": 5})
        log = container.log()

    assert answer.status_code == 503
    assert answer.json()["code"] == "dataset_unavailable"
    assert "No space left on device" in answer.json()["detail"]
    assert "MNIST is not ready" in log and "Traceback" not in log
    assert trained.json()["done"] is True


def test_sigterm_ends_it_cleanly_while_a_network_trains_and_someone_watches(engine: Engine) -> None:
    with engine.run() as container, client(container) as http:
        place = new_session(http, "keras-mnist")
        http.post(f"{place}/commands", json={"type": "run"}).raise_for_status()
        token = http.headers["Authorization"].removeprefix("Bearer ")
        with connect(f"{container.url.replace('http', 'ws', 1)}/api/v1{place}/stream") as stream:
            stream.send(json.dumps({"type": "hello", "token": token}))
            stream.recv(timeout=20)
            asked_s = time.monotonic()

            code = container.stop()

        assert code == 0
        assert time.monotonic() - asked_s < Service.read().grace_s
        assert "Traceback" not in container.log()
