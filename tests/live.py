"""A real server in a process of its own, and the people who ask it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx

TESELA = [sys.executable, "-m", "tesela"]
START_SECONDS = 60


@dataclass
class Server:
    """A running `tesela serve`. settings: TESELA_... variables without the prefix."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    url: str = ""
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, **headers: str) -> httpx.Client:
        """Return a client of this server, closed with it."""
        made = httpx.Client(base_url=self.url, headers=headers, timeout=60)
        self.clients.append(made)
        return made

    @property
    def environment(self) -> dict[str, str]:
        own = {f"TESELA_{name.upper()}": value for name, value in self.settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TESELA_")}
        return {**kept, "TESELA_DATA": str(self.data), "TESELA_LOG_FORMAT": "json", **own}

    def start(self) -> None:
        """Start the server on a free port and wait until it answers."""
        log = (self.data.parent / f"{self.data.name}.log").open("ab")
        self.process = subprocess.Popen(
            [*TESELA, "serve", "--port", "0"], env=self.environment, stdout=subprocess.PIPE, stderr=log
        )
        log.close()
        assert self.process.stdout is not None
        line = _first_line(self.process.stdout, START_SECONDS)
        found = re.search(r"http://\S+", line)
        assert found, f"the server did not start: {self.log()[-3000:]}"
        self.url = found[0]

    def stop(self) -> int:
        """Ask the server to stop and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def run(self, *words: str) -> str:
        """Return what a `tesela` command prints on the same data."""
        done = subprocess.run(
            [*TESELA, *words], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text()

    def person(self, email: str, *, role: str = "editor", tenant: str = "default") -> Person:
        """Return a new person with an API key."""
        self.run("user", "add", email, "--role", role, "--tenant", tenant)
        key = self.run("token", "create", "--user", email, "--tenant", tenant)
        return Person(email, self.client(Authorization=f"Bearer {key}"))

    def admin(self) -> Person:
        """Return the first admin, with an API key."""
        key = self.run("token", "create", "--user", "admin@localhost")
        return Person("admin@localhost", self.client(Authorization=f"Bearer {key}"))


@dataclass
class Person:
    """Somebody with a client that says who they are."""

    email: str
    client: httpx.Client

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    @property
    def id(self) -> str:
        found: str = self.client.get("/api/auth/me").json()["id"]
        return found

    def new_dashboard(self, **fields: Any) -> dict[str, Any]:
        answer = self.client.post("/api/dashboards/", json={"name": "Sales", **fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def new_tile(self, dashboard_id: str, **fields: Any) -> dict[str, Any]:
        answer = self.client.post(f"/api/dashboards/{dashboard_id}/tiles", json=fields)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def upload(self, filename: str, content: bytes, /, **fields: str) -> dict[str, Any]:
        answer = self.client.post("/api/datasources/upload", data=fields, files={"file": (filename, content)})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


@contextmanager
def running(data: Path, **settings: str) -> Iterator[Server]:
    """Yield a running server and stop it afterwards."""
    server = Server(data, settings)
    try:
        server.start()
        yield server
    finally:
        for client in server.clients:
            client.close()
        if server.process is not None and server.process.poll() is None:
            server.stop()


def anonymous(server: Server) -> httpx.Client:
    """Return a client that says nothing of who asks."""
    return server.client()


def _first_line(stream: IO[bytes], seconds: float) -> str:
    """Return the first line that says an address, or what there is when the process ends or time is up."""
    lines: list[str] = []

    def read() -> None:
        for raw in stream:
            lines.append(raw.decode())
            if "http://" in lines[-1]:
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    deadline = time.monotonic() + seconds
    while reader.is_alive() and time.monotonic() < deadline:
        reader.join(0.02)
    return "".join(lines)
