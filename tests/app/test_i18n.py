"""Which language a reader gets."""

import pytest

from app.i18n import choose_language


@pytest.mark.parametrize(
    ("asked", "cookie", "accept", "language"),
    [
        (None, None, "", "en"),
        ("it", None, "", "it"),
        ("it", "en", "en", "it"),
        ("IT", None, "", "it"),
        (None, "it", "en", "it"),
        (None, None, "it", "it"),
        (None, None, "it-CH,it;q=0.9,en;q=0.8", "it"),
        (None, None, "fr,de;q=0.9,it;q=0.2", "it"),
        (None, None, "en;q=0.3,it;q=0.7", "it"),
        (None, None, "it;q=0,en", "en"),
        (None, None, "it;q=nonsense,en;q=0.1", "en"),
        (None, None, "fr", "en"),
        ("xx", "yy", "it", "it"),
        ("../../etc/passwd", None, "", "en"),
        (None, None, ",;,q=1;;,", "en"),
    ],
)
def test_the_query_comes_before_the_cookie_before_the_browser_before_english(asked, cookie, accept, language):
    assert choose_language({"en", "it"}, asked, cookie, accept) == language
