"""What was seen, as the table that the program reads (its form: `app/clients/table.py`): the same whenever the same is seen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.clients import retries
from tests.clients.driving import Driver, Job
from tests.clients.inputs import PROTOCOLS, Input
from tests.clients.install import Client
from tests.clients.judge import HUNG, SAME, outcome
from tests.clients.replay import Answer, headers, key_style
from tests.clients.work import Work

NOT_TRIED = "not tried"
MOST_BYTES = 300_000
SUFFIXES = ("", "/v1")
COMMAND = "python -m tests.clients"


class Seen:
    """All outcomes.

    Attributes:
        cells: the outcome by (column, input); a column is a client's name, behind a colon "raw" where it iterated by itself.
        honest: what the column got wrong of honest answers, by (column, protocol, kind, way).
        requests: by (client, protocol) how it asks; `retries`: by the same what it does with errors.
    """

    def __init__(self, clients: list[Client], work: Work) -> None:
        self.clients = clients
        self.work = work
        self.cells: dict[tuple[str, int], str] = {}
        self.honest: dict[tuple[str, str, str, str], str] = {}
        self.requests: dict[str, dict[str, Any]] = {}
        self.retries: dict[str, dict[str, Any]] = {}

    def columns(self, protocol: str) -> list[str]:
        """The table's columns in a protocol."""
        speaking = [one for one in self.clients if protocol in one.suffix]
        return [column for one in speaking for column in (one.name, *([f"{one.name}:raw"] if "raw" in one.ways else []))]

    def row(self, number: int, one: Input) -> list[str]:
        """The outcomes of an input, a column each."""
        return [self.cells.get((column, number), NOT_TRIED) for column in self.columns(one.protocol)]

    def lines(self) -> Iterator[str]:
        """For people: what differs from the truth, one line each."""
        for number, one in enumerate(self.work.inputs):
            where = f"{one.protocol} {one.fault} {one.kind} {'stream' if one.streamed else 'whole'}"
            found = " ".join(f"{name}{'.' if variant else ''}{variant}" for name, variant in one.findings)
            yield f"{where} [{found}]"
            for column, said in zip(self.columns(one.protocol), self.row(number, one), strict=True):
                if said != NOT_TRIED:
                    yield f"    {column}: {said}"


async def play_client(client: Client, drivers: Sequence[Driver], work: Work, seen: Seen) -> None:
    """Play everything to one client; each of its drivers takes the next thing that is left."""
    base: dict[tuple[str, str, str], dict[str, Any]] = {}

    async def honest(driver: Driver, one: Input, way: str) -> None:
        played = await driver.play(Job(one.protocol, one.kind, way, one.by_key))
        base[one.protocol, one.kind, way] = played.seen or {}
        if (said := outcome(played, one, _truth(one, way, played.seen or {}))) != SAME:
            seen.honest[_column(client, way), one.protocol, one.kind, way] = said

    async def faulty(driver: Driver, number: int, one: Input, way: str) -> None:
        played = await driver.play(Job(one.protocol, one.kind, way, one.by_key))
        seen.cells[_column(client, way), number] = outcome(played, one, base[one.protocol, one.kind, way])

    async def refused(driver: Driver, protocol: str, name: str, answer: Answer, after: float | None) -> None:
        if (said := await retries.play(driver, protocol, answer, after)) is not None:
            seen.retries.setdefault(client.name, {}).setdefault(protocol, {})[name] = said

    async def asked(driver: Driver, protocol: str) -> None:
        seen.requests.setdefault(client.name, {})[protocol] = await _request(driver, protocol, work)

    await _share(drivers, [partial(honest, one=one, way=way) for one in work.honest for way in _ways(client, one)])
    await _share(
        drivers,
        [partial(faulty, number=n, one=one, way=way) for n, one in enumerate(work.inputs) for way in _ways(client, one)],
    )
    speaks = [protocol for protocol in work.probes if protocol in client.suffix]
    await _share(
        drivers,
        [
            partial(refused, protocol=protocol, name=name, answer=answer, after=after)
            for protocol in speaks
            for name, (answer, after) in work.probes[protocol].items()
        ],
    )
    await _share(drivers, [partial(asked, protocol=protocol) for protocol in speaks])


async def _share(drivers: Sequence[Driver], jobs: Iterable[Callable[[Driver], Awaitable[None]]]) -> None:
    """Have the drivers do all jobs, each one after the other."""
    left = iter(jobs)

    async def work(driver: Driver) -> None:
        for job in left:
            await job(driver)

    await asyncio.gather(*(work(driver) for driver in drivers))


def _ways(client: Client, one: Input) -> Iterator[str]:
    if one.protocol in client.suffix:
        yield from (way for way in client.ways if (way != "whole") == one.streamed)


def _column(client: Client, way: str) -> str:
    return f"{client.name}:raw" if way == "raw" else client.name


def _truth(one: Input, way: str, seen: dict[str, Any]) -> dict[str, Any]:
    """The truth of an honest answer. The client's own word for the stop reason is taken as it is, and its form of arguments."""
    assert one.truth is not None
    texts = any(isinstance(call[2], str) for call in seen.get("calls") or [])
    calls = [(call, name, json.dumps(arguments) if texts else arguments) for call, name, arguments in one.truth["calls"]]
    return {**one.truth, "stop": seen.get("stop"), "calls": None if way == "raw" else calls}


async def _request(driver: Driver, protocol: str, work: Work) -> dict[str, Any]:
    """How the client asks: the path for each base URL, and the headers that matter."""
    honest = next(one for one in work.honest if one.protocol == protocol and not one.streamed)
    paths: dict[str, str] = {}
    head = b""
    for suffix in SUFFIXES:
        played = await driver.play(Job(protocol, "text", "whole", honest.by_key, suffix))
        if played.heads:
            paths[suffix] = "/" + played.heads[0].split(b" ")[1].decode("latin-1").split("/", 2)[2]
            head = head or played.heads[0]
    sent = headers(head)
    kept = {name: sent[name] for name in ("anthropic-version", "user-agent") if name in sent}
    return {"auth": key_style(head), "paths": paths, "headers": kept}


def as_data(seen: Seen, date: str) -> dict[str, Any]:
    """The table as plain data."""
    outcomes = sorted(
        {said for number, one in enumerate(seen.work.inputs) for said in seen.row(number, one)} | {SAME, NOT_TRIED}
    )
    numbers = {said: number for number, said in enumerate(outcomes)}
    return {
        "date": date,
        "command": COMMAND,
        "clients": {
            one.name: {
                "package": one.package,
                "version": one.version,
                "language": one.language,
                "packages": list(one.packages),
                "suffix": one.suffix,
                "requests": dict(sorted(seen.requests.get(one.name, {}).items())),
                "retries": {
                    protocol: {name: found[name] for name in seen.work.probes[protocol] if name in found}
                    for protocol, found in sorted(seen.retries.get(one.name, {}).items())
                },
            }
            for one in seen.clients
        },
        "columns": {protocol: seen.columns(protocol) for protocol in PROTOCOLS},
        "honest": [[*key, said] for key, said in sorted(seen.honest.items())],
        "unchanged": list(seen.work.unchanged),
        "outcomes": outcomes,
        "rows": {protocol: list(_rows(seen, protocol, numbers)) for protocol in PROTOCOLS},
        "left_out": sorted(
            [column, seen.work.inputs[number].protocol, seen.work.inputs[number].fault, seen.work.inputs[number].kind]
            for (column, number), said in seen.cells.items()
            if said == HUNG
        ),
    }


def _rows(seen: Seen, protocol: str, numbers: dict[str, int]) -> Iterator[list[Any]]:
    """[fault or case, kind, 1 for a stream, findings, an outcome's number for each column]."""
    for number, one in enumerate(seen.work.inputs):
        if one.protocol == protocol:
            found = " ".join(f"{name}.{variant}" if variant else name for name, variant in one.findings)
            cells = " ".join(str(numbers[said]) for said in seen.row(number, one))
            yield [one.fault, one.kind, int(one.streamed), found, cells]


def write(seen: Seen, path: Path, date: str) -> None:
    """Write the table, a row a line. Raises ValueError where it is too large to ship."""
    text = _lines(as_data(seen, date))
    if len(text) > MOST_BYTES:
        raise ValueError(f"the table has {len(text)} bytes, more than {MOST_BYTES}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _lines(data: dict[str, Any]) -> str:
    """JSON, broken so that a difference of two tables is read by the line."""
    parts = []
    for key, value in data.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"  {json.dumps(name)}: {_entry(one)}" for name, one in value.items())
            parts.append(f" {json.dumps(key)}: {{\n{inner}\n }}")
        elif isinstance(value, list):
            parts.append(f" {json.dumps(key)}: [\n" + ",\n".join(f"  {json.dumps(one)}" for one in value) + "\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _entry(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(f"   {json.dumps(one)}" for one in value) + "\n  ]"
    return json.dumps(value)
