"""docs/reverse-proxy.md in both languages: the same examples, which agree with the server's own limits."""

from __future__ import annotations

import re

import pytest
import uvicorn

from app.settings import Settings
from tests.conftest import ROOT
from tests.proxy.proxies import DOCUMENTS, blocks, server_environment

LONGEST_WAIT_S = 60


def without_comments(block: str) -> list[str]:
    return [line for line in block.splitlines() if line.strip() and not line.strip().startswith("#")]


@pytest.mark.parametrize("language", ["nginx", "caddy", "sh"])
def test_both_languages_have_the_same_examples(language: str) -> None:
    english, italian = ([without_comments(block) for block in blocks(language, document)] for document in DOCUMENTS)

    assert english
    assert english == italian


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_links_lead_to_files_and_headings(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    for target in [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]:
        name, _, heading = target.partition("#")
        other = (ROOT / "docs" / name) if name else ROOT / document
        headings = re.findall(r"^#+ (.*)$", other.read_text(encoding="utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", words).lower().replace(" ", "-") for words in headings}
        assert not heading or heading in anchors, target


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"PLAYGROUND_[A-Z_]+", (ROOT / document).read_text(encoding="utf-8")))

    assert named - {f"PLAYGROUND_{name.upper()}" for name in Settings.model_fields} == set()


def test_the_settings_of_the_example_are_ones_that_the_server_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server_environment().items():
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert settings.base_path == "/playground"
    assert [str(network) for network in settings.trusted_proxies] == ["127.0.0.1/32"]


def test_nginx_waits_longer_than_a_silent_stream_and_the_longest_answer() -> None:
    (example,) = blocks("nginx")
    (read_s,) = map(int, re.findall(r"proxy_read_timeout (\d+)s;", example))
    config = uvicorn.Config("app")
    assert config.ws_ping_interval is not None

    assert read_s > 2 * config.ws_ping_interval
    assert read_s > LONGEST_WAIT_S


def test_nginx_takes_bodies_as_large_as_the_server_does() -> None:
    (example,) = blocks("nginx")

    assert f"client_max_body_size {Settings().max_upload_bytes // 2**20}m;" in example
