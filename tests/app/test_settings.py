"""The settings and what they say of themselves."""

import re

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_every_setting_explains_itself_in_a_sentence():
    for name, field in Settings.model_fields.items():
        assert field.description and field.description.endswith("."), name


def test_settings_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_MAX_UNITS", "99")
    monkeypatch.setenv("PLAYGROUND_ALLOWED_HOSTS", "School.example, lab.example")

    settings = Settings()

    assert settings.limits()["units"] == 99
    assert settings.allowed_hosts == ("school.example", "lab.example")


@pytest.mark.parametrize(
    ("written", "meant"), [("", ""), ("/", ""), ("nn", "/nn"), ("/nn/", "/nn"), ("//a//b/", "/a/b")]
)
def test_a_base_path_is_brought_into_one_form(written, meant):
    assert Settings(base_path=written).base_path == meant


@pytest.mark.parametrize("path", ["/a b", "/a?b", '/"', "/<script>", "/../x", "/é", "/a;b"])
def test_a_base_path_that_would_need_escaping_is_refused(path):
    with pytest.raises(ValidationError):
        Settings(base_path=path)


def test_limits_are_every_maximum_by_its_short_name():
    limits = Settings().limits()

    assert limits["layers"] == 10
    assert limits["units"] == 1024
    assert limits["message_bytes"] == 1_048_576
    assert set(limits) == {name[4:] for name in Settings.model_fields if name.startswith("max_")}


def test_trusted_proxies_are_addresses_and_networks():
    proxies = Settings(trusted_proxies=" 127.0.0.1, 10.0.0.0/8,,fd00::/64 ").trusted_proxies

    assert [str(network) for network in proxies] == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/64"]
    assert Settings(trusted_proxies="").trusted_proxies == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("proxy.example", "'proxy.example' is not an IP address or network"),
        ("127.0.0.1, 10.0.0.0/33", "'10.0.0.0/33' is not an IP address or network"),
        ("127.0.0.1 10.0.0.1", "is not an IP address or network"),
        ("*", "'*' is not an IP address or network"),
        ("10.1.2.3/8", "write 10.1.2.3 or 10.0.0.0/8"),
    ],
)
def test_a_trusted_proxy_that_is_none_is_refused_in_a_clear_word(written, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        Settings(trusted_proxies=written)
