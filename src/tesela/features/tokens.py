"""Tokens that open doors: made here, stored only as hashes. The first letters say what a token is for."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32
SESSION = "tss_"
LOGIN_LINK = "tlk_"
API_KEY = "tsl_"
SHARE = "tsh_"
PREFIX_LENGTH = 10
"""How much of an API key is kept in the clear, to tell it by."""


def new_token(kind: str) -> str:
    """Return a fresh token with 256 random bits.

    >>> len(new_token(API_KEY)), new_token(API_KEY)[:4]
    (47, 'tsl_')
    """
    return kind + secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return what is stored of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
