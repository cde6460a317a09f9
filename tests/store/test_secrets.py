"""The server's own keys, and the file they live in."""

from __future__ import annotations

import base64
import json
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tesela.store import BadSecrets, Keys

Change = Callable[[dict[str, Any]], object]


def written(path: Path, change: Change) -> Path:
    """Return the file with a change made to its content."""
    Keys.load_or_create(path)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return path


def text_of(key: bytes) -> str:
    return base64.b64encode(key).decode()


def test_the_first_start_makes_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"

    first, second = Keys.load_or_create(path), Keys.load_or_create(path)

    assert first == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {*first.signing.values()}.isdisjoint(first.encryption.values())
    assert [one.name for one in tmp_path.iterdir()] == ["secrets.json"]
    assert "b'" not in repr(first)


def test_two_files_have_different_keys(tmp_path: Path) -> None:
    assert Keys.load_or_create(tmp_path / "a") != Keys.load_or_create(tmp_path / "b")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secrets.json"
    Keys.load_or_create(path)
    path.chmod(mode)

    with pytest.raises(BadSecrets, match="chmod 600"):
        Keys.load(path)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda file: file.update(signing=[]), "no signing or no encryption"),
        (lambda file: file.update(encryption=[]), "no signing or no encryption"),
        (lambda file: file["signing"][0].update(key=""), "32 bytes"),
        (lambda file: file["encryption"][0].update(key=text_of(secrets.token_bytes(16))), "32 bytes"),
        (lambda file: file["signing"][0].update(key=text_of(b"changeme" * 4)), "well-known"),
        (lambda file: file["signing"][0].update(key=text_of(bytes(32))), "well-known"),
        (lambda file: file["signing"][0].update(key=text_of(bytes(range(32)))), "well-known"),
        (
            lambda file: file["signing"][0].update(key=text_of(b"correct horse battery staple 123")),
            "well-known",
        ),
        (lambda file: file["signing"][0].update(key=file["encryption"][0]["key"]), "one key for two"),
        (lambda file: file["signing"][0].update(key="no base64 !"), "damaged"),
        (lambda file: file.pop("encryption"), "damaged"),
        (lambda file: file.update(signing=5), "damaged"),
        (lambda file: file.update(version=2), "newer"),
    ],
)
def test_a_file_with_bad_keys_is_refused(tmp_path: Path, change: Change, why: str) -> None:
    path = written(tmp_path / "secrets.json", change)

    with pytest.raises(BadSecrets, match=why):
        Keys.load_or_create(path)


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b"\xff\xfe", b'"text"'])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secrets.json"
    path.touch(0o600)
    path.write_bytes(content)

    with pytest.raises(BadSecrets, match="damaged"):
        Keys.load_or_create(path)

    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSecrets, match="cannot be written"):
        Keys.load_or_create(tmp_path / "nowhere" / "secrets.json")


def test_what_is_encrypted_opens_only_for_what_it_was_bound_to() -> None:
    keys = Keys.generate()
    sealed = keys.encrypt("geheim ñ", bound_to="datasource:1")

    assert keys.decrypt(sealed, bound_to="datasource:1") == "geheim ñ"
    assert keys.encrypt("geheim ñ", bound_to="datasource:1") != sealed
    changed = sealed[:-4] + ("AAA=" if not sealed.endswith("AAA=") else "BBB=")
    for broken, bound_to in [
        (sealed, "datasource:2"),
        (changed, "datasource:1"),
        (sealed.replace("v1:", "v2:"), "datasource:1"),
        (sealed.replace(":e1:", ":e9:"), "datasource:1"),
        ("v1:e1:", "datasource:1"),
        ("v1:e1:???", "datasource:1"),
        ("", "datasource:1"),
    ]:
        with pytest.raises(BadSecrets):
            keys.decrypt(broken, bound_to=bound_to)
    with pytest.raises(BadSecrets):
        Keys.generate().decrypt(sealed, bound_to="datasource:1")


def test_a_signature_is_for_one_message_and_one_key() -> None:
    keys = Keys.generate()
    signature = keys.sign(b"message")

    assert keys.is_signed(b"message", signature)
    assert not keys.is_signed(b"other", signature)
    assert not keys.is_signed(b"message", signature[:-1])
    assert not keys.is_signed(b"message", signature.replace(":s1:", ":s2:"))
    assert not keys.is_signed(b"message", "v1:s1:ñ")
    assert not Keys.generate().is_signed(b"message", signature)
