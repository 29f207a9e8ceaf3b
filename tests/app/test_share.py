"""Where others find the server, and the QR codes that lead them there and nowhere else."""

from __future__ import annotations

import io
import ipaddress

import pytest
import segno

from app import addresses


@pytest.fixture
def outside_of_containers(monkeypatch):
    monkeypatch.setattr(addresses, "CONTAINER_MARKS", ())


def drawn(text):
    """Return the QR code that a text should have."""
    image = io.BytesIO()
    options = {"border": 4, "dark": "#000", "light": "#fff", "xmldecl": False, "omitsize": True, "svgclass": None}
    segno.make(text, error="m", micro=False).save(image, kind="svg", **options)
    return image.getvalue()


def ask_for_qr(session, address, token=None, **options):
    body = {"address": address} if token is None else {"address": address, "token": token}
    return session.post("/qr", json=body, **options)


def test_a_server_for_this_machine_alone_says_so(start):
    told = start().http.get("/api/v1/addresses").json()

    assert told == {"reach": "machine", "hosts": []}


@pytest.mark.usefixtures("outside_of_containers")
def test_a_server_on_every_address_names_those_that_others_reach(start):
    server = start(host="0.0.0.0")

    told = server.http.get("/api/v1/addresses", headers={"Host": "localhost"}).json()

    assert told["reach"] == "network"
    found = [ipaddress.ip_address(host) for host in told["hosts"]]
    assert len(found) == len(set(found))
    assert not any(address.is_loopback or address.is_unspecified for address in found)


@pytest.mark.usefixtures("outside_of_containers")
def test_a_server_on_one_address_names_that_one(start):
    server = start(host="192.0.2.20")

    assert server.http.get("/api/v1/addresses").json() == {"reach": "network", "hosts": ["192.0.2.20"]}


@pytest.mark.usefixtures("outside_of_containers")
def test_who_comes_by_another_name_learns_no_address(start):
    server = start(host="192.0.2.20", allowed_hosts=("school.example",))

    for host in ("school.example", "192.0.2.20:8000"):
        assert server.http.get("/api/v1/addresses", headers={"Host": host}).json()["hosts"] == []


def test_inside_of_a_container_the_address_is_not_known(start, monkeypatch, tmp_path):
    monkeypatch.setattr(addresses, "CONTAINER_MARKS", (tmp_path,))
    server = start(host="0.0.0.0")

    assert server.http.get("/api/v1/addresses").json() == {"reach": "container", "hosts": []}


def test_the_code_of_a_page_is_that_of_its_address(server, session):
    for page in ("/", "/mnist"):
        address = f"http://127.0.0.1:{server.port}{page}"

        answer = ask_for_qr(session, address)

        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content == drawn(address)


def test_the_code_of_a_session_holds_the_link_to_it(server, session):
    address = f"http://127.0.0.1:{server.port}/"
    for token in (session.token, session.viewer_token):
        answer = ask_for_qr(session, address, token)

        assert answer.content == drawn(f"{address}#session={session.id}&token={token}")


def test_the_code_of_a_setup_holds_the_link_to_it(server, session):
    address = f"http://127.0.0.1:{server.port}/"
    setup = "data=spiral&noise=0.2&layers=8-leaky_relu(negative_slope:0.1);dropout:0.2&split=0.7-0-0.3"

    answer = session.request("POST", "/qr", json={"address": address, "token": None, "setup": setup})

    assert answer.content == drawn(f"{address}#{setup}")


@pytest.mark.parametrize("setup", ["a b", "<svg>", "é", "x" * 1501, "session=a&token=b", "data=xor&token=b", 5])
def test_no_code_is_drawn_of_what_is_no_setup(server, session, setup):
    address = f"http://127.0.0.1:{server.port}/"

    answer = session.request("POST", "/qr", json={"address": address, "token": None, "setup": setup})

    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "setup"


def test_a_code_holds_a_session_or_a_setup_and_not_both(server, session):
    body = {"address": f"http://127.0.0.1:{server.port}/", "token": session.token, "setup": "data=xor"}

    assert session.request("POST", "/qr", json=body).json()["errors"][0]["code"] == "contradiction"


def test_a_viewer_may_show_others_where_to_watch(server, session):
    address = f"http://127.0.0.1:{server.port}/"

    assert ask_for_qr(session, address, session.viewer_token).status_code == 200
    answer = session.request(
        "POST", "/qr", token=session.viewer_token, json={"address": address, "token": session.viewer_token}
    )
    assert answer.status_code == 200


def test_a_code_of_another_address_of_this_machine_is_drawn(start, outside_of_containers):
    server = start(host="192.0.2.20", allowed_hosts=("school.example",), base_path="/nn")
    session = server.create()

    for host in ("192.0.2.20", "school.example", "127.0.0.1"):
        address = f"http://{host}:{server.port}/nn/mnist"
        assert ask_for_qr(session, address).content == drawn(address)
    # Behind a proxy that speaks TLS, as the browser knows it.
    address = "https://school.example/nn/"
    answer = ask_for_qr(session, address, headers={"Host": "school.example"})
    assert answer.content == drawn(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hello",
        "http://evil.example/",
        "http://evil.example:{port}/",
        "http://127.0.0.1.evil.example:{port}/",
        "http://127.0.0.1:{port}@evil.example/",
        "http://user@127.0.0.1:{port}/",
        "http://127.0.0.1:1/",
        "http://127.0.0.1/",
        "http://127.0.0.1:{port}",
        "http://127.0.0.1:{port}/other",
        "http://127.0.0.1:{port}//evil.example/",
        "http://127.0.0.1:{port}/?text=hello",
        "http://127.0.0.1:{port}/?",
        "http://127.0.0.1:{port}/#hello",
        "http://127.0.0.1:{port}/#",
        "http://127.0.0.1:{port}/\nhello",
        " http://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/mnist/",
        "HTTP://127.0.0.1:{port}/",
        "javascript://127.0.0.1:{port}/",
        "http://[127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/" + "x" * 400,
        "http://127.0.0.1:99999/",
    ],
)
def test_no_code_is_drawn_of_anything_else(server, session, address):
    answer = ask_for_qr(session, address.replace("{port}", str(server.port)))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "address"


def test_no_code_is_drawn_of_another_sessions_token(server, session):
    other = server.create()
    address = f"http://127.0.0.1:{server.port}/"

    for token in (other.token, other.viewer_token, "hello", "", session.token + "x"):
        answer = ask_for_qr(session, address, token)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "token"
        assert not token or token not in answer.text
    other.request("DELETE")


def test_a_token_is_never_asked_for_in_an_address(server):
    routes = server.http.get("/openapi.json").json()["paths"]

    named = {
        parameter["name"]
        for operations in routes.values()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
    }
    assert named and not any("token" in name for name in named)
