"""Run every check of the project, all of them even when one fails: what `make test` does after the set-up.

`python scripts/check.py tests/sql` runs only pytest, on what is named.
"""

import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
RESULTS = ROOT / "test-results"
BESIDE = ("-n", "2", "--dist", "loadfile")
"""Two at a time, each with servers of its own; what shares a fixture stays together."""
CHECKS = {
    "ruff": [[BIN / "ruff", "check", "--quiet", "."], [BIN / "ruff", "format", "--check", "--quiet", "."]],
    "mypy": [[BIN / "mypy"]],
    "web types": [
        ["npm", "run", "--silent", "gen", "--", "--check"],
        ["npm", "run", "--silent", "typecheck"],
    ],
    "web lint": [["npm", "run", "--silent", "lint"]],
    "web budget": [["npm", "run", "--silent", "budget"]],
    "vitest": [["npm", "test", "--silent", "--", "--reporter=default", "--reporter=junit"]],
    "pytest": [[BIN / "pytest", *BESIDE, f"--junit-xml={RESULTS / 'pytest.xml'}"]],
}
REPORTS = ("vitest.xml", "pytest.xml")


def main():
    if sys.argv[1:]:
        sys.exit(subprocess.run([str(BIN / "pytest"), *sys.argv[1:]], cwd=ROOT, check=False).returncode)
    subprocess.run(["sh", str(ROOT / "scripts" / "debian.sh")], check=True)
    RESULTS.mkdir(exist_ok=True)
    for name in REPORTS:
        (RESULTS / name).unlink(missing_ok=True)
    failed = [name for name, commands in CHECKS.items() if not passes(name, commands)]
    for name in failed:
        print(f"failed: {name}")
    print(closing_line())
    sys.exit(1 if failed else 0)


def passes(name, commands):
    print(f"check: {name}", flush=True)
    started = time.monotonic()
    ok = all(run(name, command) for command in commands)
    print(f"check: {name} {'passed' if ok else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return ok


def run(name, command):
    words = [*map(str, command)]
    if name == "vitest":
        words.append(f"--outputFile.junit={RESULTS / 'vitest.xml'}")
    where = ROOT / "web" if words[0] == "npm" else ROOT
    return subprocess.run(words, cwd=where, check=False).returncode == 0


def closing_line():
    """Return what both runners counted, in one line: `812 passed, 0 failed`."""
    total = failed = skipped = 0
    for name in REPORTS:
        if (RESULTS / name).exists():
            # The runners have just written these files; nobody else's XML is read.
            for suite in ET.parse(RESULTS / name).getroot().iter("testsuite"):  # noqa: S314
                total += int(suite.get("tests", 0))
                failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
                skipped += int(suite.get("skipped", 0))
    skips = f", {skipped} skipped" if skipped else ""
    return f"{total - failed - skipped} passed, {failed} failed{skips}"


if __name__ == "__main__":
    main()
