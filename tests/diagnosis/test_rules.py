"""Every rule of the table with a response as endpoints send it, and answers that must not set one off."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.diagnosis import RULES, Action, Context, diagnose
from app.diagnosis.already import ALREADY_SO
from app.diagnosis.fields import FIELDS
from app.exchange.exchange import Exchange, Outcome
from app.protocols.errors.body import read_error_body
from app.recording.records import Ended, EndKind
from app.recording.records import WireErrorCode as Wire
from app.store.profiles import Profile, ProfileLimits
from app.text.sentences import fields_of
from app.text.translation import translate_with
from tests.builders import messages_end
from tests.diagnosis.cases import CASES, diagnosed
from tests.diagnosis.made import (
    ANTHROPIC,
    BEGUN,
    OPENAI,
    RELAY,
    STREAM,
    A,
    C,
    R,
    anthropic,
    asked,
    asking,
    made,
    openai,
    page,
    speaking,
    wire,
)
from tests.protocols.stored import exchanges

RUN, LATER = (Action.RUN_AGAIN,), (Action.RUN_LATER,)
IN_7_S = {"retry-after": "7"}
IN_STREAM = b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Not now. Retry after 9 s"}}\n\n'
REFUSES_EFFORT = openai("Unknown parameter: 'reasoning_effort'")
QUOTE = re.compile(r"“[^”]*”")
MACHINE_WORDS = re.compile(
    r"\b(?:None|True|False|Traceback|errno|\w+Error|\w+Exception|httpx|httpcore)\b|[{}<>]|\\x|WireErrorCode"
)
_IDS = [f"{number}-{case.rule}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize("name", ["content-encoding", "content-type", "location", "server"])
@pytest.mark.parametrize("status", [200, 307, 503])
def test_a_head_without_end_makes_no_sentence_without_end(name: str, status: int) -> None:
    exchange = made(status, BEGUN, headers={name: ", ".join(["gzip"] * 5000)}, streamed=True)
    found = diagnose(exchange, Context())
    assert found is not None
    assert all(len(said) < 2000 for said in (found.cause, found.fix, *(one.sentence for one in exchange.findings)))


def test_rule(subtests: pytest.Subtests) -> None:
    for case, found, name in zip(CASES, diagnosed(), _IDS, strict=True):
        with subtests.test(name):
            assert found is not None
            assert found.rule == case.rule, found
            assert case.cause in found.cause
            assert case.fix in found.fix
            assert (found.change and (found.change.field, found.change.value)) == case.action
            assert found.change is None or found.change.label


def test_every_rule_has_a_row_and_a_name_of_its_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert set(names) == {case.rule for case in CASES}  # a rule that an earlier one hides can't win a row


def test_sentences_are_plain(subtests: pytest.Subtests) -> None:
    for found, name in zip(diagnosed(), _IDS, strict=True):
        with subtests.test(name):
            assert found is not None
            for sentence in (found.cause, found.fix):
                own = QUOTE.sub("", sentence)
                assert sentence.strip()
                assert sentence.endswith((".", "!", "?", "…", "”", '"'))
                assert "  " not in sentence
                assert not MACHINE_WORDS.search(own), own


def test_templates_name_fields_that_there_are_and_each_of_them() -> None:
    named = set().union(*(fields_of(rule.cause) | fields_of(rule.fix) for rule in (*RULES, ALREADY_SO)))
    assert named == {*FIELDS, "already"}


def test_a_language_finds_each_sentence_whole() -> None:
    found = diagnose(made(404, openai("no such model"), protocol=C, model="x"), Context(models=("y",)))
    assert found is not None
    words = {found.row.cause: "{host} kennt {model} nicht.", found.row.fix: "Anderes Modell wählen."}
    translate_with(lambda template: words.get(template, template))
    try:
        assert (found.cause, found.fix) == ("relay.example kennt x nicht.", "Anderes Modell wählen.")
    finally:
        translate_with(None)
    assert "does not know the model x" in found.cause


def test_every_button_changes_a_field_that_exists() -> None:
    known = {*Profile.__struct_fields__, "max_tokens", "stream", "key"}
    known |= {f"limits.{name}" for name in ProfileLimits.__struct_fields__}
    fields = {one.change.field for one in diagnosed() if one is not None and one.change is not None}
    assert len(fields) > 10
    assert fields <= known


def test_what_a_fix_tells_to_do_can_be_done() -> None:
    for rule in RULES:
        told = any(words in rule.fix.lower() for words in ("run it again", "try again", "base url", "choose a model"))
        assert not told or rule.change or rule.actions, rule.name


@pytest.mark.parametrize(
    ("rule", "exchange", "actions"),
    [
        ("rate", made(429, openai("Slow down, limit reached.")), (Action.RUN_LATER,)),
        ("rate", made(429, openai("Your limit resets at noon.")), ()),
        ("server-local", made(500, openai("failed"), base="http://localhost:9999"), ()),
        ("server-local", made(500, openai("failed"), base="http://localhost:9999", headers={"retry-after": "5"}), LATER),
        ("request-timeout", made(408, headers={"retry-after": "5"}), (Action.EDIT_ENDPOINT, Action.RUN_LATER)),
        ("spend-limit", made(400, anthropic("x", "You have reached your specified API usage limits."), headers=IN_7_S), ()),
        ("insufficient-quota", made(429, openai("x", "x", "insufficient_quota"), headers=IN_7_S), ()),
        ("plan-limit", made(429, openai("The usage limit has been reached"), headers=IN_7_S), ()),
        ("plan-limit", made(429, openai("The usage limit has been reached"), headers={"retry-after": "9000"}), LATER),
        ("plan-limit", made(429, openai("The usage limit has been reached"), headers={"retry-after": "90000"}), ()),
        ("error-only-in-stream", made(200, IN_STREAM, headers=STREAM, streamed=True), LATER),
        ("cancelled", made(end=Ended(EndKind.CANCELLED)), RUN),
        ("unsupported-option", made(400, REFUSES_EFFORT, request=asking(reasoning_effort="low")), (Action.CHOOSE_MODEL,)),
        ("unsupported-option", made(400, openai("Unknown parameter: 'n'"), request=asking(n=2)), ()),
        ("path-found", asked(made(404), *speaking(A, "https://relay.example/v1", "/x")), ()),
        ("path-found", asked(made(404), *speaking(A, "", "/x")), (Action.EDIT_ENDPOINT, Action.RUN_AGAIN)),
        ("not-http", made(end=wire(Wire.NOT_HTTP)), (Action.EDIT_ENDPOINT, Action.RUN_AGAIN)),
        ("model-missing", made(404, anthropic("not_found_error", "model: x")), (Action.CHOOSE_MODEL,)),
        ("key-missing", made(401, sends=(("accept", "*/*"),)), (Action.ENTER_KEY,)),
    ],
)
def test_the_actions_of_a_diagnosis(rule: str, exchange: Exchange, actions: tuple[Action, ...]) -> None:
    found = diagnose(exchange)
    assert found is not None
    assert (found.rule, found.actions) == (rule, actions)


@pytest.mark.parametrize("code", list(Wire))
def test_every_wire_error_is_explained(code: Wire) -> None:
    before = diagnose(made(end=wire(code)))
    inside = diagnose(made(200, BEGUN, headers=STREAM, streamed=True, end=wire(code)))
    assert before is not None
    assert before.rule != "wire-unknown"
    assert inside is not None
    assert inside.rule not in ("wire-unknown", "stream-unfinished") or code in ("first_byte_timeout", "proxy")


_BODIES = (b"", b'{"error": {"message": "zork 17"}}', page("Zork").encode(), b"zork 17")
_SAID_OTHERWISE = (404, 405, 407, 408, 415, 431, 414, 413, 504, *range(520, 531))
_STATUSES = (*range(300, 318), *range(400, 452), *range(499, 532), 599)


def test_every_status_is_explained_in_the_vendors_words(subtests: pytest.Subtests) -> None:
    for status, body in product(_STATUSES, _BODIES):
        with subtests.test(f"{status} {body!r}"):
            found = diagnose(made(status, body, protocol=C))
            assert found is not None
            assert found.cause
            assert found.fix
            if b"zork 17" in body and status >= 400:
                assert found.vendor_message == "zork 17"
                assert "zork 17" in found.cause + found.fix or status in _SAID_OTHERWISE


def test_unknown_errors_begin_with_the_vendors_own_words() -> None:
    for status in (403, 418, 422, 500):
        found = diagnose(made(status, {"error": {"message": "zork 17"}}))
        assert found is not None
        assert found.cause.startswith("“zork 17”")


def test_completed_and_running_have_none() -> None:
    whole = made(200, BEGUN + messages_end(), headers=STREAM, streamed=True)
    assert whole.outcome is Outcome.COMPLETED
    assert diagnose(whole) is None
    running = Exchange(made(200, BEGUN, headers=STREAM, streamed=True).recording)
    assert running.outcome is Outcome.RUNNING
    assert diagnose(running) is None


def test_a_torn_connection_behind_the_end_is_no_failure() -> None:
    for code in (Wire.CUT, Wire.RESET, Wire.SILENCE_TIMEOUT, Wire.TOTAL_TIMEOUT):
        assert diagnose(made(200, BEGUN + messages_end(), headers=STREAM, streamed=True, end=wire(code))) is None


NOT = (
    # A text that only mentions a thing must not be taken for the thing.
    (
        "model-missing",
        made(400, anthropic("invalid_request_error", "This model does not support effort level 'xhigh'."), base=ANTHROPIC),
    ),
    (
        "model-missing",
        made(
            400,
            openai("Web search options not supported with this model.", param="web_search_options"),
            protocol=C,
            base=OPENAI,
        ),
    ),
    (
        "tools-unsupported",
        made(400, openai("Tool choice is required, but model did not call a tool", code="tool_use_failed"), protocol=C),
    ),
    ("key-wrong", made(403, anthropic("permission_error", "Your API key does not have permission."), base=ANTHROPIC)),
    ("key-foreign-official", made(401, openai("Incorrect API key provided"), protocol=C, base=OPENAI)),
    ("v1-missing", made(404, "nothing here", protocol=C, base="https://relay.example/api/paas/v4")),
    ("v1-missing", made(404, "nothing here", protocol=C, base="https://relay.example/v1beta/openai")),
    (
        "max-tokens-missing",
        made(400, anthropic("invalid_request_error", "max_tokens: Input should be a valid integer"), base=ANTHROPIC),
    ),
    (
        "system-role-in-messages",
        made(400, anthropic("invalid_request_error", "system: Input should be a valid list"), base=ANTHROPIC),
    ),
    (
        "unsupported-option",
        made(
            400,
            anthropic("invalid_request_error", "messages: at least one message is required"),
            base=ANTHROPIC,
            request=asking(n=1),
        ),
    ),
    ("insufficient-quota", made(429, openai("Rate limit reached", "requests", "rate_limit_exceeded"), protocol=C, base=OPENAI)),
    ("dns-misspelt", made(base="https://api.groq.com/openai/v1", protocol=C, end=wire(Wire.DNS))),
    ("page", made(200, "<thinking>", base=RELAY, protocol=C)),
    ("overloaded", made(500, {"error": {"message": "load failed"}})),
)


@pytest.mark.parametrize(
    ("rule", "exchange"), NOT[:-2] + NOT[-1:], ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(NOT[:-2] + NOT[-1:])]
)
def test_a_near_miss_does_not_set_a_rule_off(rule: str, exchange: Exchange) -> None:
    found = diagnose(exchange)
    assert found is not None
    assert found.rule != rule, found


def test_the_key_of_the_context_counts_before_the_headers() -> None:
    exchange = made(401, anthropic("authentication_error", "invalid x-api-key"), base=ANTHROPIC)
    without = diagnose(exchange, Context(key_sent=False))
    assert without is not None
    assert without.rule == "key-missing"


def test_no_button_applies_an_address_that_is_known_masked() -> None:
    for base, button in (("https://relay.example/team", True), ("https://relay.example/****", False)):
        diagnosis = diagnose(made(404, "<html></html>", protocol=C, base=base))
        assert diagnosis is not None
        assert (diagnosis.rule, diagnosis.change is not None) == ("v1-missing", button)


def test_the_context_may_name_another_address() -> None:
    found = diagnose(made(404, page("404"), protocol=C, base="", end=Ended(EndKind.WHOLE)), Context(base_url=RELAY))
    assert found is not None
    assert found.change is not None
    assert found.change.value == f"{RELAY}/v1"


TEXT = st.one_of(
    st.text(max_size=60), st.sampled_from(["{f.host}", "{0}", "model", "429", "try again in 5s", "data: {", "<html>"])
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([0, 200, 204, 302, 400, 401, 403, 404, 429, 500, 529]),
    st.one_of(st.binary(max_size=80), TEXT, st.builds(openai, TEXT, TEXT, TEXT, TEXT), st.builds(anthropic, TEXT, TEXT)),
    st.sampled_from([A, C, R]),
    TEXT,
    st.dictionaries(st.sampled_from(["date", "retry-after", "location", "server", "x-ratelimit-reset", "content-type"]), TEXT),
    st.sampled_from([None, *Wire]),
)
def test_nothing_that_an_endpoint_sends_raises(
    status: int, body: bytes | str | dict[str, Any], protocol: str, base: str, headers: dict[str, str], code: Wire | None
) -> None:
    end = wire(code) if code else None
    exchange = made(status, _encodable(body), protocol=protocol, base=base, headers=headers, end=end)
    found = diagnose(exchange)
    assert (found is None) == (exchange.outcome is Outcome.COMPLETED)
    assert found is None or (found.cause and found.fix)


def _encodable(body: bytes | str | dict[str, Any]) -> bytes | dict[str, Any]:
    return body.encode("utf-8", "replace") if isinstance(body, str) else body


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "x", ""])
def test_dates_out_of_all_bounds(date: str) -> None:
    for again in (date, "3600", "31000000"):
        found = diagnose(made(429, headers={"date": date, "retry-after": again}))
        assert found is not None
        assert found.rule == "rate-silent"


# The errors among the recorded exchanges, and the rule that must speak of each.
RECORDED = {
    "0037": "model-missing",
    "0038": "model-missing",
    "0039": "model-missing",
    "0040": "model-missing",
    "0100": "status-unknown",
    "0145": "model-missing",
    "0146": "tool-use-failed",
    "0152": "tool-use-failed",
    "0174": "refused-value",
    "0188": "developer-role-refused",
    "0189": "system-role-refused",
    "0190": "unsupported-parameter",
    "0212": "refused-value",
    "0225": "reasoning-unpaired",
    "0232": "rate-upstream",
}


def test_recorded_errors_and_answers() -> None:
    for one in exchanges():
        if one["protocol"] not in (A, C, R):
            continue
        base = f"https://{one['host']}{one['path'].removesuffix('/v1/messages').removesuffix('/chat/completions').removesuffix('/responses')}"
        exchange = made(
            one["status"],
            one["body"],
            protocol=one["protocol"],
            base=base,
            headers=dict(one["headers"]) if isinstance(one["headers"], dict) else {},
            request=one["request"] or None,
            streamed=one["stream"],
            model=(one["request"] or {}).get("model", ""),
        )
        found = diagnose(exchange)
        if one["status"] >= 400:
            assert found is not None
            assert found.rule == RECORDED[one["id"]], (one["id"], found)
            assert found.vendor_message == read_error_body(one["body"].encode(), one["status"]).message
        elif exchange.outcome is Outcome.COMPLETED:
            assert found is None
        else:
            assert found is not None, one["id"]
