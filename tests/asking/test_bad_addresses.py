"""An address that can't be taken apart, as it is typed, kept or found in a file: everything goes on without its parts."""

from __future__ import annotations

import json

import msgspec

from app.asking.advice import advise
from app.asking.before_run import Missing, model_warning, what_is_missing
from app.exchange.exchange import Exchange
from app.formats.endpoint_files import endpoints_in
from app.formats.har_export import as_har
from app.formats.otlp import as_otlp
from app.recording.recording import Recording
from app.run.diff.requests import compare_requests
from app.run.side import Side
from app.store.profiles import Profile
from tests.builders import stream

NONE = "https://[x/v1/messages"


def asked_there() -> Recording:
    made = stream(words=1)
    made.request = msgspec.structs.replace(made.request, url=NONE)
    return made


def test_what_is_typed_can_be_weighed() -> None:
    typed = Profile("Relay", "openai-chat", NONE)
    assert what_is_missing(typed, "m", has_key=True) == (Missing.ADDRESS,)
    model_warning(typed, "gpt-5", None)
    advise(NONE, "openai-chat")


def test_a_link_that_is_none_is_told() -> None:
    (found,) = endpoints_in("ccswitch://v1[[/import?resource=provider&app=claude&endpoint=https://a.example")
    assert found.why_not


def test_what_was_asked_there_is_written_and_compared() -> None:
    one = Exchange(asked_there()).finish()
    (entry,) = json.loads(b"".join(as_har([one], "1")))["log"]["entries"]
    assert entry["request"]["url"] == NONE
    assert NONE in b"".join(as_otlp([one], "1")).decode()
    sides = [Side(name, [Exchange(asked_there()).finish()]) for name in ("a", "b")]
    compare_requests(sides[0], sides[1])
