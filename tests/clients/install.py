"""Installs each client in a folder of its own, outside the project, with the registries' ordinary programs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DRIVERS = HERE / "drivers"
LIST = HERE / "clients.toml"
INSTALL_TIMEOUT_S = 600


@dataclass(frozen=True)
class Client:
    """One client as `clients.toml` has it; `packages` as pip or npm take them, the client's own first."""

    name: str
    language: str
    driver: str
    packages: tuple[str, ...]
    suffix: dict[str, str]
    ways: tuple[str, ...]

    @property
    def package(self) -> str:
        """The package's name, without its version."""
        return self.packages[0].replace("==", "@").rpartition("@")[0].partition("[")[0]

    @property
    def version(self) -> str:
        return self.packages[0].replace("==", "@").rpartition("@")[2]


def clients() -> list[Client]:
    """All of them, in the list's order."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return [
        Client(name, one["language"], one["driver"], tuple(one["packages"]), one["suffix"], tuple(one["ways"]))
        for name, one in listed.items()
    ]


def default_cache() -> Path:
    """Where clients are installed when nothing else is said."""
    return Path(tempfile.gettempdir()) / "diptych-clients"


class Installed:
    """A client that is there to be run.

    Attributes:
        folder: where it is, with its driver.
    """

    def __init__(self, client: Client, cache: Path) -> None:
        digest = hashlib.sha256(" ".join(client.packages).encode()).hexdigest()[:8]
        self.client = client
        self.folder = cache / f"{client.name}-{client.version}-{digest}"

    def install(self) -> None:
        """Install it, unless it is there. Raises subprocess.CalledProcessError."""
        done = self.folder / "installed"
        if not done.is_file():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            for command in self._commands():
                subprocess.run(command, check=True, timeout=INSTALL_TIMEOUT_S, cwd=self.folder, stdout=subprocess.DEVNULL)
            done.touch()
        # Node looks for packages beside the file that asks for them; Python's drivers import each other as modules of ours.
        below = self.folder / "tests" / "clients" / "drivers"
        below.mkdir(parents=True, exist_ok=True)
        for driver in DRIVERS.iterdir():
            if driver.is_file():
                shutil.copy(driver, below if driver.suffix == ".py" else self.folder)

    def _commands(self) -> list[list[str]]:
        packages = list(self.client.packages)
        if self.client.language == "javascript":
            return [["npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", ".", *packages]]
        uv = os.environ.get("UV") or shutil.which("uv") or "uv"
        return [
            [uv, "venv", "-q", "--python", sys.executable, "venv"],
            [uv, "pip", "install", "-q", "--python", str(self._python()), *packages],
        ]

    def _python(self) -> Path:
        return self.folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def command(self) -> list[str]:
        """What starts its driver, in its folder."""
        if self.client.language == "javascript":
            return ["node", self.client.driver]
        return [str(self._python()), "-m", f"tests.clients.drivers.{Path(self.client.driver).stem}"]

    def environment(self) -> dict[str, str]:
        """What the driver gets of ours: no key, no proxy, and nothing that would colour or trace."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")}
        return {**kept, "CLIENT_PACKAGE": self.client.package, "NO_PROXY": "*", "PYTHONUTF8": "1"}
