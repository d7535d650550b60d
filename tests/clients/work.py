"""All that is played to the clients, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.simulator.faults import Fault
from tests.clients import retries
from tests.clients.inputs import PROTOCOLS, Input, Maker
from tests.clients.replay import Answer


@dataclass(frozen=True)
class Work:
    """What is played.

    Attributes:
        honest: the simulator's answers without a fault, the truth.
        inputs: the faults' and the cases', in the table's order.
        unchanged: of faults that change no answer, their names.
        probes: by protocol, see `tests.clients.retries`.
    """

    honest: list[Input]
    inputs: list[Input]
    unchanged: tuple[str, ...]
    probes: dict[str, dict[str, tuple[Answer, float | None]]]


async def prepare(maker: Maker, faults: Sequence[Fault], *, with_cases: bool) -> Work:
    """Make it all."""
    honest = await maker.honest()
    by_fault = {fault.name: await maker.of_fault(fault, honest) for fault in sorted(faults, key=lambda one: one.name)}
    inputs = [one for found in by_fault.values() for one in found]
    if with_cases:
        inputs += await maker.of_cases()
    inputs.sort(key=lambda one: (PROTOCOLS.index(one.protocol), one.is_case, one.fault, one.kind, not one.streamed))
    probes = {protocol: await retries.probes(maker, protocol) for protocol in PROTOCOLS} if with_cases else {}
    return Work(honest, inputs, tuple(name for name, found in by_fault.items() if not found), probes)
