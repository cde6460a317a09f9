"""Make `.venv` with the `tesela` command and build the web app: the installing part of `make run` and `test`.

Each step is skipped while what it is made from is unchanged, so the second run takes no time. Only the
standard library, and nothing that an old interpreter cannot read: a Python that is too old gets a sentence.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
WEB_DIST = ROOT / "src" / "tesela" / "web_dist"
STAMPS = VENV / "stamps"
WEB_STAMPS = WEB / "node_modules" / ".stamps"
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
NOT_SOURCES = {"node_modules", "dist", "test-results", "coverage", ".vite"}


def main():
    parser = argparse.ArgumentParser(description="Install Tesela into .venv and build its web app.")
    parser.add_argument("--dev", action="store_true", help="also install what the tests and linters need")
    dev = parser.parse_args().dev
    use_new_python()
    require_venv()
    require_node()
    os.environ["UV_NO_PROGRESS"] = "1"
    with ThreadPoolExecutor(1) as beside:
        web = beside.submit(build_web)
        make_venv()
        install("base")
        install_project()
        install("demo", "--no-deps", "--no-build-isolation")
        if dev:
            install("dev")
        web.result()


def use_new_python():
    """Go on in Python 3.11 or newer: this one, else the newest that is on PATH."""
    if sys.version_info >= (3, 11):  # noqa: UP036
        return
    found = [path for path in map(shutil.which, NEWER) if path]
    if not found:
        stop(
            "Tesela needs Python 3.11 or newer; this is Python {}.{}. Install a newer one, "
            "or name it: make run PYTHON=/path/to/python3".format(*sys.version_info)
        )
    os.execv(found[0], [found[0], *sys.argv])  # noqa: S606 - a fixed list of names, no shell


def require_venv():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(
            "Python's venv module is not complete; on Debian and Ubuntu it comes with: "
            "apt-get install python3-venv"
        )


def require_node():
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        missing = "node" if node is None else "npm"
        stop(f"{missing} is not installed; building the web app needs Node 20.19 or newer with npm.")
    said = output(node, "--version")
    version = tuple(int(number) for number in re.findall(r"\d+", said)[:2])
    if version < (20, 19) or (21, 0) <= version < (22, 12):
        stop(f"Node is {said}; building the web app needs 20.19 or newer of Node 20, or 22.12 or newer.")


def make_venv():
    """Make .venv, anew when it belongs to another Python, and put the pinned installer into it."""
    asks = "import sys; print(sys.version)"
    if not PYTHON.exists() or output(PYTHON, "-c", asks) != sys.version.strip():
        say("making .venv")
        run(sys.executable, "-m", "venv", "--clear", VENV)
    lock = ROOT / "requirements" / "setup.lock"
    key = digest([lock])
    if is_done("setup", key):
        return
    say("installing the installer")
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", lock, quiet=True)
    done("setup", key)


def install(name, *options):
    lock = ROOT / "requirements" / f"{name}.lock"
    key = digest([lock])
    if is_done(name, key):
        return
    say(f"installing {name} packages")
    pip_install(*options, "--require-hashes", "-r", lock)
    done(name, key)


def install_project():
    key = digest([ROOT / "pyproject.toml"])
    if is_done("project", key) and (VENV / "bin" / "tesela").exists():
        return
    say("installing tesela")
    pip_install("--no-deps", "--no-build-isolation", "--editable", ROOT)
    done("project", key)


def pip_install(*arguments):
    """Install by uv, which is quick; by pip where only pip knows the way to the packages (a mirror, say)."""
    # compiled now, so that the first start does not have to (pip does so by itself)
    uv = [
        VENV / "bin" / "uv",
        "pip",
        "install",
        "--quiet",
        "--compile-bytecode",
        "--python",
        PYTHON,
        *arguments,
    ]
    if subprocess.run([*map(str, uv)], cwd=ROOT, check=False).returncode == 0:
        return
    say("uv did not manage it; trying pip")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def build_web():
    packages = digest([WEB / "package.json", WEB / "package-lock.json"])
    if not is_done("packages", packages, WEB_STAMPS):
        say("installing the web app's packages")
        run("npm", "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error", cwd=WEB, quiet=True)
        done("packages", packages, WEB_STAMPS)
    sources = digest(web_sources())
    if not (is_done("build", sources, WEB_STAMPS) and (WEB_DIST / "index.html").exists()):
        say("building the web app")
        run("npm", "run", "--silent", "build", cwd=WEB, quiet=True)
        done("build", sources, WEB_STAMPS)


def web_sources():
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(files))


def digest(paths, *facts):
    """Return one hash over the names and bytes of the files, and over the facts."""
    total = hashlib.sha256("\0".join(facts).encode())
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_done(step, key, stamps=STAMPS):
    stamp = stamps / step
    return stamp.exists() and stamp.read_text() == key


def done(step, key, stamps=STAMPS):
    stamps.mkdir(exist_ok=True)
    (stamps / step).write_text(key)


def output(*command):
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout.strip()


def run(*command, cwd=ROOT, quiet=False):
    """Run a step; what a quiet one prints is shown only when it fails."""
    words = [*map(str, command)]
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} if quiet else {}
    ended = subprocess.run(words, cwd=cwd, check=False, **kept)
    if ended.returncode != 0:
        stop((ended.stdout or "") + "setup: this failed: " + " ".join(words))


def say(step):
    print("setup: " + step, flush=True)


def stop(sentence):
    sys.exit(sentence)


if __name__ == "__main__":
    main()
