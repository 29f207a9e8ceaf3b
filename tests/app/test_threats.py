"""What docs/threat-model.md promises and no other test holds; and that those it names exist."""

import ast
import base64
import hashlib
import re
from pathlib import Path

import pytest
from fastapi.routing import APIWebSocketRoute, iter_route_contexts

from app.main import create_app
from app.sessions.access import Keys, Role
from app.settings import Settings
from tests.app.conftest import serving, settings_for_tests

ROOT = Path(__file__).resolve().parents[2]
MODEL = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROUTES = [
    (method, str(route.path))
    for route in iter_route_contexts(create_app(Settings()).routes)
    if not isinstance(route.original_route, APIWebSocketRoute)
    for method in sorted(getattr(route, "methods", None) or ())
]
# What a browser would run, or show as a page of this site.
DANGEROUS = ("text/html", "application/xhtml", "text/xml", "application/xml", "javascript")
PATHS = [
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fsessions.sqlite3",
    "/etc/passwd",
    "C:%5cx",
    "%00",
]


def test_a_token_has_256_bits_and_no_two_are_alike():
    tokens = {Keys().issue(role) for role in Role for _ in range(100)}

    assert len(tokens) == 200
    assert {len(base64.urlsafe_b64decode(f"{token}=")) for token in tokens} == {32}


def test_of_a_token_the_data_folder_holds_a_hash_alone(tmp_path):
    with serving(settings_for_tests(tmp_path)) as server:
        session = server.create()
        session.command(type="step")

    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    assert session.id.encode() in kept
    for token in (session.token, session.viewer_token):
        assert token.encode() not in kept
        assert hashlib.sha256(token.encode()).digest() in kept


def test_what_is_secret_is_compared_in_constant_time():
    """Hashes of secrets are compared, and only by compare_digest: == tells by its time how much was right."""
    for file in ("app/sessions/access.py", "app/admin.py"):
        source = (ROOT / file).read_text(encoding="utf-8")
        compared = [
            ast.unparse(node)
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Compare) and any(isinstance(part, ast.Eq | ast.NotEq) for part in node.ops)
        ]

        assert "compare_digest(" in source
        assert not [words for words in compared if re.search("token|hash", words)], file


@pytest.mark.parametrize(("method", "template"), [route for route in ROUTES if "{" in route[1]])
@pytest.mark.parametrize("path", PATHS)
def test_an_id_is_never_a_path(server, session, method, template, path):
    address = re.sub(r"\{[^}]*\}", lambda _: path, template)

    answer = server.http.request(method, address, headers={"Authorization": f"Bearer {session.token}"})

    assert 400 <= answer.status_code < 500, address
    assert "root:" not in answer.text and "SQLite" not in answer.text


@pytest.mark.parametrize(("method", "template"), [route for route in ROUTES if route[1].startswith("/api/")])
def test_no_answer_of_the_interface_is_a_page_even_for_who_wants_one(server, session, method, template):
    address = template.replace("{session_id}", session.id)
    if method == "DELETE":
        address += "/none"  # The session is still needed.

    for accept in ("text/html", "text/html,*/*;q=0.1"):
        headers = {"Authorization": f"Bearer {session.token}", "Accept": accept}
        answer = server.http.request(method, address, headers=headers)
        kind = answer.headers.get("content-type", "")
        assert not any(name in kind for name in DANGEROUS), (address, kind)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "script-src" in answer.headers["content-security-policy"]


def test_a_file_that_someone_sent_comes_back_as_an_attachment_and_never_as_a_page(server, session):
    evil = "<html><script>alert(1)</script>"
    sent = server.http.post(
        "/api/v1/datasets",
        content=f"{evil},b\n1,{evil}\n2,b\n3,{evil}\n4,b\n",
        headers={"Content-Type": "text/csv"},
    )
    assert sent.status_code == 201, sent.text
    answers = [
        server.http.get(f"/api/v1/datasets/{sent.json()['id']}", headers={"Accept": accept})
        for accept in ("text/csv", "application/json", "text/html,*/*;q=0.1")
    ]
    answers.append(session.post("/snapshot"))

    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not any(name in answer.headers["content-type"] for name in DANGEROUS)


def test_a_policy_admits_nothing_inline_and_nothing_from_elsewhere(server):
    policy = server.http.get("/").headers["content-security-policy"]

    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    for directive in ("default-src", "base-uri", "form-action", "frame-ancestors"):
        assert f"{directive} 'none'" in policy


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/api/v1/catalog", "/api/v1/sessions", "/metrics"])
def test_a_page_of_another_site_is_never_allowed_to_read_an_answer(server, method, path):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    answer = server.http.request(method, path, headers=headers)

    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_every_test_that_the_threat_model_names_exists():
    named = re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", MODEL)
    assert len(named) > 20

    for file, test in named:
        path = ROOT / file
        assert path.exists(), file
        assert not test or re.search(rf"\bdef {test}\(", path.read_text(encoding="utf-8")), f"{file}::{test}"


def test_the_links_of_the_documents_lead_somewhere():
    for document in ("docs/threat-model.md", "SECURITY.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert "://" in target or ((ROOT / document).parent / target.split("#")[0]).exists(), target
