"""The small inputs of public bug reports in which something comes twice, is destroyed, or stands where no program looks."""

from __future__ import annotations

from typing import Any

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.formats.capture import Capture
from app.protocols.findings import Severity
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.transfer.capture_files import captures_of
from tests.protocols.stored import SHARED

FOLDER = SHARED / "cases"
PROTOCOLS = {"chat": CHAT, "messages": MESSAGES, "responses": RESPONSES}
DONE, FAILED = Outcome.COMPLETED, Outcome.FAILED
BREST = {"port": "Brest"}
# The findings above a note, the text, the reasoning, and the arguments of the calls.
CASES: dict[str, tuple[str, Outcome, str, str, list[Any]]] = {
    "responses-reasoning-index-per-delta.http": ("R3k", DONE, "Hello!", "They say hello.", []),
    "messages-block-start-repeated.http": ("A4b", DONE, "", "", [BREST]),
    "chat-two-choices-index-0.json": ("C30a", DONE, "I will look it up.", "", [BREST]),
    "messages-replacement-characters.http": ("G9", DONE, "在 Windows 平��适配与台式机", "", []),
    "chat-replacement-characters.http": ("G9", DONE, "在 Windows 平��适配与台式机", "", []),
    "responses-message-item-twice.http": ("G11", DONE, "High tide at noon." * 2, "", []),
    "chat-call-cut-at-max-tokens.http": ("C22", DONE, "", "", [None]),
    "messages-aws-eventstream.http": ("F12", FAILED, "Hello.", "", []),
    "chat-error-as-sse-field.sse": ("C11 C23", FAILED, "", "", []),
    "chat-error-as-sse-field.http": ("C11 C23", FAILED, "", "", []),
    "chat-html-page-in-stream.http": ("C11 C8a", FAILED, "The tide rises", "", []),
    "chat-plain-text-no-newline.http": ("C11", FAILED, "", "", []),
    "messages-block-not-closed-empty-signature.http": ("A12 A23 A23 A30", DONE, "Checking.", "Look it up.", [BREST]),
}


def read(name: str) -> Exchange:
    if not FOLDER.is_dir():
        pytest.skip("the cases (../shared/cases) are not on this machine")
    [capture] = captures_of(str(FOLDER / name), PROTOCOLS[name.partition("-")[0]])
    assert isinstance(capture, Capture)
    return Exchange(capture.recording).finish()


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_read_rightly_and_what_is_wrong_is_told_once(name: str) -> None:
    found, outcome, text, reasoning, calls = CASES[name]
    one = read(name)
    assert sorted(finding.id for finding in one.findings if finding.severity is not Severity.NOTE) == found.split()
    assert (one.outcome, one.reading.text, one.reading.reasoning) == (outcome, text, reasoning)
    assert [call.arguments for call in one.reading.tool_calls] == calls


def test_a_call_that_stands_in_the_text_as_well() -> None:
    one = read("chat-call-as-text-and-call.http")
    assert [finding.id for finding in one.findings] == ["G10"]
    assert [call.arguments for call in one.reading.tool_calls] == [BREST]


def test_a_tool_that_is_called_as_another_kind() -> None:
    one = read("responses-custom-tool-as-function.jsonl")
    assert [(finding.id, finding.severity) for finding in one.findings] == [("G13", Severity.BREAKS)]
