"""The terminal: the same core without a window, one file a command."""

from __future__ import annotations

import argparse

from app import __version__


def parser() -> argparse.ArgumentParser:
    """The whole command line. Each command's module is imported here, so the window must not come this way."""
    from app.terminal import models, read, run, simulate

    top = argparse.ArgumentParser(
        prog="diptych",
        description="Two LLM endpoints side by side. Without a command the window opens; `diptych FILE` shows a saved run.",
    )
    top.add_argument("--version", action="version", version=f"Diptych {__version__}")
    top.add_argument("--demo", action="store_true", help="open the window on two demo endpoints and run at once")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for module in (run, models, read, simulate):
        module.add_parser(commands)
    return top
