"""Passwords: argon2id, in two threads of their own, so that logins neither block nor take all memory."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from tesela.errors import BadRequest

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")

MIN_LENGTH, MAX_LENGTH = 10, 200
MEMORY_KIB, PASSES = 32 * 1024, 3
_POOL = ThreadPoolExecutor(2, "password")


def check_new_password(password: str, email: str, *, field: str = "password") -> None:
    """Raise BadRequest when a password is too short, too long or the address itself."""
    if len(password) < MIN_LENGTH:
        raise BadRequest(f"{field} must have at least {MIN_LENGTH} characters")
    if len(password) > MAX_LENGTH:
        raise BadRequest(f"{field} must have at most {MAX_LENGTH} characters")
    if password.casefold() == email.casefold() or len(set(password)) < 4:
        raise BadRequest(f"{field} is too easy to guess: choose another one")


async def hash_password(password: str) -> str:
    """Return the argon2id hash to store."""
    return await _in_pool(lambda: _hasher().hash(_normal(password)))


async def is_password(password: str, password_hash: str | None) -> bool:
    """Return whether the password fits. Without a hash the same work is done and the answer is no."""
    return await _in_pool(lambda: _verify(password, password_hash))


async def _in_pool(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_POOL, work)


def _verify(password: str, password_hash: str | None) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(password_hash or _nobodys_hash(), _normal(password[: MAX_LENGTH + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # here, since most runs of the server log nobody in

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher().hash("nobody's")


def _normal(password: str) -> str:
    """Return one spelling of each letter, so that every keyboard types the same password."""
    return unicodedata.normalize("NFKC", password)
