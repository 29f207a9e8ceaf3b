"""Ask the server that these settings describe whether it can take work: `python -m app.health`, for containers.

The exit code is 0 if it can, else 1, with one line that says why. It needs neither curl nor a shell, and asks the
server directly, whatever proxy the environment names.
"""

from __future__ import annotations

import http.client
import sys

from app.settings import Settings

_TIMEOUT_S = 5.0


def main() -> int:
    settings = Settings()
    # "Every address" is where the server listens; it is asked on this machine's own.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    failure = failure_of(host, settings.port)
    print(failure or "Ready.", file=sys.stderr if failure else sys.stdout)
    return 1 if failure else 0


def failure_of(host: str, port: int) -> str | None:
    """Return why the server at this address cannot take work, None if it can."""
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        text = answer.read(1000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"No answer from {host}, port {port}: {str(error) or type(error).__name__}."
    finally:
        connection.close()
    return None if answer.status == 200 else f"The server answers {answer.status}: {text}"


if __name__ == "__main__":
    sys.exit(main())
