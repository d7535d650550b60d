"""The other side: nothing above a note where all is legal, and on real exchanges only what can be explained."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from app.clients.impact import severity_for
from app.clients.table import table
from app.diagnosis import diagnose
from app.exchange.exchange import Exchange as OneExchange
from app.exchange.exchange import Outcome
from app.protocols.findings import Severity
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, Ended, EndKind, Envelope, Headed, Headers, ProfileNote, Request
from app.run.side import seen_in
from app.scenarios import Plan, Scenario
from app.simulator.faults import FAULTS, Fault
from app.simulator.server.urls import OFFICIAL, PACE_HEADER, base_url
from app.text.json_text import encode_json
from tests.proof import coverage
from tests.proof.asking import HASTY, KINDS, Asking, C, Job, M, R, hurtful, local
from tests.protocols.stored import Exchange, exchanges

PROTOCOLS = (M, C, R)
OFFICIAL_HOSTS = ("api.anthropic.com", "api.openai.com")
TINY = 16  # the least that every protocol takes
Key = tuple[object, ...]


@pytest.fixture(scope="module")
def legal(asking: Asking) -> dict[Key, OneExchange]:
    """The answers under each legal knob: (protocol, kind, knob) to its exchange; (protocol, "tiny", stream) at a tiny limit."""
    jobs: dict[Key, Job[OneExchange]] = {}
    for protocol_id in PROTOCOLS:
        for kind in KINDS[: 3 if protocol_id == M else 2]:
            jobs |= {(protocol_id, kind, knob): _fault(protocol_id, knob, kind) for knob in coverage.LEGAL_KNOBS}
        for stream in (True, False):
            jobs[protocol_id, "tiny", stream] = _fault(protocol_id, stream=stream, max_tokens=TINY)
    return asking.batch(jobs)


def _fault(protocol_id: str, *knobs: str, **more: Any) -> Job[OneExchange]:
    return lambda asker: asker.fault(protocol_id, *knobs, **more)


@pytest.mark.parametrize("knob", coverage.LEGAL_KNOBS)
def test_a_legal_knob_is_no_deviation(knob: str, legal: dict[Key, OneExchange]) -> None:
    chosen = {key: one for key, one in legal.items() if key[2] == knob}
    assert len(chosen) == 7
    for key, one in chosen.items():
        assert hurtful(one) == [], key
        assert one.outcome is Outcome.COMPLETED, key


def test_an_answer_cut_at_a_tiny_limit_is_no_deviation(legal: dict[Key, OneExchange]) -> None:
    """H13: on reasoning models the text is empty then."""
    chosen = {key: one for key, one in legal.items() if key[1] == "tiny"}
    assert len(chosen) == 6
    for key, one in chosen.items():
        assert hurtful(one) == [], key
        assert one.outcome is Outcome.COMPLETED, key


SCENARIOS = (Scenario.MINIMAL, Scenario.STREAMING, Scenario.TOOLS, Scenario.CONVERSATION)


@pytest.fixture(scope="module")
def demo(asking: Asking) -> dict[Key, list[OneExchange]]:
    """The rounds of every scenario with the demo's official endpoint, unpaced: (protocol, scenario, stream). One is paced."""
    jobs: dict[Key, Job[list[OneExchange]]] = {(M, "paced"): _play(asking, M, Plan(prompt="Count to five."))}
    for protocol_id in PROTOCOLS:
        for scenario in SCENARIOS:
            for stream in (True, False):
                plan = Plan(scenario, stream=stream)
                jobs[protocol_id, scenario, stream] = _play(asking, protocol_id, plan, headers=((PACE_HEADER, "none"),))
    return asking.batch(jobs)


def _play(asking: Asking, protocol_id: str, plan: Plan, **profile: Any) -> Job[list[OneExchange]]:
    endpoint = local(protocol_id, base_url(asking.root, OFFICIAL, protocol_id), **profile)
    return lambda asker: asker.ask(endpoint, plan)


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("stream", [True, False])
def test_the_official_demo_has_no_deviation(
    protocol_id: str, scenario: Scenario, stream: bool, demo: dict[Key, list[OneExchange]]
) -> None:
    rounds = demo[protocol_id, scenario, stream]
    assert len(rounds) == {Scenario.TOOLS: 2, Scenario.CONVERSATION: 3}.get(scenario, 1)
    for one in rounds:
        assert hurtful(one) == []
        assert one.outcome is Outcome.COMPLETED


def test_at_its_own_pace_it_is_not_buffered_either(demo: dict[Key, list[OneExchange]]) -> None:
    (one,) = demo[M, "paced"]
    assert one.findings == []
    assert one.outcome is Outcome.COMPLETED


# -- what is no answer ---------------------------------------------------------------------------------------------------------


def _failing() -> Iterator[tuple[str, str]]:
    for protocol_id in PROTOCOLS:
        yield from ((protocol_id, knob) for knob in coverage.FAILING_KNOBS)
        yield from ((protocol_id, fault.name) for fault in FAULTS.values() if _refuses(fault, protocol_id))


def _refuses(fault: Fault, protocol_id: str) -> bool:
    return fault.group == "errors" and protocol_id in fault.protocols


@pytest.fixture(scope="module")
def failures(asking: Asking) -> dict[tuple[str, str], OneExchange]:
    """What came of the knobs that give no answer."""
    return asking.batch({(one, knob): _fault(one, knob, limits=HASTY) for one, knob in _failing()})


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
def test_no_answer_is_a_failure_with_a_cause(protocol_id: str, failures: dict[tuple[str, str], OneExchange]) -> None:
    for (asked_protocol, knob), one in failures.items():
        if asked_protocol != protocol_id:
            continue
        assert one.outcome is Outcome.FAILED, knob
        diagnosis = diagnose(one)
        assert diagnosis is not None, knob
        assert diagnosis.cause, knob
        assert diagnosis.fix, knob
        assert diagnosis.rule not in ("wire-unknown", "document-odd"), (knob, diagnosis)


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
def test_where_nothing_was_answered_no_answer_is_blamed(protocol_id: str, failures: dict[tuple[str, str], OneExchange]) -> None:
    """A refusal, a connection that never answered, a status that says it all: no finding beside the failure."""
    unanswered = ("rst_at_once", "close_at_once", "half_head", "not_http", "no_content_204", "silent", "html_challenge")
    for (asked_protocol, knob), one in failures.items():
        if asked_protocol == protocol_id and (knob in unanswered or FAULTS[knob].group == "errors"):
            assert hurtful(one) == [], knob


# -- real exchanges ------------------------------------------------------------------------------------------------------------


@cache
def _recorded() -> tuple[tuple[Exchange, OneExchange], ...]:
    return tuple((one, _read(one)) for one in exchanges() if one["protocol"] in PROTOCOLS)


def _read(one: Exchange) -> OneExchange:
    asked: Any = one["request"] if isinstance(one["request"], dict) else {}
    note = ProfileNote("", f"https://{one['host']}", one["protocol"])
    envelope = Envelope(one["protocol"], note, "custom", asked.get("model", ""), streamed=bool(one["stream"]))
    made = Recording(envelope, Request("POST", f"https://{one['host']}{one['path']}", (), encode_json(asked) if asked else b""))
    made.apply(Headed(one["status"], "", "HTTP/1.1", _headers(one)))
    made.apply(pack_chunks([(NO_STAMP, one["body"].encode())]))
    made.apply(Ended(EndKind.WHOLE))
    return OneExchange(made).finish()


def _headers(one: Exchange) -> Headers:
    """Without the content encoding: the recorded bodies are unpacked."""
    pairs = one["headers"].items() if isinstance(one["headers"], dict) else one["headers"]
    flat = ((name, value if isinstance(value, str) else value[0]) for name, value in pairs)
    return tuple((name, value) for name, value in flat if name.lower() != "content-encoding")


def test_official_endpoints_do_nothing_wrong() -> None:
    chosen = [(one, read) for one, read in _recorded() if one["host"] in OFFICIAL_HOSTS]
    assert len(chosen) > 100
    assert {bool(one["stream"]) for one, _ in chosen} == {True, False}
    said = {(one["id"], found.id, found.sentence) for one, read in chosen for found in read.findings if _hurts(found.severity)}
    assert said == set()
    assert [one["id"] for one, read in chosen if (read.outcome is Outcome.COMPLETED) != (one["status"] == 200)] == []


def test_nor_for_any_client() -> None:
    """What real clients do with what a note names never makes more of it on official answers."""
    said = {
        (one["id"], found.id, client.name)
        for one, read in _recorded()
        if one["host"] in OFFICIAL_HOSTS
        for found in read.findings
        for client in table().speaking(one["protocol"])
        if _hurts(severity_for(client, found, seen_in(read)))
    }
    assert said == set()


def test_what_is_found_on_others_can_be_explained() -> None:
    found = {
        (found.id, one["id"])
        for one, read in _recorded()
        if one["host"] not in OFFICIAL_HOSTS
        for found in read.findings
        if _hurts(found.severity)
    }
    explained = {(finding, one) for finding, ids, _ in coverage.EXPLAINED for one in ids.split()}
    assert found == explained
    assert all(why.endswith(".") for *_, why in coverage.EXPLAINED)


def _hurts(severity: Severity) -> bool:
    return severity is not Severity.NOTE
