"""The page's shell in the reader's language, and the files it loads."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from app import __version__
from app.conditional import conditional_response
from app.i18n import choose_language, load_locales
from app.page_script import PageScript, page_script
from app.static_files import Files

_YEAR_S = 365 * 24 * 3600
# The module that each page starts with.
_ENTRIES = {"playground": "main.js", "mnist": "mnist/main.js", "admin": "admin/main.js"}


class Pages:
    """The templates, locales and static files of one build, whose id is a hash of what the files hold."""

    def __init__(self, templates: Path, static: Path, base_path: str) -> None:
        self.base_path = base_path
        self.build = build_id(static)
        self.static_url = f"{base_path}/static/{self.build}"
        scripts = _page_scripts(static, self.build)
        self.import_maps = {page: _import_map(static, self.static_url, page, scripts[page]) for page in scripts}
        self.modules = {page: _module_urls(static, self.static_url, page) for page in scripts}
        made = {_script_path(page): script.text for page, script in scripts.items()}
        made |= {f"{_script_path(page)}.map": script.source_map for page, script in scripts.items()}
        self.locales = load_locales(static / "locales")
        self.files = Files(static, made)
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
            "import_map": Markup(self.import_maps.get(page or "", "")),
            "modules": self.modules.get(page or "", []),
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


@lru_cache
def _page_scripts(static: Path, build: str) -> dict[str, PageScript]:
    """Return each page's modules as one script; `build` says when what is below `static` is something else."""
    others = _vendored(static)
    return {page: page_script(static / "js", entry, others, f"{page}.js", "../js/") for page, entry in _ENTRIES.items()}


def _script_path(page: str) -> str:
    return f"pages/{page}.js"


def _vendored(static: Path) -> dict[str, str]:
    """Return the modules that are imported by a name, each with its path below `static`."""
    stored: dict[str, dict[str, str]] = json.loads((static / "vendor" / "importmap.json").read_text(encoding="utf-8"))
    return stored["imports"]


def _import_map(static: Path, static_url: str, page: str, script: PageScript) -> str:
    """Return the import map as the page holds it: what is in the page's script is never fetched by itself."""
    imports = {name: f"{static_url}/{path}" for name, path in _vendored(static).items()}
    imports |= {f"{static_url}/js/{module}": f"{static_url}/{_script_path(page)}" for module in script.modules}
    # "<" could end the script element that holds the map.
    return json.dumps({"imports": imports}, separators=(",", ":")).replace("<", "\\u003c")


def _module_urls(static: Path, static_url: str, page: str) -> list[str]:
    """Return the address of every module that a page needs, so that none has to wait for another to name it."""
    return [f"{static_url}/{path}" for path in (*_vendored(static).values(), _script_path(page))]
