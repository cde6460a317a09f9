"""The server's own keys, and what is encrypted or signed with them.

The file holds lists: the first key of a list is used for new things, all of them for old ones. Signing and
encryption never share a key. Format of a ciphertext: `v1:<key id>:<base64 of nonce and ciphertext>`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import itertools
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tesela.errors import TeselaError

KEY_BYTES = 32
NONCE_BYTES = 12


class BadSecrets(TeselaError):
    """The secrets file cannot be used; the sentence says what to do."""


@dataclass(frozen=True)
class Keys:
    """The keys by their ids, the one for new things first."""

    signing: Mapping[str, bytes] = field(repr=False)
    encryption: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def generate(cls) -> Keys:
        """Return fresh keys."""
        return cls({"s1": secrets.token_bytes(KEY_BYTES)}, {"e1": secrets.token_bytes(KEY_BYTES)})

    @classmethod
    def load_or_create(cls, path: Path) -> Keys:
        """Return the keys of the file; make it, readable by its owner only, when there is none.

        Several processes may start at once: the first file stays. Raises BadSecrets.
        """
        if not path.exists():
            _create(path, cls.generate())
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Keys:
        """Return the keys of the file. Raises BadSecrets with one sentence."""
        try:
            mode = path.stat().st_mode
            content = path.read_bytes()
        except OSError as error:
            raise BadSecrets(f"The secrets file {path} cannot be read: {error.strerror}") from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise BadSecrets(f"The secrets file {path} is open to other accounts: run chmod 600 on it")
        return _parse(path, content)

    def encrypt(self, text: str, *, bound_to: str) -> str:
        """Return `text` encrypted so that it opens only for `bound_to`, such as `datasource:<id>`."""
        key_id = next(iter(self.encryption))
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.encryption[key_id]).encrypt(nonce, text.encode(), bound_to.encode())
        return f"v1:{key_id}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, sealed: str, *, bound_to: str) -> str:
        """Return what `encrypt` was given. Raises BadSecrets when key, place or content do not fit."""
        version, _, rest = sealed.partition(":")
        key_id, _, body = rest.partition(":")
        key = self.encryption.get(key_id)
        if version != "v1" or key is None:
            raise BadSecrets("A stored secret was encrypted with a key that the secrets file does not hold")
        try:
            raw = base64.b64decode(body, validate=True)
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise BadSecrets("A stored secret is damaged or belongs to something else") from error

    def sign(self, message: bytes) -> str:
        """Return a signature that `is_signed` accepts."""
        key_id = next(iter(self.signing))
        return f"v1:{key_id}:{hmac.new(self.signing[key_id], message, hashlib.sha256).hexdigest()}"

    def is_signed(self, message: bytes, signature: str) -> bool:
        """Return whether `signature` was made for `message` with one of our keys."""
        version, _, rest = signature.partition(":")
        key_id, _, mac = rest.partition(":")
        key = self.signing.get(key_id)
        if version != "v1" or key is None or not mac.isascii():
            return False
        return hmac.compare_digest(hmac.new(key, message, hashlib.sha256).hexdigest(), mac)


def _create(path: Path, keys: Keys) -> None:
    content = {
        "version": 1,
        "signing": [_written(id_, key) for id_, key in keys.signing.items()],
        "encryption": [_written(id_, key) for id_, key in keys.encryption.items()],
    }
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")  # made with mode 0600
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            pass  # another process was first; its keys are the ones
        finally:
            Path(name).unlink()
    except OSError as error:
        raise BadSecrets(f"The secrets file {path} cannot be written: {error.strerror}") from error


def _written(key_id: str, key: bytes) -> dict[str, str]:
    return {"id": key_id, "key": base64.b64encode(key).decode()}


def _parse(path: Path, content: bytes) -> Keys:
    try:
        found = orjson.loads(content)
        if found["version"] != 1:
            raise BadSecrets(f"The secrets file {path} was written by a newer Tesela")
        signing = {
            str(entry["id"]): base64.b64decode(entry["key"], validate=True) for entry in found["signing"]
        }
        encryption = {
            str(entry["id"]): base64.b64decode(entry["key"], validate=True) for entry in found["encryption"]
        }
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadSecrets(f"The secrets file {path} is damaged: restore it from a backup") from error
    _check(path, signing, encryption)
    return Keys(signing, encryption)


def _check(path: Path, signing: Mapping[str, bytes], encryption: Mapping[str, bytes]) -> None:
    if not signing or not encryption:
        raise BadSecrets(f"The secrets file {path} holds no signing or no encryption key")
    every = [*signing.values(), *encryption.values()]
    if any(len(key) != KEY_BYTES for key in every):
        raise BadSecrets(f"The secrets file {path} holds a key that is not {KEY_BYTES} bytes long")
    if any(is_weak(key) for key in every):
        raise BadSecrets(f"The secrets file {path} holds a well-known or guessable key: make a random one")
    if len(set(every)) != len(every):
        raise BadSecrets(f"The secrets file {path} uses one key for two things: give each its own")


def is_weak(key: bytes) -> bool:
    """Return whether a key was written by a person rather than drawn at random.

    Random bytes are never all printable, in steps, or of few values (each less likely than 1 in 10^12).

    >>> is_weak(b"changeme-changeme-changeme-12345"), is_weak(bytes(range(32))), is_weak(bytes(32))
    (True, True, True)
    """
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    return len(set(key)) < 12 or len(steps) == 1 or all(32 <= byte < 127 for byte in key)
