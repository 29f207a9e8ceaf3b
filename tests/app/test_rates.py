"""How fast one address may create sessions: the buckets by themselves, and over real sockets."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.client import client_of
from app.rates import TokenBuckets
from app.settings import Settings
from tests.app.conftest import SMALL_SPEC

LONG_AGO_S = 5e6  # Some two months after the start of a machine, when floating-point seconds are coarser.


def taken(buckets, now_s, attempts=1000, client="a"):
    return sum(buckets.take(client, now_s) == 0 for _ in range(attempts))


@pytest.mark.parametrize("now_s", [0.0, 0.1, LONG_AGO_S])
@pytest.mark.parametrize("per_minute", [1, 7, 60, 600])
def test_a_burst_is_as_large_as_it_may_be_and_no_larger(now_s, per_minute):
    assert taken(TokenBuckets(60, per_minute), now_s) == 60


def test_then_one_after_the_other_as_fast_as_the_bucket_fills():
    buckets = TokenBuckets(at_once=5, per_minute=60)
    assert taken(buckets, 100.0) == 5

    assert buckets.take("a", 100.5) == pytest.approx(0.5)
    assert buckets.take("a", 101.0) == 0
    assert buckets.take("a", 101.0) == pytest.approx(1.0)
    assert taken(buckets, 103.0) == 2
    assert taken(buckets, 1000.0) == 5


def test_asking_in_vain_does_not_prolong_the_wait():
    buckets = TokenBuckets(at_once=1, per_minute=60)
    assert taken(buckets, 0.0) == 1

    for tenth in range(1, 10):
        assert buckets.take("a", tenth / 10) > 0

    assert buckets.take("a", 1.0) == 0


def test_asking_how_long_takes_nothing():
    buckets = TokenBuckets(at_once=1, per_minute=60)

    assert [buckets.wait_s("a", 0.0) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", 0.0) == 0
    assert buckets.wait_s("a", 0.25) == pytest.approx(0.75)
    assert buckets.wait_s("b", 0.25) == 0


def test_one_client_does_not_wait_for_another():
    buckets = TokenBuckets(at_once=2, per_minute=1)

    assert taken(buckets, 0.0, client="a") == 2
    assert taken(buckets, 0.0, client="b") == 2


def test_what_is_kept_is_bounded_by_the_clients_of_the_last_minute():
    buckets = TokenBuckets(at_once=60, per_minute=60)

    most = 0
    for number in range(100_000):
        buckets.take(f"client {number}", number / 1000)  # A thousand new addresses a second, each once.
        most = max(most, len(buckets))

    assert most < 4000


def test_a_bucket_that_is_not_full_is_not_forgotten():
    buckets = TokenBuckets(at_once=60, per_minute=60)
    assert taken(buckets, 0.0, client="greedy") == 60

    for number in range(20_000):
        buckets.take(f"client {number}", 0.001)

    assert buckets.take("greedy", 0.001) > 0


@given(st.integers(1, 20), st.integers(1, 600), st.lists(st.floats(0, 30), max_size=200))
def test_never_more_pass_in_any_span_than_a_burst_and_what_flows_in(at_once, per_minute, pauses):
    buckets, now_s, passed = TokenBuckets(at_once, per_minute), LONG_AGO_S, []

    for pause_s in pauses:
        now_s += pause_s
        if buckets.take("a", now_s) == 0:
            passed.append(now_s)

    for first, begin_s in enumerate(passed):
        for last in range(first, len(passed)):
            flowed_in = (passed[last] - begin_s) * per_minute / 60
            assert last - first + 1 <= at_once + flowed_in + 1e-3


def create(server, forwarded="", **options):
    headers = {"X-Forwarded-For": forwarded.encode("latin-1")} if forwarded else {}
    options = options or {"json": {"spec": SMALL_SPEC}}
    return server.http.post("/api/v1/sessions", headers={**headers, **options.pop("headers", {})}, **options)


def test_a_class_of_sixty_behind_one_router_comes_in_at_once(start):
    defaults = Settings()
    server = start(
        max_creations_at_once=defaults.max_creations_at_once,
        max_creations_per_minute=defaults.max_creations_per_minute,
    )

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: create(server), range(60)))

    assert [answer.status_code for answer in answers] == [201] * 60


def test_one_creation_too_many_is_told_when_to_come_back(start):
    server = start(max_creations_at_once=3, max_creations_per_minute=2)
    assert [create(server).status_code for _ in range(3)] == [201] * 3

    answer = create(server)

    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "too_many_creations"
    assert "3 sessions" in answer.json()["detail"] and "2 a minute" in answer.json()["detail"]
    assert 28 <= int(answer.headers["retry-after"]) <= 30
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_waits_as_long_as_told_may_create_again(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=60)
    assert create(server).status_code == 201
    refused = create(server)
    assert refused.status_code == 429

    time.sleep(int(refused.headers["retry-after"]))  # What a client that was refused does.

    assert create(server).status_code == 201


def test_what_exists_already_goes_on_when_no_more_may_be_created(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=1)
    session = server.create()
    assert create(server).status_code == 429

    assert session.get().status_code == 200
    assert session.command(type="step")["done"]
    assert session.request("DELETE").status_code == 204


def test_restoring_a_snapshot_counts_too(start):
    server = start(max_creations_at_once=2, max_creations_per_minute=1)
    snapshot = server.create().post("/snapshot").content
    upload = {"content": snapshot, "headers": {"Content-Type": "application/octet-stream"}}

    assert create(server, **upload).status_code == 201
    assert create(server, **upload).status_code == 429


def test_what_fails_counts_too(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=1, trusted_proxies="127.0.0.1")
    failures: list[dict[str, Any]] = [
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        {"content": b"no snapshot", "headers": {"Content-Type": "application/octet-stream"}},
        {"content": b"<html>", "headers": {"Content-Type": "text/html"}},
        {"json": {"preset": "no such"}},
    ]

    for number, body in enumerate(failures):
        address = f"198.51.100.{number}"
        assert create(server, address, **body).status_code in (400, 415, 422)
        assert create(server, address, **body).status_code == 429


def test_a_large_upload_that_is_not_taken_gets_the_answer_and_leaves_the_connection_usable(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=1)
    assert create(server).status_code == 201
    upload = {"content": b"x" * 20_000_000, "headers": {"Content-Type": "application/octet-stream"}}

    assert create(server, **upload).status_code == 429
    assert server.http.get("/healthz").status_code == 200


def test_a_foreign_page_cannot_use_up_what_a_class_may_create(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=1)

    refused = server.http.post("/api/v1/sessions", headers={"Origin": "https://evil.example"})

    assert refused.status_code == 403
    assert create(server).status_code == 201


def test_a_forged_address_does_not_help(start):
    server = start(max_creations_at_once=2, max_creations_per_minute=1)

    codes = [create(server, f"198.51.100.{number}").status_code for number in range(6)]

    assert codes == [201, 201, 429, 429, 429, 429]


def test_the_clients_of_a_trusted_proxy_count_apart(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=1, trusted_proxies="127.0.0.1")

    codes = [create(server, address).status_code for address in ["198.51.100.1", "198.51.100.2", "198.51.100.1"]]

    assert codes == [201, 201, 429]


def test_behind_a_trusted_proxy_that_appends_a_forged_list_does_not_help(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=1, trusted_proxies="127.0.0.1,::1")

    forged = [f"203.0.113.{number}, 127.0.0.1, 198.51.100.1" for number in range(4)]
    codes = [create(server, header).status_code for header in forged]

    assert codes == [201, 429, 429, 429]


def test_addresses_within_one_network_of_ipv6_count_together(start):
    server = start(max_creations_at_once=2, max_creations_per_minute=1, trusted_proxies="127.0.0.1")

    codes = [create(server, f"2001:db8::{number:x}").status_code for number in range(1, 5)]

    assert codes == [201, 201, 429, 429]


@pytest.mark.parametrize("name", ["Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "Client-IP"])
def test_no_other_header_names_a_client_even_from_a_trusted_proxy(name):
    headers = [(name.lower().encode(), b"198.51.100.1")]
    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": headers}

    assert client_of(scope, Settings(trusted_proxies="127.0.0.1").trusted_proxies) == "127.0.0.1"


def test_headers_that_are_huge_or_strange_do_no_harm(start):
    server = start(trusted_proxies="127.0.0.1")

    for header in ("9" * 30_000, "127.0.0.1," * 3000, "::" * 15_000, "%" * 30_000, "\xff" * 100):
        begin_s = time.monotonic()
        answer = create(server, header)

        assert answer.status_code in (201, 400)
        assert time.monotonic() - begin_s < 5
        assert httpx.get(f"http://127.0.0.1:{server.port}/healthz").status_code == 200
