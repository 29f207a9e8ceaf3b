"""What /metrics tells: true figures under few labels, in a form that Prometheus reads."""

from __future__ import annotations

import httpx
import psutil
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from app.main import create_app
from app.settings import Settings
from tests.app.conftest import wait_until

OURS = "nn_playground_"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


class Figures:
    """All samples of a scrape, by name and labels."""

    def __init__(self, families):
        self.samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    def __call__(self, name, **labels):
        return self.samples[OURS + name, frozenset(labels.items())]

    def labels(self, label):
        return {value for _, labels in self.samples for name, value in labels if name == label}


def scrape(http):
    response = http.get("/metrics")
    assert response.status_code == 200
    return Figures(read_text(response.text))


def test_prometheus_and_openmetrics_both_find_every_figure(start):
    server = start()
    server.create()

    plain = server.http.get("/metrics")
    openmetrics = server.http.get("/metrics", headers={"Accept": OPENMETRICS})

    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert openmetrics.headers["content-type"].startswith("application/openmetrics-text")
    names = {name for name, _ in Figures(read_text(plain.text)).samples}
    assert names == {name for name, _ in Figures(read_openmetrics(openmetrics.text)).samples}
    assert {"process_resident_memory_bytes", "process_start_time_seconds", OURS + "build_info"} <= names


def test_the_figures_agree_with_what_was_done(start):
    server = start()
    running, paused, idle, deleted = (server.create() for _ in range(4))
    deleted.request("DELETE")
    paused.command(type="step")
    with running.open_stream() as stream:
        stream.command(type="run", speed=100.0)
        for _ in range(5):
            stream.next_frame()

        figures = scrape(server.http)

        assert figures("sessions", state="running") == 1
        assert figures("sessions", state="paused") == 1
        assert figures("sessions", state="idle") == 1
        assert figures("streams") == 1
        assert figures("frames_sent_total") >= 5
        assert figures("events_sent_total") >= sum(event["type"] != "ack" for event in stream.all_events)
        # A worker tells of itself twice a second.
        wait_until(lambda: scrape(server.http)("worker_running_sessions", worker="0") == 1)
        assert figures("worker_sessions", worker="0") == 3
        assert 0 <= figures("worker_frame_lateness_seconds", worker="0") < 5
        assert figures("session_requests_total", outcome="created") == 4
        assert figures("http_requests_total", method="POST", route="/api/v1/sessions", status="201") == 4
        assert figures("http_requests_total", method="DELETE", route="/api/v1/sessions/{session_id}", status="204") == 1
        assert figures("memory_bytes", process="web") > 10_000_000
    wait_until(lambda: scrape(server.http)("streams") == 0)
    assert scrape(server.http)("frames_sent_total") >= figures("frames_sent_total")
    idle.request("DELETE")


def test_the_queue_and_what_became_of_requests_for_sessions_are_counted(start):
    server = start(max_sessions=1, max_queue=1, max_creations_at_once=3, max_creations_per_minute=1)

    answers = [server.http.post("/api/v1/sessions").status_code for _ in range(4)]
    server.http.post("/api/v1/sessions", content=b"{", headers={"Content-Type": "application/json"})

    figures = scrape(server.http)
    assert answers == [201, 201, 503, 429]
    assert figures("queue_length") == figures("sessions", state="queued") == 1
    assert figures("session_requests_total", outcome="created") == 2
    assert figures("session_requests_total", outcome="server_full") == 1
    assert figures("session_requests_total", outcome="too_many_creations") == 2


def test_exactly_one_status_of_saving_holds(start):
    figures = scrape(start().http)

    statuses = {status: figures("saving", status=status) for status in ("ok", "disk_full", "locked", "failed", "off")}
    assert sorted(statuses.values()) == [0, 0, 0, 0, 1]
    assert statuses["ok"] == 1


def test_what_is_stored_is_told(start):
    server = start()
    server.create().command(type="step")

    wait_until(lambda: scrape(server.http)("stored_sessions") == 1)
    assert scrape(server.http)("stored_bytes") > 1000


def test_nobody_can_add_a_label(start):
    server = start()
    server.http.get("/metrics")
    for number in range(20):
        server.http.get(f"/nothing/{number}")
        server.http.get(f"/static/{number}/js/main.js")
        server.http.get(f"/api/v1/sessions/{number}/history?token={number}")
        server.http.request(f"METHOD{number}", "/healthz")
        server.http.get("/healthz", headers={"Host": f"host{number}.example"})
    before = len(scrape(server.http).samples)

    for number in range(20, 60):
        server.http.get(f"/nothing/{number}")
        server.http.get(f"/static/{number}/js/main.js")
        server.http.get(f"/api/v1/sessions/{number}/history?token={number}")
        server.http.request(f"METHOD{number}", "/healthz")
        server.http.get("/healthz", headers={"Host": f"host{number}.example"})

    figures = scrape(server.http)
    assert len(figures.samples) == before
    assert figures.labels("method") == {"GET", "other"}
    assert figures.labels("route") == {
        "none",
        "/metrics",
        "/healthz",
        "/static/{build}/{path:path}",
        "/api/v1/sessions/{session_id}/history",
    }


def test_no_id_no_token_and_no_address_is_told(start):
    server = start(admin_token="a-token-of-the-admin")
    session = server.create()
    session.get("/history")
    server.http.get("/api/v1/admin/load", headers={"Authorization": "Bearer a-token-of-the-admin"})
    with session.open_stream():
        text = server.http.get("/metrics").text

    for secret in (session.id, session.token, session.viewer_token, "a-token-of-the-admin", "127.0.0.1", "localhost"):
        assert secret not in text


def test_two_applications_in_one_process_count_for_themselves(start):
    first, second = start(), start()

    first.create()

    assert scrape(first.http)("session_requests_total", outcome="created") == 1
    assert scrape(second.http)("session_requests_total", outcome="created") == 0
    assert scrape(second.http)("sessions", state="idle") == 0


def test_a_failure_of_the_server_is_counted_as_one(start):
    server = start()
    server.process.app.state.sessions.previews = None  # It is called, which fails.

    route = "/api/v1/catalog/previews"
    assert server.http.get(route, headers={"Connection": "close"}).status_code == 500
    assert scrape(server.http)("http_requests_total", method="GET", route=route, status="500") == 1


def test_it_stands_at_the_root_under_a_prefix_too(start):
    server = start(base_path="/school")

    assert server.http.get(f"http://127.0.0.1:{server.port}/metrics").status_code == 200
    assert server.http.get("/metrics").status_code == 200


def test_importing_and_making_applications_registers_nothing_globally():
    from prometheus_client import REGISTRY

    before = {family.name for family in REGISTRY.collect()}
    create_app(Settings(placement="thread"))
    create_app(Settings(placement="thread"))

    assert {family.name for family in REGISTRY.collect()} == before


@pytest.mark.skipif(not hasattr(psutil, "LINUX") or not psutil.LINUX, reason="reads the memory of workers in /proc")
def test_the_figures_are_right_again_after_a_worker_was_killed(start_server):
    server = start_server("--workers", "2")
    with httpx.Client(base_url=server.url, timeout=30) as http:
        for _ in range(4):
            session = http.post("/api/v1/sessions").raise_for_status().json()
            command = {"type": "step"}
            authorization = {"Authorization": f"Bearer {session['token']}"}
            http.post(f"/api/v1/sessions/{session['id']}/commands?wait=20", json=command, headers=authorization)
        before = scrape(http)
        assert before("workers") == 2 and before("worker_restarts_total") == 0
        workers = [
            child
            for child in psutil.Process(server.process.pid).children(recursive=True)
            if "nn-playground-worker" in " ".join(child.cmdline())
        ]

        workers[0].kill()

        wait_until(lambda: scrape(http)("worker_restarts_total") == 1, timeout_s=30)
        wait_until(lambda: scrape(http)("workers") == 2, timeout_s=30)
        wait_until(lambda: sum(of_workers(scrape(http), "worker_sessions")) == 4, timeout_s=30)
        after = scrape(http)
        assert after("sessions", state="paused") == 4
        assert after.samples.keys() - before.samples.keys() <= {key for key in after.samples if "http" in key[0]}
        assert min(of_workers(after, "memory_bytes", "process", "worker-")) > 10_000_000


def of_workers(figures, name, label="worker", prefix=""):
    return [figures(name, **{label: f"{prefix}{number}"}) for number in range(2)]
