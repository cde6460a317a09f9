"""Real servers for tests: on a free loopback port, with a data folder of their own, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import psycopg
import pytest

START_SECONDS = 30.0


@dataclass
class PostgresServer:
    """A PostgreSQL of our own. `tester` is its superuser and needs no password.

    binaries: the folder that holds `initdb` and `postgres`.
    user: the system account to run as; None is the account of the tests.
    """

    binaries: Path
    user: str | None
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def create(self) -> None:
        """Make the data folder."""
        self._run(
            "initdb", "--username=tester", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
            "--pgdata", str(self.folder / "data"),
        )  # fmt: skip

    def start(self) -> None:
        """Start the server and return when it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "60",
            "shared_buffers": "32MB",
            "logging_collector": "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), *settings],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                **_identity(self.user),
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop the server at once; open connections are broken off."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def url(self, database: str = "postgres", user: str = "tester") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Return the URL of a new, empty database."""
        name = f"t_{uuid4().hex[:16]}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def drop_database(self, url: str) -> None:
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > give_up:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log[-2000:]}") from None
                time.sleep(0.05)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.binaries / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **_identity(self.user),
        )


def postgres_binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest first; None when there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    found = shutil.which("postgres")
    for folder in [*versions, *([Path(found).resolve().parent] if found else [])]:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    return None


def running_postgres() -> Iterator[PostgresServer]:
    """Yield a started server; skip where PostgreSQL is not installed, except under CI=true."""
    binaries = postgres_binaries()
    if binaries is None:
        missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="tesela-postgres-"))
    if user is not None:
        shutil.chown(folder, user)
    server = PostgresServer(binaries, user, folder, free_port())
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a loopback port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def missing(reason: str) -> NoReturn:
    """Skip the test with `reason`; fail it under CI=true, where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    missing("running as root, and there is no account `postgres` or `nobody` to run PostgreSQL as")


def _identity(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    account = pwd.getpwnam(user)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
