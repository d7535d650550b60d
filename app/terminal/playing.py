"""Plays a run in the terminal and reports it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.asking.history_keeping import journal_in_place
from app.asking.runner import Run, Runner, SideChoice
from app.exchange.exchange import Outcome
from app.recording.records import SideName
from app.report.run_facts import run_report
from app.run.json_report import run_facts
from app.scenarios import Plan
from app.store.files import StoreError
from app.store.prices import load_prices
from app.store.run_file import save_run
from app.store.settings import SettingsStore
from app.terminal.reporting import write_reports
from app.terminal.run_table import print_run
from app.terminal.text import complain, say_json
from app.text.sentences import tr
from app.wire.client import WireClient


async def play_run(plan: Plan, choices: Mapping[SideName, SideChoice], *, asks_other_paths: bool = True) -> Run:
    """Play it over a wire process of its own. Ctrl+C cancels both sides and keeps what had come.

    `asks_other_paths`: other paths of an address may be asked, where the settings allow it too.
    """
    table, problem = load_prices()
    store = SettingsStore()
    settings = store.load()
    run = Run(plan, choices)
    wire = WireClient()
    try:
        asks = asks_other_paths and settings.ask_other_paths
        await Runner(wire, journal_in_place(settings), settings.body_bytes, asks_other_paths=asks).play(run, choices)
    except asyncio.CancelledError:
        if task := asyncio.current_task():
            task.uncancel()
    finally:
        await wire.aclose()
    for said in filter(None, (problem, store.problem, run.journal_problem)):
        complain(f"diptych: {said}")
    for side in run.sides.values():
        side.table = table
        for one in side.rounds:
            one.finish()
    return run


def report(run: Run, *, as_json: bool = False, save: Path | None = None, reports: Sequence[Path] = ()) -> int:
    """Print the run, save it and write its reports where asked; the exit code."""
    sides = list(run.sides.values())
    if as_json:
        say_json(run_facts(sides[0], sides[1] if len(sides) > 1 else None))
    else:
        print_run(sides)
    if save is not None:
        try:
            save_run(save, run.opened, run.recordings)
        except (OSError, StoreError) as error:
            complain(f"diptych: {tr('the run could not be saved: {why}', why=error)}")
            return 1
    if reports and not write_reports(run_report(run.opened, sides, sides[0].table), reports):
        return 1
    return 0 if all(side.outcome is Outcome.COMPLETED for side in sides) else 1
