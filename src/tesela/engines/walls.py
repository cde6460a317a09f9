"""The walls around a process that runs what strangers wrote: put up from the inside, never taken down.

Every wall is optional for the kernel and reported: the locked DuckDB configuration is the first wall, these
stand behind it. Linux only; elsewhere only the memory and file size limits hold.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIGKILL = 9

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_RULE_PATH_BENEATH = 1
READ = (1 << 2) | (1 << 3)
"""Read a file, read a folder."""
WRITE = READ | (1 << 1) | (1 << 4) | (1 << 5) | (1 << 7) | (1 << 8) | (1 << 14)
"""READ, and write, remove, make folders and files, truncate."""
ACCESS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""What a ruleset of that version may forbid: all but refer (2) and truncate (3) are in version 1."""
TCP = 0b11
"""Bind and connect, from version 4 on."""
FILE_RIGHTS = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 14)

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it ends."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def leave_network() -> bool:
    """Move into a network of our own with nothing in it; call before any thread starts. True when it holds.

    With a user namespace this needs no privileges, and root becomes nobody in particular: the owner of its
    files still, with none of the capabilities.
    """
    if _libc is None:
        return False
    return bool(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 or _libc.unshare(CLONE_NEWNET) == 0)


def close_doors(
    *, readable: list[Path], writable: list[Path], memory_bytes: int, file_bytes: int
) -> dict[str, bool]:
    """Put up the other walls and return which of them hold.

    memory_bytes: address space above what is in use now. file_bytes: size of any one written file.
    """
    return {
        "memory": _limit(resource.RLIMIT_AS, _address_space() + memory_bytes),
        "file size": _limit(resource.RLIMIT_FSIZE, file_bytes),
        "no core files": _limit(resource.RLIMIT_CORE, 0),
        "no capabilities": _drop_capabilities(),
        "no new privileges": _libc is not None and _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0,
        "not readable by others": _libc is not None and _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0,
        "files": _only_these_files(readable, writable),
    }


def _limit(what: int, most: int) -> bool:
    try:
        resource.setrlimit(what, (most, most))
    except (OSError, ValueError):
        return False
    return True


def _drop_capabilities() -> bool:
    """Give up what root may do beyond what its files allow."""
    if _libc is None:
        return False
    version_3, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    return bool(_libc.capset(version_3, nothing) == 0)


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 2**30
    return pages * resource.getpagesize()


def _only_these_files(readable: list[Path], writable: list[Path]) -> bool:
    """Let the kernel refuse every path outside the given folders and files (Landlock, Linux 5.13 and up)."""
    if _libc is None:
        return False
    version = _libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    handled = ACCESS_BY_ABI[min(version, 3)]
    rules = struct.pack("QQ", handled, TCP) if version >= 4 else struct.pack("Q", handled)
    ruleset = _libc.syscall(LANDLOCK_CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0)
    if ruleset < 0:
        return False
    allowed = [(path, READ) for path in readable] + [(path, WRITE) for path in writable]
    held = all(_allow(_libc, ruleset, path, rights & handled) for path, rights in allowed if path.exists())
    held = held and _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    held = held and _libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return held


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> bool:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights if path.is_dir() else rights & FILE_RIGHTS, descriptor)
        added = libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0)
        return bool(added == 0)
    finally:
        os.close(descriptor)
