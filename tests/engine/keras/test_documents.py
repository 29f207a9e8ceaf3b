"""The programs in the documents run as they stand there."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", ["keras.md", "keras.it.md"])
def test_the_programs_of_a_document_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    programs = re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)

    for program in programs:
        exec(program, {})

    assert programs
    printed = capsys.readouterr().out
    assert 'Model: "sequential' in printed
    accuracy = float(re.findall(r"0\.\d+\]", printed)[0].rstrip("]"))
    assert accuracy > 0.9, printed
