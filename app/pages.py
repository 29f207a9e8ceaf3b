"""The page's shell in the reader's language, and the files it loads."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from app import __version__
from app.conditional import conditional_response
from app.i18n import choose_language, load_locales
from app.static_files import Files

_YEAR_S = 365 * 24 * 3600
# What a module of ours imports at run time; types are imported in comments.
_IMPORT = re.compile(r'^(?:import|export)\b[^"]*?"(\.{1,2}/[^"]+)";$', re.MULTILINE)


class Pages:
    """The templates, locales and static files of one build, whose id is a hash of what the files hold."""

    def __init__(self, templates: Path, static: Path, base_path: str) -> None:
        self.base_path = base_path
        self.build = build_id(static)
        self.static_url = f"{base_path}/static/{self.build}"
        self.import_map = _import_map(static, self.static_url)
        self.module_preloads = {
            "playground": _module_urls(static, self.static_url, "main.js"),
            "mnist": _module_urls(static, self.static_url, "mnist/main.js"),
            "admin": _module_urls(static, self.static_url, "admin/main.js"),
        }
        self.locales = load_locales(static / "locales")
        self.files = Files(static)
        loader = FileSystemLoader(templates)
        self.environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)

    def suits(self, request: Request) -> bool:
        """Return whether a person's browser asks for a page, rather than a program or a page for data."""
        is_page = not request.url.path.startswith((f"{self.base_path}/api/", f"{self.base_path}/static/"))
        return is_page and request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")

    def error_page(self, request: Request, status: int) -> Response:
        """Return a page that says what went wrong, with the way back."""
        html = self.render("error.html", self._language(request), status=status)
        return Response(html, status, {"Cache-Control": "no-store"}, media_type="text/html")

    def render(self, template: str, language: str, page: str | None = None, **more: Any) -> str:
        """Return a template as HTML; `page` is the page's name where it is one that the header leads to."""
        variables: dict[str, Any] = {
            "base": self.base_path,
            "static": self.static_url,
            "lang": language,
            "import_map": Markup(self.import_map),
            "modulepreloads": self.module_preloads.get(page or "", []),
            "page": page,
            "styles": self._styles_url,
            "t": self.locales[language],
            "version": __version__,
            **more,
        }
        return self.environment.get_template(template).render(variables)

    def router(self) -> APIRouter:
        """Return the routes of the pages and of the files they load."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.show_playground, methods=["GET", "HEAD"])
        router.add_api_route("/mnist", self.show_mnist, methods=["GET", "HEAD"])
        router.add_api_route("/admin", self.show_admin, methods=["GET", "HEAD"])
        router.add_api_route("/static/{build}/{path:path}", self.send_file, methods=["GET", "HEAD"])
        return router

    async def show_playground(self, request: Request) -> Response:
        """Answer the playground in the language that the reader wants."""
        return self._page(request, "playground")

    async def show_mnist(self, request: Request) -> Response:
        """Answer the page on handwritten digits in the language that the reader wants."""
        return self._page(request, "mnist")

    async def show_admin(self, request: Request) -> Response:
        """Answer the page of the one who runs the server; what it shows, it asks for with the admin's token."""
        return self._page(request, "admin")

    async def send_file(self, request: Request, build: str, path: str) -> Response:
        """Answer a static file: this build's to be kept for ever, another's (an old page asks) not at all."""
        return self.files.response(request, path, is_current=build == self.build)

    def _page(self, request: Request, name: str) -> Response:
        language = self._language(request)
        headers = {"Content-Language": language, "Vary": "Accept-Language, Cookie"}
        body = self.render(f"{name}.html", language, page=name).encode()
        response = conditional_response(request, body, "text/html", headers)
        if request.query_params.get("lang") == language:
            response.set_cookie("lang", language, max_age=_YEAR_S, path=f"{self.base_path}/", samesite="lax")
        return response

    def _styles_url(self, sheets: list[str]) -> str:
        """Return the address of all these style sheets in one: each by itself would hold the first picture up."""
        return f"{self.static_url}/css/{'+'.join(sheets)}.css"

    def _language(self, request: Request) -> str:
        asked, cookie = request.query_params.get("lang"), request.cookies.get("lang")
        return choose_language(set(self.locales), asked, cookie, request.headers.get("accept-language", ""))


def build_id(static: Path) -> str:
    """Return a short hash of the names and contents of all files below `static`."""
    digest = hashlib.sha256()
    for file in sorted(static.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            digest.update(f"{file.relative_to(static).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:12]


def _import_map(static: Path, static_url: str) -> str:
    """Return the import map as the page holds it; its paths are stored relative to `static`."""
    stored = json.loads((static / "vendor" / "importmap.json").read_text(encoding="utf-8"))
    imports = {name: f"{static_url}/{path}" for name, path in stored["imports"].items()}
    # "<" could end the script element that holds the map.
    return json.dumps({"imports": imports}).replace("<", "\\u003c")


def _module_urls(static: Path, static_url: str, entry: str) -> list[str]:
    """Return the address of every module that `entry` leads to, so that none has to wait for another to name it."""
    stored = json.loads((static / "vendor" / "importmap.json").read_text(encoding="utf-8"))
    scripts = (static / "js").resolve()
    found: set[Path] = set()
    waiting = [scripts / entry]
    while waiting:
        module = waiting.pop()
        if module not in found and module.is_file():
            found.add(module)
            words = _IMPORT.findall(module.read_text(encoding="utf-8"))
            waiting += [(module.parent / word).resolve() for word in words]
    own = sorted(f"js/{module.relative_to(scripts).as_posix()}" for module in found)
    return [f"{static_url}/{path}" for path in (*stored["imports"].values(), *own)]
