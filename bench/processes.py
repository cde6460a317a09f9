"""Processes that are measured: started, watched through /proc, stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60.0


class Tree:
    """A process with all its children: their CPU time and memory."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def pids(self) -> list[int]:
        found = [self.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in read(task).split()]
        return found

    def cpu_seconds(self) -> float:
        """Return user and system time so far, also of children that have ended and were waited for."""
        total = 0
        for pid in self.pids():
            fields = read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) if fields else 0
        return total / TICKS

    def memory_mib(self) -> dict[str, float]:
        """Return `pss` (shared pages counted once) and `rss` of all processes, and how many there are."""
        totals = {"Pss": 0, "Rss": 0}
        for pid in self.pids():
            for line in read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
                name, _, rest = line.partition(":")
                if name in totals:
                    totals[name] += int(rest.split()[0])
        return {
            "pss": round(totals["Pss"] / 1024, 1),
            "rss": round(totals["Rss"] / 1024, 1),
            "processes": len(self.pids()),
        }

    def peak_mib(self) -> float:
        """Return the most memory that the server itself, without its children, has had."""
        for line in read(Path(f"/proc/{self.pid}/status")).splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0


def read(path: Path) -> str:
    """Return the text of a file of /proc, or nothing when its process has just ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Process:
    """A server that says `http://...:PORT` on a line of its output when it is ready.

    pattern: what that line looks like, the port in its first group. group: end all that it started, as `make` needs.
    """

    def __init__(
        self,
        words: list[str],
        environment: Mapping[str, str] | None = None,
        *,
        pattern: str = r"http://[^\s/]+:(\d+)",
        group: bool = False,
    ) -> None:
        self.pattern, self.group = pattern, group
        self.started_at = time.perf_counter()
        self.popen = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(environment or {})},
            start_new_session=group,
        )
        self.tree = Tree(self.popen.pid)
        self.port = self._port()
        self.listening_s = time.perf_counter() - self.started_at

    def _port(self) -> int:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            if found := re.search(self.pattern, line):
                return int(found[1])
        raise RuntimeError("the server ended before it listened")

    def stop(self) -> None:
        if self.group:
            os.killpg(self.popen.pid, signal.SIGTERM)
        else:
            self.popen.send_signal(signal.SIGTERM)
        try:
            self.popen.wait(30)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        assert self.popen.stdout is not None
        self.popen.stdout.close()


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def ask(port: int, path: str, headers: Mapping[str, str], body: bytes | None = None) -> bytes:
    """Return the body of one answer. Raises RuntimeError with what the server said."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{path}: {error.code} {error.read()[:300]!r}") from error


def wait_for(port: int, path: str) -> None:
    """Return when the server answers 200."""
    until = time.perf_counter() + START_SECONDS
    while True:
        try:
            ask(port, path, {})
            return
        except (urllib.error.URLError, ConnectionError, RuntimeError):
            if time.perf_counter() > until:
                raise
            time.sleep(0.005)
