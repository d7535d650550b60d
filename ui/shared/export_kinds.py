"""The kinds of files for other programs, as the dialogs that export name and explain them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.sentences import message, tr

if TYPE_CHECKING:
    from ui.shared.export_dialog import Kind

OTHER_TOOLS = ("har", "vcr", "vcr-json", "otlp", "json", "jsonl", "csv")
ABOUT = {
    "har": message("Opens in browsers’ developer tools and in proxies; Diptych reads it with its times."),
    "vcr": message("Plays the answers back in a Python test with vcrpy."),
    "vcr-json": message("The same for vcrpy’s JSON serialiser."),
    "otlp": message("A span an answer with the names of OpenTelemetry’s GenAI conventions; no words of prompts or answers."),
    "json": message("Every event with its time and its data, as one JSON object."),
    "jsonl": message("Every event with its time and its data, a JSON object a line."),
    "csv": message("Every event with its time and its data, for a spreadsheet."),
}


def kinds_of_tools(*, copies: bool = True) -> list[Kind]:
    """All of them, in their order."""
    from app.transfer.exports import KINDS
    from ui.shared.export_dialog import Kind  # not before somebody exports

    return [Kind(key, tr(KINDS[key].title), tr(ABOUT[key]), copies) for key in OTHER_TOOLS]
