"""The administrator's token, and the load that it opens."""

from __future__ import annotations

import base64
import re

import pytest
from pydantic import ValidationError

from app.admin import Admin
from app.api.admin import Load
from app.settings import Settings
from tests.app.conftest import wait_until
from tests.app.test_schema import assert_as_described

TOKEN = "chosen-by-the-administrator"


def ask(server, token=TOKEN, **headers):
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    return server.http.get("/api/v1/admin/load", headers={**authorization, **headers})


def test_without_a_token_nothing_is_told_and_with_another_there_is_nothing(start):
    server = start(admin_token=TOKEN)
    session = server.create()

    missing = ask(server, token="")
    assert (missing.status_code, missing.json()["code"]) == (401, "no_token")
    assert missing.headers["www-authenticate"].startswith("Bearer")
    for token in ("wrong", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), session.token, session.viewer_token):
        refused = ask(server, token)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert ask(server).status_code == 200


def test_the_administrators_token_opens_no_session(start):
    server = start(admin_token=TOKEN)
    session = server.create()

    assert session.get(token=TOKEN).status_code == 404
    assert session.request("DELETE", token=TOKEN).status_code == 404


def test_who_guesses_has_to_wait_and_nobody_else_does(start):
    server = start(admin_token=TOKEN, trusted_proxies="127.0.0.1")
    guesser, administrator = {"X-Forwarded-For": "192.0.2.66"}, {"X-Forwarded-For": "192.0.2.1"}

    answers = [ask(server, f"guess-{number}", **guesser).status_code for number in range(12)]

    assert answers == [404] * 10 + [429] * 2
    # Not even the right one is looked at, or guessing would only have to go on.
    waiting = ask(server, **guesser)
    assert (waiting.status_code, waiting.json()["code"]) == (429, "too_many_tries")
    assert 1 <= int(waiting.headers["retry-after"]) <= 6
    assert ask(server, **administrator).status_code == 200


def test_looking_often_is_no_guessing(start):
    server = start(admin_token=TOKEN)

    assert {ask(server).status_code for _ in range(40)} == {200}


def test_a_token_is_made_where_none_was_chosen_and_is_another_each_time():
    first, second = Admin(""), Admin("")

    assert first.generated and second.generated and first.generated != second.generated
    assert len(base64.urlsafe_b64decode(first.generated + "=")) == 32
    assert first.opens(first.generated, "client") and not first.opens(second.generated, "client")
    assert Admin(TOKEN).generated is None and not Admin(TOKEN).opens("", "client")


@pytest.mark.parametrize("token", ["short", "x" * 15, "sixteen or more, with spaces", "quattordici-è-poco", "a/b" * 10])
def test_a_token_that_is_short_or_cannot_stand_in_an_address_is_refused_unrepeated(token):
    with pytest.raises(ValidationError) as refused:
        Settings(admin_token=token)

    assert "at least 16 characters" in str(refused.value)
    assert token not in str(refused.value)


def test_the_settings_do_not_show_the_token():
    assert TOKEN not in repr(Settings(admin_token=TOKEN))


def test_the_load_is_what_was_done(start):
    server = start(admin_token=TOKEN, max_sessions=3, max_queue=5)
    sessions = [server.create() for _ in range(4)]
    sessions[0].command(type="step")
    with sessions[1].open_stream() as stream:
        stream.command(type="run", speed=100.0)
        stream.next_frame()

        load = ask(server).json()

        assert_as_described(load, Load)
        states = {state: count for state, count in load["sessions"].items() if count}
        assert states == {"paused": 1, "running": 1, "idle": 1, "queued": 1}
        assert load["streams"] == 1 and load["frames"] >= 1 and load["events"] >= 1
        assert load["worker_restarts"] == 0 and len(load["workers"]) == 1
        assert load["web"]["memory_bytes"] > 10_000_000 and load["web"]["processor_s"] > 0
        assert load["uptime_s"] > 0 and load["saving"] == "ok"
        assert load["limits"]["sessions"] == 3 and "token" not in str(load)
    wait_until(lambda: ask(server).json()["streams"] == 0)
    later = ask(server).json()
    assert later["time_s"] > load["time_s"] and later["frames"] >= load["frames"]


def test_the_page_holds_no_figures_and_no_other_page_leads_to_it(start):
    server = start(admin_token=TOKEN)

    page = server.http.get("/admin")

    assert page.status_code == 200
    assert 'content="noindex"' in page.text
    assert TOKEN not in page.text
    for other in ("/", "/mnist"):
        assert not re.search(r'href="[^"]*/admin', server.http.get(other).text)
