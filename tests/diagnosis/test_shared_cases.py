"""The small inputs of public bug reports: which rule speaks, and words of its cause and fix."""

from __future__ import annotations

import pytest

from app.diagnosis import diagnose
from app.exchange.exchange import Exchange
from app.formats.capture import Capture
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.transfer.capture_files import captures_of
from tests.protocols.stored import SHARED

FOLDER = SHARED / "cases"
PROTOCOLS = {"chat": CHAT, "messages": MESSAGES, "responses": RESPONSES}
READ = (
    ("chat-400-max-tokens-over-context.http", "max-tokens-over-context", "568 tokens", "at most 5480 tokens"),
    ("chat-400-model-only-in-responses.http", "model-not-in-protocol", "does not serve it in OpenAI Chat", "OpenAI Responses"),
    ("chat-400-relay-price-not-set.http", "relay-price-missing", "has set no price", "Tell the operator"),
    ("chat-400-temperature-only-1.http", "value-only", "temperature as 1 only", "Leave temperature out"),
    ("chat-400-tool-type-function-only.http", "tool-type", "'type' of tool must be 'function'", "Take that tool out"),
    ("chat-401-gateway-own-token.http", "gateway-own-token", "a token of its own", "cf-aig-authorization"),
    ("chat-500-relay-could-not-parse.http", "upstream-not-json", "could not read what the server behind it", "in order"),
    ("chat-error-as-sse-field.sse", "prompt-too-long", "exceeds the available context size", "Shorten"),
    ("chat-error-as-sse-field.http", "prompt-too-long", "exceeds the available context size", "Shorten"),
    ("chat-html-page-in-stream.http", "page-in-stream-timeout", "after 2 events", "time limit"),
    ("chat-plain-text-no-newline.http", "stream-unframed", "“Hello！ How can I help you today?”", "send it as an event"),
    ("responses-failed-no-accounts.http", "no-account-for-model", "No account behind", "Choose another model"),
    ("messages-400-tool-ids-not-unique.http", "tool-id-twice", "messages[1].content[1]", "Take one of the two out"),
    ("messages-aws-eventstream.http", "aws-frames", "AWS event-stream frames", "unwrap them"),
)


@pytest.mark.parametrize(("name", "rule", "cause", "fix"), READ, ids=[one[0] for one in READ])
def test_a_case_is_told_rightly(name: str, rule: str, cause: str, fix: str) -> None:
    if not FOLDER.is_dir():
        pytest.skip("the cases (../shared/cases) are not on this machine")
    [capture] = captures_of(str(FOLDER / name), PROTOCOLS[name.partition("-")[0]])
    assert isinstance(capture, Capture)
    found = diagnose(Exchange(capture.recording).finish())
    assert found is not None
    assert (found.rule, cause in found.cause, fix in found.fix) == (rule, True, True), (found.cause, found.fix)
