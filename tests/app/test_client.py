"""Which address counts: nobody is believed but the peer, and what a trusted proxy writes."""

from ipaddress import ip_network

import pytest

from app.client import client_of

PROXIES = [ip_network("10.0.0.1"), ip_network("10.9.0.0/16"), ip_network("fd00::/64")]


def client(peer, *forwarded, trusted=PROXIES):
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return client_of({"type": "http", "client": (peer, 50_000), "headers": headers}, trusted)


def test_without_a_proxy_the_peer_counts():
    assert client("192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize("forwarded", ["198.51.100.1", "10.0.0.1", "127.0.0.1, 10.0.0.1", "junk", ""])
@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.2", "127.0.0.1"])
def test_a_stranger_is_not_believed(peer, forwarded):
    assert client(peer, forwarded) == peer


def test_by_default_nobody_is_believed():
    assert client("127.0.0.1", "198.51.100.1", trusted=()) == "127.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("  198.51.100.1\t", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1, 10.9.3.4", "198.51.100.1"),
        ("198.51.100.1,10.0.0.1,10.9.3.4", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("junk, 198.51.100.1", "198.51.100.1"),
        ("<script>, 198.51.100.1, ::ffff:10.0.0.1", "198.51.100.1"),
    ],
)
def test_a_trusted_proxy_is_believed_from_the_right(forwarded, expected):
    assert client("10.0.0.1", forwarded) == expected


def test_a_header_that_comes_twice_is_one_list():
    assert client("10.0.0.1", "203.0.113.9, 198.51.100.1", "10.9.3.4") == "198.51.100.1"
    assert client("10.0.0.1", "203.0.113.9", "198.51.100.1") == "198.51.100.1"


@pytest.mark.parametrize(
    "forwarded",
    [
        "",
        ",",
        "unknown",
        "198.51.100.1,",
        "198.51.100.1, junk",
        "198.51.100.1, junk, 10.9.3.4",
        "198.51.100.1:1234",
        "[2001:db8::1]",
        "198.51.100.1 198.51.100.2",
        "198.51.100.01",
        "198.51.100.１",
        "0x7f.1",
        "3232235521",
        "\xa0198.51.100.1",
        "for=198.51.100.1",
        "," * 60_000,
        "9" * 60_000,
    ],
)
def test_where_the_header_makes_no_sense_the_proxy_itself_counts(forwarded):
    raw = forwarded.encode("utf-8").decode("latin-1")

    assert client("10.0.0.1", raw) == "10.0.0.1"


@pytest.mark.parametrize("forwarded", ["10.0.0.1", "10.9.1.1, 10.0.0.1", ",".join(["10.9.1.1"] * 5000)])
def test_where_only_proxies_are_named_the_nearest_counts(forwarded):
    assert client("10.9.0.1", forwarded) == "10.9.0.1"


def test_who_trusts_everyone_believes_nobody():
    assert client("192.0.2.7", "198.51.100.1", trusted=[ip_network("0.0.0.0/0"), ip_network("::/0")]) == "192.0.2.7"


@pytest.mark.parametrize(
    "peer", ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:DB8:1:2:0::9", "2001:db8:1:2::1%eth0"]
)
def test_ipv6_counts_by_its_first_64_bits(peer):
    assert client(peer) == "2001:db8:1:2::/64"
    assert client("fd00::1", peer) == "2001:db8:1:2::/64"


def test_neighbouring_networks_of_ipv6_count_apart():
    assert client("2001:db8:1:2::1") != client("2001:db8:1:3::1")


def test_ipv4_counts_the_same_through_a_socket_for_both():
    assert client("::ffff:192.0.2.7") == client("192.0.2.7") == "192.0.2.7"
    assert client("::ffff:10.0.0.1", "198.51.100.1") == "198.51.100.1"


def test_a_socket_without_addresses_counts_as_one_client():
    assert client_of({"type": "http", "client": None, "headers": []}, PROXIES) == ""
    assert client_of({"type": "websocket", "headers": []}, PROXIES) == ""
