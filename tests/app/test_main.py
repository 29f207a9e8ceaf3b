"""The application as a whole."""

import subprocess
import sys

from app.main import create_app
from app.settings import Settings

IMPORTED = """
import multiprocessing, os, threading
os.environ["PLAYGROUND_PORT"] = "nonsense"  # Whoever read it now would fail.
import app.main
assert threading.active_count() == 1
assert not multiprocessing.active_children()
"""


def test_importing_the_application_does_no_work():
    result = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, timeout=60)

    assert result.returncode == 0, result.stderr


def test_two_applications_in_one_process_know_nothing_of_each_other(start):
    first, second = start(), start(max_units=5)
    session = first.create()

    assert second.http.get(f"/api/v1/sessions/{session.id}", headers=bearer(session)).status_code == 404
    assert session.get().status_code == 200
    limits = [server.http.get("/api/v1/catalog").json()["limits"]["units"] for server in (first, second)]
    assert limits == [1024, 5]


def test_no_page_of_documentation_loads_scripts_from_elsewhere():
    app = create_app(Settings())

    assert app.docs_url is None
    assert app.redoc_url is None
    assert app.openapi_url == "/openapi.json"


def bearer(session):
    return {"Authorization": f"Bearer {session.token}"}
