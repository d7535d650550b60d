"""What is offered alters the request, and what is refused that was never asked for is told as that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.diagnosis import Context, ProfileChange, diagnose
from app.exchange.exchange import Exchange
from tests.diagnosis.cases import CASES, variants
from tests.diagnosis.made import (
    ANTHROPIC,
    KEY,
    RELAY_V1,
    STREAM,
    C,
    R,
    absent,
    anthropic,
    asked,
    asking,
    made,
    openai,
    speaking,
)

PACKED = {**STREAM, "content-encoding": "gzip"}
VERSIONED = (("x-api-key", KEY), ("anthropic-version", "2023-06-01"), ("content-type", "application/json"))
STREAM_REFUSED = openai("This model does not support streaming.")
ONLY_STREAMS = openai("This model only supports streaming")


def _alters(change: ProfileChange, exchange: Exchange) -> bool:
    """Whether what the change sets is not what the recording shows: by what was sent alone, none of the program's own facts."""
    recording, value = exchange.recording, change.value
    request, profile = recording.request, recording.envelope.profile
    fields: dict[str, Any] = {"base_url": profile.base_url, "protocol": recording.envelope.protocol, "auth": profile.auth}
    if change.field in fields:
        return bool(fields[change.field] != value)
    if change.field in ("max_tokens", "stream", "model"):
        body = json.loads(request.body or b"{}")
        names = (
            ("max_tokens", "max_completion_tokens", "max_output_tokens") if change.field == "max_tokens" else (change.field,)
        )
        sent = [body.get(name) for name in names]
        return value not in sent and not (value is False and sent == [None])
    if not request.headers:
        return True
    if change.field == "headers":
        name, _, wanted = str(value).partition("=")
        return (request.header(name) or "") != wanted
    if change.field in ("anthropic_version", "anthropic_beta"):
        return (request.header(change.field.replace("_", "-")) or "") != value
    return True


def test_each_change_that_is_offered_alters_what_was_sent(subtests: pytest.Subtests) -> None:
    for number, case in enumerate(CASES):
        with subtests.test(f"{number}-{case.rule}"):
            for exchange, context in variants(case) if case.action else ((case.exchange, case.context),):
                found = diagnose(exchange, context)
                assert found is None or found.change is None or _alters(found.change, exchange), found


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (made(400, STREAM_REFUSED, protocol=C), "for its stream, though it asks for none"),
        (made(400, ONLY_STREAMS, protocol=C, request=asking(stream=True)), "asks for no stream, though it asks for one"),
        (made(400, anthropic("x", "anthropic-version: header is required"), sends=VERSIONED[:2]), ""),
        (made(400, anthropic("x", "Unexpected value(s) `a` for the `anthropic-beta` header.")), "for a beta, though it asks"),
        (made(401, anthropic("permission_error", "CORS requests are not allowed")), "as one from a browser, though it has no"),
        (made(415, openai("Unsupported media type"), sends=VERSIONED), "though that is application/json"),
        (
            made(400, openai("Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16."), protocol=R),
            "too few tokens, though it asks for 16:",
        ),
        (
            made(400, anthropic("x", "max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens for x")),
            "too many tokens, though it asks for 16 only:",
        ),
        (made(401, anthropic("x", "OAuth authentication is currently not supported.")), "the key in x-api-key"),
    ],
)
def test_what_the_request_has_already_is_not_advised(exchange: Exchange, said: str) -> None:
    found = diagnose(exchange, Context())
    assert found is not None
    if said:
        assert (found.rule, found.change) == ("already-so", None)
        assert said in found.cause
        assert "Nothing in your request is wrong" in found.fix
    else:
        assert found.rule == "header-not-seen"


def test_at_a_vendor_no_relay_is_blamed() -> None:
    found = diagnose(made(400, STREAM_REFUSED, protocol=C, base="https://api.openai.com/v1"), Context())
    assert found is not None
    assert found.fix == "Nothing in your request explains it: ask OpenAI."


@pytest.mark.parametrize("sends", [(), (("accept-encoding", "gzip"),), (("accept-encoding", "identity"),)])
def test_a_packed_answer_is_asked_for_unpacked_once(sends: tuple[tuple[str, str], ...]) -> None:
    found = diagnose(made(200, b"no gzip at all", headers=PACKED, sends=(("x-api-key", KEY), *sends), streamed=True), Context())
    assert found is not None
    assert found.rule == "content-encoding"
    is_asked = bool(sends) and sends[0][1] == "identity"
    assert (found.change is None) is is_asked
    assert ("asked for unpacked already" in found.fix) is is_asked


@pytest.mark.parametrize(
    ("base", "fix"),
    [
        (RELAY_V1, "Choose OpenAI Chat Completions."),
        (RELAY_V1 + "/", "Choose OpenAI Chat Completions."),
        ("", "Choose OpenAI Chat Completions, and correct the base URL so that /v1/chat/completions is asked."),
        (ANTHROPIC, f"Choose OpenAI Chat Completions, and use {ANTHROPIC}."),
    ],
)
def test_a_protocol_that_is_found_names_the_base_url_where_it_is_another(base: str, fix: str) -> None:
    here = RELAY_V1 if base != ANTHROPIC else "https://relay.example/x/v1"
    exchange = made(404, openai("Not found"), protocol=R, base=here)
    besides = (absent(R, here, "/v1/responses"), *speaking(C, base, "/v1/chat/completions"))
    found = diagnose(asked(exchange, *besides), Context())
    assert found is not None
    assert (found.rule, found.fix) == ("protocol-found", fix)
