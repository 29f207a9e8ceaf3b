"""The server under a path prefix, whether or not the proxy before it takes the prefix off."""

from starlette.types import ASGIApp, Receive, Scope, Send


class BasePathMiddleware:
    """Gives every request the form that ASGI asks for: `root_path` is the prefix, and `path` begins with it."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self.app = app
        self.base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.base_path and scope["type"] in ("http", "websocket"):
            path = scope["path"]
            if path == self.base_path:
                path += "/"
            elif not path.startswith(f"{self.base_path}/"):
                path = self.base_path + path
            scope = {**scope, "path": path, "root_path": self.base_path}
        await self.app(scope, receive, send)
