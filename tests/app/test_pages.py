"""The page's shell, its language, its policy, and the files it loads."""

import base64
import hashlib
import json
import re

import httpx
import pytest

from app.page_script import without_comments
from tests.conftest import ROOT

STATIC = ROOT / "static"
MEDIA_TYPES = {
    "js/main.js": "text/javascript; charset=utf-8",
    "pages/playground.js": "text/javascript; charset=utf-8",
    "pages/playground.js.map": "application/json",
    "vendor/preact/preact.mjs": "text/javascript; charset=utf-8",
    "css/tokens.css": "text/css; charset=utf-8",
    "locales/it.json": "application/json",
    "icon.svg": "image/svg+xml",
}

every_page = pytest.mark.parametrize("page", ["/", "/mnist"])


def static_url(html):
    (url,) = re.findall(r'src="([^"]*/static/[0-9a-f]+)/pages/\w+\.js"', html)
    return url


def import_map(html):
    (text,) = re.findall(r'<script type="importmap">(.*?)</script>', html, re.S)
    return text


def test_the_page_is_html_in_english_by_default(server):
    response = server.http.get("/")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-language"] == "en"
    assert '<html lang="en"' in response.text


@every_page
def test_the_browsers_language_is_taken(server, page):
    response = server.http.get(page, headers={"Accept-Language": "it-IT,it;q=0.9,en;q=0.5"})

    assert '<html lang="it"' in response.text
    assert "set-cookie" not in response.headers
    assert {"Accept-Language", "Cookie"} <= set(response.headers["vary"].split(", "))


def test_a_language_asked_for_is_remembered(server):
    response = server.http.get("/?lang=it")
    server.http.cookies.clear()

    assert '<html lang="it"' in response.text
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("lang=it;")
    assert "samesite=lax" in cookie.lower()
    assert "path=/;" in cookie.lower() + ";"
    remembered = server.http.get("/", headers={"Cookie": "lang=it"})
    assert '<html lang="it"' in remembered.text


def test_an_unknown_language_is_neither_taken_nor_remembered(server):
    response = server.http.get("/?lang=xx")

    assert '<html lang="en"' in response.text
    assert "set-cookie" not in response.headers


def test_the_policy_allows_exactly_the_import_maps_that_are_in_the_pages(server):
    pages = [server.http.get(path) for path in ("/", "/mnist", "/admin")]

    hashes = [base64.b64encode(hashlib.sha256(import_map(page.text).encode()).digest()).decode() for page in pages]
    for page in pages:
        (allowed,) = re.findall(r"script-src ([^;]*);", page.headers["content-security-policy"])
        assert allowed.split() == ["'self'", *(f"'sha256-{digest}'" for digest in hashes)]


@every_page
def test_nothing_inline_but_the_import_map_is_in_the_page(server, page):
    html = server.http.get(page).text

    scripts = re.findall(r"<script([^>]*)>", html)
    assert [attributes for attributes in scripts if "src=" not in attributes] == [' type="importmap"']
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


@every_page
def test_everything_that_the_page_names_can_be_loaded(server, page):
    html = server.http.get(page).text
    named = set(re.findall(r'(?:src|href)="([^"]*/static/[^"]*)"', html))
    named |= set(json.loads(import_map(html))["imports"].values())

    assert len(named) > 10
    for url in named:
        assert server.http.get(url).status_code == 200, url


@pytest.mark.parametrize(("path", "media_type"), MEDIA_TYPES.items())
def test_files_of_this_build_are_typed_and_kept_for_ever(server, path, media_type):
    static = static_url(server.http.get("/").text)

    response = server.http.get(f"{static}/{path}")

    assert response.headers["content-type"] == media_type
    assert "immutable" in response.headers["cache-control"]
    assert "etag" in response.headers


def test_files_of_another_build_are_answered_and_not_kept(server):
    response = server.http.get("/static/0123456789ab/js/main.js")

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "../app/main.py",
        "..%2f..%2fpyproject.toml",
        "%2e%2e/%2e%2e/pyproject.toml",
        "js",
        "",
        "%00",
        "a" * 5000,
    ],
)
def test_nothing_outside_of_the_files_is_answered(server, path):
    response = server.http.get(f"/static/0123456789ab/{path}")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("folder", ["js", "css", "vendor", "locales"])
def test_every_text_travels_compressed_to_who_can_read_it(server, folder):
    static = static_url(server.http.get("/").text)
    files = [file for file in (STATIC / folder).rglob("*") if file.is_file() and file.stat().st_size > 500]

    assert files
    for file in files:
        url = f"{static}/{file.relative_to(STATIC).as_posix()}"
        response, plain = server.http.get(url), server.http.get(url, headers={"Accept-Encoding": "identity"})
        assert response.headers["content-encoding"] == "gzip", url
        assert "content-encoding" not in plain.headers, url
        assert response.headers["vary"] == "Accept-Encoding"
        assert response.content == plain.content
        sent = file.read_text(encoding="utf-8")
        assert plain.text == (without_comments(sent) if folder == "js" else sent)


def test_scripts_come_without_their_comments_and_with_all_their_lines(server):
    static = static_url(server.http.get("/").text)
    file = STATIC / "js" / "start.js"

    sent, written = server.http.get(f"{static}/js/start.js").text, file.read_text(encoding="utf-8")

    assert "/**" in written
    assert not re.search(r"^\s*/\*\*.*\*/$", sent, re.MULTILINE)
    assert len(sent) < 0.8 * len(written)
    assert sent.count("\n") == written.count("\n")


def test_what_is_asked_for_again_is_compressed_once_and_whole(server):
    for path in ("/", "/api/v1/catalog", "/api/v1/catalog/previews"):
        response, plain = server.http.get(path), server.http.get(path, headers={"Accept-Encoding": "identity"})

        assert response.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert "Accept-Encoding" in response.headers["vary"]
        assert response.content == plain.content


def test_who_has_a_file_already_is_told_so(server):
    static = static_url(server.http.get("/").text)
    first = server.http.get(f"{static}/js/main.js")

    again = server.http.get(f"{static}/js/main.js", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_style_sheets_come_as_one(server):
    static = static_url(server.http.get("/").text)
    sheets = [server.http.get(f"{static}/css/{name}.css").text for name in ("tokens", "base")]

    both = server.http.get(f"{static}/css/tokens+base.css")

    assert both.text == "".join(sheets)
    assert both.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in both.headers["cache-control"]


@pytest.mark.parametrize(
    "name", ["tokens+nothing", "tokens+tokens", "tokens+..%2fjs%2fmain", "+", "tokens+", "+".join(["x"] * 100)]
)
def test_style_sheets_that_are_not_there_make_none(server, name):
    assert server.http.get(f"/static/0123456789ab/css/{name}.css").status_code == 404


@every_page
def test_who_has_the_page_already_is_told_so(server, page):
    first = server.http.get(page)
    again = server.http.get(page, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert again.status_code == 304
    assert "content-security-policy" in again.headers


@every_page
def test_head_answers_like_get_without_a_body(server, page):
    response = server.http.head(page)

    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("is_stripped", [False, True], ids=["prefix kept", "prefix taken off by the proxy"])
def test_everything_works_under_a_path_prefix(start, is_stripped):
    server = start(base_path="/school/nn")
    root = "" if is_stripped else "/school/nn"
    http = server.http
    http.base_url = f"http://127.0.0.1:{server.port}{root}"

    html = http.get("/").text
    static = static_url(html)
    assert static.startswith("/school/nn/static/")
    assert http.get(static.removeprefix("/school/nn") + "/js/main.js").status_code == 200
    assert all(url.startswith(static) for url in json.loads(import_map(html))["imports"].values())
    assert http.get("/healthz").status_code == 200
    assert "path=/school/nn/" in http.get("/?lang=it").headers["set-cookie"].lower()
    created = http.post("/api/v1/sessions")
    assert created.headers["location"] == f"/school/nn/api/v1/sessions/{created.json()['id']}"
    server.base_path = root
    with server.connect(f"/api/v1/sessions/{created.json()['id']}/stream") as stream:
        assert stream.hello(created.json()["token"])["state"] == "idle"


def test_the_prefix_itself_without_a_slash_is_the_page(start):
    server = start(base_path="/nn")

    assert server.http.get(f"http://127.0.0.1:{server.port}/nn").status_code == 200


@pytest.mark.parametrize(("page", "name"), [("/", "Playground"), ("/mnist", "MNIST")])
def test_the_header_leads_to_both_pages_and_says_which_one_this_is(server, page, name):
    html = server.http.get(page).text

    assert re.findall(r'<a href="[^"]*" aria-current="page">(\w+)</a>', html) == [name]
    assert {'href="/"', 'href="/mnist"'} <= set(re.findall(r'href="[^"#?]*"', html))


@every_page
def test_every_module_that_a_page_needs_is_announced_and_no_other(server, page):
    html = server.http.get(page).text
    announced = re.findall(r'<link rel="modulepreload" href="([^"]+)">', html)

    (started,) = re.findall(r'<script type="module" src="([^"]*)">', html)
    assert started in announced
    assert set(announced) == set(json.loads(import_map(html))["imports"].values())
    assert len(announced) < 10


@every_page
def test_a_module_that_is_in_the_pages_script_is_never_fetched_by_itself(server, page):
    html = server.http.get(page).text
    base = static_url(html)
    (script,) = re.findall(r'<script type="module" src="([^"]*)">', html)
    imports = json.loads(import_map(html))["imports"]
    joined = {name for name, url in imports.items() if url == script}

    source_map = server.http.get(f"{script}.map").json()
    assert {f"{base}/js/{source}" for source in source_map["sources"]} == joined
    for module in joined:
        code = server.http.get(module).text
        imported = re.findall(r'^import [^"]*"(\.[^"]+)";$', code, re.MULTILINE)
        assert {str(httpx.URL(module).join(path)) for path in imported} <= joined
