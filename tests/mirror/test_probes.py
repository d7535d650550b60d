"""The probes as data: a request held against itself is kept whole, and each is told from the others."""

from __future__ import annotations

import pytest

from app.mirror.difference import differences
from app.mirror.probes import probes
from app.mirror.probes.probe import MODEL, NONCE, Probe
from app.mirror.readers import read_request
from app.mirror.row import Kind
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.simulator.faults import parse_faults
from app.text.json_text import encode_json

ALL = [(protocol, probe) for protocol in (MESSAGES, CHAT, RESPONSES) for probe in probes(protocol)]


@pytest.mark.parametrize(("protocol", "probe"), ALL, ids=[f"{protocol}-{probe.name}" for protocol, probe in ALL])
def test_a_probe_against_itself(protocol: str, probe: Probe) -> None:
    asked = read_request(protocol, probe.body)
    rows = differences(asked, asked)
    assert {row.kind for row in rows} == {Kind.KEPT}
    assert all(row.meaning for row in rows)
    text = encode_json(probe.body).decode()
    assert NONCE in text
    assert MODEL in text
    parse_faults(probe.faults)


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT, RESPONSES])
def test_names_and_bodies_are_each_once(protocol: str) -> None:
    found = probes(protocol)
    assert found[0].name == "plain"
    assert len({probe.name for probe in found}) == len(found) >= 40
    asked = [(encode_json(probe.body), probe.headers, probe.faults) for probe in found if probe.about == "request"]
    assert len(set(asked)) == len(asked)


def test_a_protocol_without_probes() -> None:
    assert probes("another") == ()
