"""The built web app: its files, and index.html for every path that is the app's own.

The files lie inside the package (`web_dist`), so that nothing of Node is needed at run time.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from tesela.http.deps import services

DIST = Path(__file__).parent.parent / "web_dist"
FRAMED = ("dashboards/shared/", "embed/")
"""What other sites may show in a frame, when they are named."""
IMMUTABLE = "public, max-age=31536000, immutable"
COMPRESSED = {".js", ".css", ".html", ".svg", ".json", ".webmanifest"}
NOT_BUILT = "The web app is not built; run make setup, or use the API under /api"
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    gzipped: bytes | None
    kind: str
    etag: str


def install(app: FastAPI, dist: Path = DIST) -> None:
    """Serve the web app for every GET that no route of the API answers."""

    @app.get("/{path:path}", include_in_schema=False)
    async def serve(path: str, request: Request) -> Response:
        if path == "api" or path.startswith("api/"):
            return JSONResponse({"detail": "There is no such path in the API"}, status_code=404)
        asset = find(dist, path)
        if asset is None and path.startswith("assets/"):
            return JSONResponse({"detail": "Not found"}, status_code=404)
        found = asset or find(dist, "index.html")
        response = _response(request, path if asset else "index.html", found)
        if found is not None and path.startswith(FRAMED):
            _open_to_strangers(response, found, services(request).settings.embed_origins)
        return response


def find(dist: Path, path: str) -> Asset | None:
    """Return the file at `path` inside `dist`; None when there is none.

    A path of a request is looked up among the names that are there, and never becomes a path of the disk itself.
    """
    return _read(dist, path) if path in _names(dist) else None


@lru_cache(maxsize=8)
def _names(dist: Path) -> frozenset[str]:
    return frozenset(file.relative_to(dist).as_posix() for file in dist.rglob("*") if file.is_file())


@lru_cache(maxsize=512)
def _read(dist: Path, path: str) -> Asset:
    file = dist / path
    body = file.read_bytes()
    gzipped = gzip.compress(body, 9, mtime=0) if file.suffix in COMPRESSED and len(body) > 500 else None
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(body, gzipped, kind, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


@lru_cache(maxsize=8)
def content_policy(index: bytes, frame_ancestors: str = "'none'") -> str:
    """Return the page's content security policy; its inline scripts are allowed by their hashes."""
    digests = (
        base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE.findall(index)
    )
    hashes = "".join(f" 'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frame_ancestors}"
    )


def _response(request: Request, path: str, asset: Asset | None) -> Response:
    if asset is None:
        return JSONResponse({"detail": NOT_BUILT}, status_code=503)
    is_page = path.endswith(".html")
    headers = {
        "ETag": asset.etag,
        "Vary": "Accept-Encoding",
        "Cache-Control": IMMUTABLE if path.startswith("assets/") else "no-cache",
    }
    if is_page:
        headers["Content-Security-Policy"] = content_policy(asset.body)
        headers["X-Frame-Options"] = "DENY"
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    body = asset.body
    if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = asset.gzipped, "gzip"
    return Response(body, media_type=asset.kind, headers=headers)


def _open_to_strangers(response: Response, index: Asset, embed_origins: str) -> None:
    """Set what a public or embedded page differs in: who may frame it, and that its address goes nowhere."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if embed_origins:
        response.headers["Content-Security-Policy"] = content_policy(index.body, embed_origins)
        del response.headers["X-Frame-Options"]
