"""The running product as a bench sees it: a server on its own folder, with a dashboard of twelve tiles."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.client import Target
from bench.processes import Process, ask, wait_for
from bench.shop import TILES, write_parquet

TESELA = str(Path(sys.executable).with_name("tesela"))
LIMITS = {
    "TESELA_TILE_MAX_ROWS": "100000",
    "TESELA_TILE_MAX_BYTES": "100000000",
    "TESELA_LOG_LEVEL": "warning",
}


class Product:
    """Tesela with the shop's data. `headers`: those of a signed-in request."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.process: Process | None = None
        self.headers: dict[str, str] = {}
        self.dashboard_id = self.datasource_id = ""

    def start(self) -> Process:
        """Start the server and return when it answers."""
        words = [TESELA, "serve", "--port", "0", "--data", str(self.data)]
        self.process = Process(words, LIMITS)
        wait_for(self.process.port, "/readyz")
        return self.process

    @property
    def running(self) -> Process:
        assert self.process is not None, "start it first"
        return self.process

    def stop(self) -> None:
        if self.process is not None:
            self.process.stop()
            self.process = None

    def fill(self, folder: Path) -> None:
        """Make a key, upload the shop's tables, and make the dashboard."""
        words = [TESELA, "token", "create", "--user", "admin@localhost", "--data", str(self.data)]
        key = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
        self.headers = {"Authorization": f"Bearer {key}"}
        for table, file in write_parquet(folder).items():
            fields = {"table": table, "name": "Shop"}
            if self.datasource_id:
                fields = {"table": table, "datasource_id": self.datasource_id}
            self.datasource_id = self.upload(file, fields)["datasource_id"]
        self.dashboard_id = self.post("/api/dashboards/", {"name": "Shop"})["id"]
        for title, sql in TILES.items():
            tile = {"title": title, "tile_type": "table", "datasource_id": self.datasource_id, "query": sql}
            self.post(f"/api/dashboards/{self.dashboard_id}/tiles", tile)

    def get(self, path: str) -> bytes:
        return ask(self.running.port, path, self.headers)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.post_bytes(path, body))
        return answer

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        """Change something. Raises urllib.error.HTTPError."""
        headers = {**self.headers, "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.running.port}{path}"
        request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers, method=method)
        urllib.request.urlopen(request, timeout=120).close()

    def post_bytes(self, path: str, body: Mapping[str, Any]) -> bytes:
        headers = {**self.headers, "Content-Type": "application/json"}
        return ask(self.running.port, path, headers, json.dumps(body).encode())

    def download(self, path: str, body: Mapping[str, Any]) -> int:
        """Return how many bytes a file has, of which none is kept."""
        headers = {**self.headers, "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.running.port}{path}"
        request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)
        size = 0
        with urllib.request.urlopen(request, timeout=120) as answer:
            while piece := answer.read(2**18):
                size += len(piece)
        return size

    def target(self, path: str, **headers: str) -> Target:
        return Target(self.running.port, path, {**self.headers, **headers})

    @property
    def data_path(self) -> str:
        return f"/api/dashboards/{self.dashboard_id}/data"

    @property
    def tile_path(self) -> str:
        """The data of the first of the small tiles."""
        tiles = json.loads(self.get(f"/api/dashboards/{self.dashboard_id}"))["tiles"]
        tile = next(one for one in tiles if one["title"] == "value by nation")
        return f"/api/dashboards/{self.dashboard_id}/tiles/{tile['id']}/data"

    @property
    def query_path(self) -> str:
        return f"/api/datasources/{self.datasource_id}/query"

    @property
    def file(self) -> Path:
        """The embedded engine's file with the shop's tables."""
        files = [path for path in (self.data / "files").rglob("*") if path.is_file()]
        return max(files, key=lambda path: path.stat().st_mtime)

    def upload(self, file: Path, fields: Mapping[str, str]) -> dict[str, Any]:
        """Return what the server says of a file that it made a table of."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
        )
        body = b"".join([*parts, file.read_bytes(), f"\r\n--{mark}--\r\n".encode()])
        headers = {**self.headers, "Content-Type": f"multipart/form-data; boundary={mark}"}
        answer: dict[str, Any] = json.loads(ask(self.running.port, "/api/datasources/upload", headers, body))
        return answer
