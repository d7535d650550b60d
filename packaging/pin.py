"""Pin every dependency to the newest version that resolves: `python packaging/pin.py`, with uv on the PATH.

Rewrites `[tool.uv] constraint-dependencies` in pyproject.toml: exact versions, no index named. uv.lock stays out of git, since
it names the index that it was made with.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
BLOCK = re.compile(r"constraint-dependencies = \[\n(?:    .*\n)*\]\n")


def main() -> int:
    """Resolve without the old pins, then write the new ones."""
    text = PYPROJECT.read_text(encoding="utf-8")
    if not BLOCK.search(text):
        sys.stderr.write("pyproject.toml has no constraint-dependencies block\n")
        return 1
    PYPROJECT.write_text(BLOCK.sub("constraint-dependencies = [\n]\n", text), encoding="utf-8")
    try:
        pins = resolve()
    except subprocess.CalledProcessError:
        PYPROJECT.write_text(text, encoding="utf-8")
        return 1
    block = "constraint-dependencies = [\n" + "".join(f'    "{pin}",\n' for pin in pins) + "]\n"
    PYPROJECT.write_text(BLOCK.sub(lambda _: block, text), encoding="utf-8")
    sys.stdout.write(f"{len(pins)} versions pinned\n")
    return 0


def resolve() -> list[str]:
    """The newest versions, as requirement lines with their markers."""
    subprocess.run(["uv", "lock", "--upgrade", "--quiet"], cwd=PYPROJECT.parent, check=True)
    export = ["uv", "export", "--quiet", "--all-groups", "--no-hashes", "--no-emit-project", "--no-annotate", "--no-header"]
    exported = subprocess.run(export, cwd=PYPROJECT.parent, check=True, capture_output=True, text=True)
    lines = (line.strip() for line in exported.stdout.splitlines())
    return [line.replace('"', "'") for line in lines if line and not line.startswith(("#", "-"))]


if __name__ == "__main__":
    sys.exit(main())
