"""The attacks in full counts belong to the benchmark, which an installed package has too."""

import importlib.util

import pytest

from bench import __main__, hostile


@pytest.mark.parametrize("attack", [hostile.made_up_requests, hostile.any_commands])
def test_an_attack_whose_tool_is_not_installed_says_so_in_one_line(monkeypatch, capsys, attack):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(SystemExit) as ended:
        attack()

    assert ended.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_attacks_are_figures_that_are_measured_when_they_are_named():
    assert [name for name in __main__.FIGURES if name.startswith("hostile")] == [
        "hostile_schemathesis",
        "hostile_stream",
        "hostile_frames",
    ]
