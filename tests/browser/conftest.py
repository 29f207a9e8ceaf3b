"""What all tests in a browser share: patience."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.checks import PATIENCE_MS


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Machines that test are slow, and shared."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)
