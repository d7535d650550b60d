"""A profile and a key as an exchange: where it goes, what its recording says, what is masked in it."""

from __future__ import annotations

import msgspec
import pytest

from app import __version__
from app.asking.caller import Caller, Purpose, secrets_of, to_limits, to_network, to_note, to_target
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Ask, UserTurn
from app.protocols.registry import protocol
from app.recording.records import Ended, Opened, Record
from app.store.profiles import Prices, Profile, ProfileLimits
from app.wire.client import WireClient
from app.wire.commands import Limits, Network
from tests.asking.path_servers import GOOD, MESSAGES, hosting, speaking
from tests.builders import messages_end, messages_start, messages_text
from tests.wire.conftest import KEY
from tests.wire.servers import answering, serving

FULL = Profile(
    name="Relay",
    protocol="openai-chat",
    base_url="https://h/v1",
    auth="bearer",
    headers=(("X-Team", "a"), ("X-Team", "b")),
    prices=Prices(input=1, output=2.5),
    limits=ProfileLimits(connect_s=1.5, silence_s=5),
    proxy="socks5h://127.0.0.1:9",
    ca_file="/tmp/ca.pem",
    verify_tls=False,
    http2=False,
    keep_connection=True,
)
ASK = Ask("m", (UserTurn("Hi"),), stream=True)


def test_what_a_profile_becomes() -> None:
    target = to_target(FULL, "k")
    assert (target.base_url, target.auth, target.key, target.headers) == ("https://h/v1", "bearer", "k", FULL.headers)
    note = to_note(msgspec.structs.replace(FULL, base_url="https://me:secret@h:1/v1"))
    assert note.base_url == "https://h:1/v1"
    assert note.prices == {"input": 1.0, "output": 2.5}
    assert to_note(Profile("x")).prices is None
    assert to_limits(FULL, body_bytes=7) == Limits(connect_s=1.5, first_byte_s=60, silence_s=5, total_s=600, body_bytes=7)
    assert to_network(FULL) == Network("socks5h://127.0.0.1:9", "/tmp/ca.pem", False, False, True)


def test_defaults_are_those_of_the_wire() -> None:
    assert to_limits(Profile("x")) == Limits()
    assert to_network(Profile("x")) == Network()


def test_what_is_masked_of_a_profile() -> None:
    profile = Profile(
        "x",
        base_url="https://me:pass-word-1@h?api_key=query-key-1234",
        headers=(("X-Custom", "Bearer by-look-1234"), ("Cookie", "session=by-name-1234"), ("X-Team", "blue-team-1234")),
        proxy="http://me:proxy-word-1@p",
    )
    found = secrets_of(profile, " the-key-1234 ")
    for secret in ("the-key-1234", "pass-word-1", "query-key-1234", "by-look-1234", "proxy-word-1"):
        assert secret in found
    assert any("by-name-1234" in one for one in found)
    assert "blue-team-1234" not in found
    assert "" not in secrets_of(Profile("x"), "")


async def test_an_exchange_says_what_it_was_for_and_is_read_to_its_end(wire: WireClient) -> None:
    records: list[Record] = []
    async with hosting(speaking(MESSAGES)) as host:
        caller = Caller(wire, Profile("Mine", base_url=host.url, label="local"), KEY)
        told: list[Exchange] = []
        purpose = Purpose("b", "minimal", "m", "b", 3, streamed=True)
        request = protocol("anthropic-messages").build(ASK, caller.target)
        one = await caller.exchange(request, purpose, told.append, lambda _number, record: records.append(record))
        [heard] = host.heard
    assert (one.finished, one.outcome, one.reading.text) == (True, Outcome.COMPLETED, "Hello")
    assert set(map(id, told)) == {id(one)}
    assert (type(records[0]), type(records[-1]), len(records)) == (Opened, Ended, len(list(one.recording.records())))
    said = one.recording.envelope
    assert (said.scenario, said.model, said.side, said.round, said.streamed) == ("minimal", "m", "b", 3, True)
    assert (said.protocol, said.profile.name, said.profile.label, said.app_version) == (
        "anthropic-messages", "Mine", "local", __version__,
    )  # fmt: skip
    assert said.started_utc.endswith("Z")
    assert heard.headers["x-api-key"] == KEY
    assert KEY not in repr(list(one.recording.records()))


@pytest.mark.parametrize("body_bytes", [len(GOOD[MESSAGES].body) - 1, len(GOOD[MESSAGES].body)])
async def test_an_answer_may_be_as_large_as_the_purpose_allows(wire: WireClient, body_bytes: int) -> None:
    async with hosting(speaking(MESSAGES)) as host:
        caller = Caller(wire, Profile("Mine", base_url=host.url), KEY)
        request = protocol("anthropic-messages").build(ASK, caller.target)
        one = await caller.exchange(request, Purpose("a", "minimal", streamed=True, body_bytes=body_bytes))
    whole = body_bytes == len(GOOD[MESSAGES].body)
    assert one.outcome is (Outcome.COMPLETED if whole else Outcome.FAILED)
    assert len(one.recording.body) > 0
    assert one.recording.end is not None
    assert one.recording.end.code == ("" if whole else "too_large")


async def test_time_limits_are_the_profiles(wire: WireClient) -> None:
    async with serving(answering(hold=True)) as served:
        quick = Profile("Mine", base_url=f"http://127.0.0.1:{served.port}", limits=ProfileLimits(first_byte_s=0.05))
        caller = Caller(wire, quick, KEY)
        one = await caller.exchange(protocol("anthropic-messages").build(ASK, caller.target), Purpose("a", "minimal"))
    assert one.recording.end is not None
    assert one.recording.end.code == "first_byte_timeout"


async def test_a_key_that_comes_back_in_pieces_is_masked_in_the_reading(wire: WireClient) -> None:
    middle = len(KEY) // 2
    pieces = messages_start() + messages_text(KEY[:middle]) + messages_text(KEY[middle:]) + messages_end()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    async with serving(answering(head, pieces)) as served:
        caller = Caller(wire, Profile("Mine", base_url=f"http://127.0.0.1:{served.port}"), KEY)
        request = protocol("anthropic-messages").build(ASK, caller.target)
        one = await caller.exchange(request, Purpose("a", "minimal", streamed=True))
    assert len(one.reading.text) == len(KEY)
    assert KEY not in one.reading.text


def test_the_same_caller_elsewhere_keeps_what_was_secret() -> None:
    wire = WireClient()  # never started
    first = Caller(wire, Profile("Mine", base_url="https://h?api_key=query-key-1234"), KEY)
    other = first.at(Profile("Mine", base_url="https://h/v1?api_key=other-key-1234"))
    assert other.key == KEY
    assert other.target.base_url == other.profile.base_url
    assert {KEY, "query-key-1234", "other-key-1234"} <= set(other.secrets)
