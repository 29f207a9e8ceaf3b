"""Host and Origin, as functions of their headers."""

import pytest

from app.security import allowed_hosts, is_host_allowed, is_same_origin

NAMES = allowed_hosts(["school.example"])


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST:8000",
        "127.0.0.1",
        "192.168.1.20:9000",
        "[::1]",
        "[::1]:8000",
        "[fe80::1]:1",
        "school.example",
        "School.Example:443",
    ],
)
def test_the_machines_own_names_and_ip_literals_are_answered_with_any_port(host):
    assert is_host_allowed(host, NAMES)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":8000",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "school.example.evil",
        "sub.school.example",
        "localhost:http",
        "localhost:99999",
        "user@localhost",
        "localhost/path",
        "localhost#",
        "[::1",
        "::1",
        "localhost localhost",
        "löcalhost",
    ],
)
def test_any_other_host_is_refused(host):
    assert not is_host_allowed(host, NAMES)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8000", "localhost:8000"),
        ("HTTP://LOCALHOST:8000", "localhost:8000"),
        ("http://localhost", "localhost"),
        ("http://localhost:80", "localhost"),
        ("https://school.example", "school.example"),
        ("https://school.example", "school.example:443"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_an_origin_that_names_the_host_asked_is_the_same(origin, host):
    assert is_same_origin(origin, host)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://localhost",
        "http://localhost:8001",
        "https://localhost",
        "http://127.0.0.1:8000",
        "http://evil.example:8000",
        "http://sub.localhost:8000",
        "http://localhost:8000.evil.example",
        "http://localhost:8000@evil.example",
        "http://localhost:8000/",
        "http://localhost:8000/path",
        "http://localhost:8000?",
        "file://localhost:8000",
        "chrome-extension://localhost:8000",
        "//localhost:8000",
        "localhost:8000",
        "http://[",
    ],
)
def test_null_other_ports_subdomains_and_everything_else_are_foreign(origin):
    assert not is_same_origin(origin, "localhost:8000")
