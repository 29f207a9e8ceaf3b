"""nginx and Caddy as docs/reverse-proxy.md sets them up, on free ports of this machine."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from run import find_program
from tests.conftest import ROOT

NAME = "school.example"
PREFIX = "/playground"
PROXY_ADDRESS = "127.0.0.1"
DOCUMENTS = ("docs/reverse-proxy.md", "docs/reverse-proxy.it.md")


def blocks(language: str, document: str = DOCUMENTS[0]) -> list[str]:
    """Return the code blocks of one language in a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def server_environment() -> dict[str, str]:
    """Return what the document writes into the server's environment."""
    (lines,) = (block for block in blocks("sh") if block.startswith("PLAYGROUND_"))
    return dict(line.split("=", 1) for line in lines.splitlines())


@dataclass(frozen=True)
class Certificate:
    """A certificate that signs itself, for NAME."""

    certificate: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> Certificate:
        made = cls(folder / "certificate.pem", folder / "key.pem")
        words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        words += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        words += ["-out", str(made.certificate), "-keyout", str(made.key)]
        subprocess.run(["openssl", *words], check=True, capture_output=True)
        return made

    def context(self) -> ssl.SSLContext:
        """Return what makes a client trust this certificate, and no other."""
        return ssl.create_default_context(cafile=str(self.certificate))


@dataclass
class Proxy:
    """A proxy before a server; clients may come from any address of 127.0.0.0/8."""

    program: str
    folder: Path
    certificate: Certificate
    server_port: int
    port: int = field(default_factory=lambda: free_port())
    plain_port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def authority(self) -> str:
        return f"{NAME}:{self.port}"

    @property
    def origin(self) -> str:
        return f"https://{self.authority}"

    def configuration(self) -> str:
        """Return the document's example, with this machine's places in it."""
        (text,) = blocks(self.program)
        places = {
            "/etc/ssl/certs/school.example.pem": str(self.certificate.certificate),
            "/etc/ssl/private/school.example.key": str(self.certificate.key),
        }
        if self.program == "nginx":
            places["proxy_pass http://127.0.0.1:8000;"] = f"proxy_pass http://127.0.0.1:{self.server_port};"
            places["listen 80;"] = f"listen {PROXY_ADDRESS}:{self.plain_port};"
            places["listen 443 ssl;"] = f"listen {PROXY_ADDRESS}:{self.port} ssl;"
            places["listen [::]:80;"] = places["listen [::]:443 ssl;"] = ""
            return _NGINX.format(user=self.folder.owner(), folder=self.folder, site=replaced(text, places))
        places["* 127.0.0.1:8000 {"] = f"* 127.0.0.1:{self.server_port} {{"
        return _CADDY.format(proxy=self, address=PROXY_ADDRESS) + replaced(text, places)

    def start(self) -> None:
        """Start the proxy and wait until it answers."""
        file = self.folder / "configuration"
        file.write_text(self.configuration())
        program = find_program(self.program)
        assert program is not None
        words = {
            "nginx": [program, "-p", str(self.folder), "-e", "stderr", "-c", str(file)],
            "caddy": [program, "run", "--adapter", "caddyfile", "--config", str(file)],
        }[self.program]
        # Whatever it keeps, it keeps in the folder.
        environment = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin"}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(words, cwd=self.folder, env=environment, stdout=log, stderr=log)
        deadline_s = time.monotonic() + 30
        while not accepts(self.port):
            assert self.process.poll() is None and time.monotonic() < deadline_s, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the proxy at once: open connections break."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    @contextmanager
    def client(self, address: str = "127.0.0.2") -> Iterator[httpx.Client]:
        """A client of the public site that comes from an address of its own."""
        transport = _NamedTransport(self, address)
        with httpx.Client(base_url=f"{self.origin}{PREFIX}", transport=transport, timeout=60) as http:
            yield http

    @contextmanager
    def raw(self) -> Iterator[ssl.SSLSocket]:
        """A connection on which the test writes every byte itself."""
        with (
            socket.create_connection((PROXY_ADDRESS, self.port), timeout=20) as plain,
            self.certificate.context().wrap_socket(plain, server_hostname=NAME) as secured,
        ):
            yield secured

    @contextmanager
    def stream(self, session: dict[str, Any], **options: Any) -> Iterator[ClientConnection]:
        """A stream of a session that has not said hello."""
        url = f"wss://{self.authority}{PREFIX}/api/v1/sessions/{session['id']}/stream"
        with ExitStack() as stack:
            yield self._opened(stack, url, {"origin": self.origin, **options})

    def _opened(self, stack: ExitStack, url: str, options: dict[str, Any]) -> ClientConnection:
        """Open a socket, and once more where that stalls.

        The client reads in one thread while it writes in another, for which an SSLSocket is not made before Python
        3.13.6: now and then the answer to the handshake is there, and nobody is told.
        """
        for attempts_left in (2, 1, 0):
            plain = stack.enter_context(socket.create_connection((PROXY_ADDRESS, self.port), timeout=20))
            try:
                opened = connect(url, sock=plain, ssl=self.certificate.context(), **options)
                break
            except TimeoutError:
                if not attempts_left:
                    raise
        stream: ClientConnection = stack.enter_context(opened)
        return stream


class _NamedTransport(httpx.HTTPTransport):
    """Reaches the proxy by its address under its name, for which no resolver is asked."""

    def __init__(self, proxy: Proxy, address: str) -> None:
        super().__init__(verify=proxy.certificate.context(), local_address=address)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = NAME
        request.url = request.url.copy_with(host=PROXY_ADDRESS)  # The header with the name was made before.
        return super().handle_request(request)


def replaced(text: str, places: dict[str, str]) -> str:
    """Return the text with each place replaced; AssertionError if one of them is no longer in it."""
    for place, other in places.items():
        assert place in text, f"{place!r} does not stand in the document's example any more."
        text = text.replace(place, other)
    return text


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((PROXY_ADDRESS, 0))
        port: int = listener.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((PROXY_ADDRESS, port)) == 0


# What Debian's nginx.conf has around a site, as far as it matters; the folders are nginx's own.
_NGINX = """\
daemon off;
user {user};
pid {folder}/nginx.pid;
events {{}}
http {{
    types {{}}
    access_log off;
    error_log stderr;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""
# Ports 80 and 443 are other ones here, and there is none for Caddy's own administration.
_CADDY = """\
{{
    admin off
    default_bind {address}
    http_port {proxy.plain_port}
    https_port {proxy.port}
    grace_period 1s
    servers {{
        protocols h1 h2
    }}
}}
"""
