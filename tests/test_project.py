"""The project round the code: locks, and what the wheel carries."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(*names: str) -> set[str]:
    text = "\n".join((REQUIREMENTS / name).read_text(encoding="utf-8") for name in names)
    return set(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==", text, flags=re.MULTILINE))


def asked(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;~! ]", name, maxsplit=1)[0].lower().replace("_", "-") for name in requirements}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_was_made_from_what_is_asked_for_now(lock: Path) -> None:
    program = ROOT / "scripts" / "asked.py"
    line = subprocess.run([sys.executable, str(program)], check=True, capture_output=True, text=True).stdout

    assert lock.read_text(encoding="utf-8").startswith(line), "pyproject.toml has changed: run make lock"


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    assert asked(PROJECT["project"]["dependencies"]) <= locked("base.lock")
    assert asked(PROJECT["dependency-groups"]["dev"]) <= locked("dev.lock")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_every_package_and_names_no_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text
    assert "index" not in text


def test_the_web_apps_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_the_web_apps_packages_are_pinned() -> None:
    package = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert {
        name: at for name, at in versions.items() if not re.fullmatch(r"(npm:\S+@)?\d+\.\d+\.\d+", at)
    } == {}


def test_the_wheel_carries_all_that_the_server_needs(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert "tesela/web_dist/index.html" in names, "run make setup: the web app is not built"
    assert any(re.fullmatch(r"tesela/web_dist/assets/.*\.js", name) for name in names)
    assert {"tesela/demo/flights/year.json", "tesela/demo/flights/months.sql"} <= names
    assert not [name for name in names if name.startswith(("tests/", "web/", "bench/"))]
