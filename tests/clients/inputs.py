"""What is played: each fault of the simulator and each case as stored bytes, with what Diptych finds in them."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.exchange.burst_rules import CAME_AT_ONCE
from app.exchange.exchange import Exchange
from app.scenarios import Plan, Scenario
from app.simulator.faults import FAULTS, Fault
from app.simulator.server.client import Simulator
from app.simulator.server.urls import base_url, fault_endpoint
from app.wire.client import WireClient
from tests.clients.replay import Answer, End, Replay
from tests.proof.asking import NO_FAULT, PATIENT, Asker, C, M, R, Scripted, body_of, local
from tests.protocols.stored import SHARED

CASES = SHARED / "cases"
PROTOCOLS = (M, C, R)
KINDS = {M: ("text", "tools", "thinking"), C: ("text", "tools"), R: ("text", "tools")}
READ_TIMEOUT_S = 20.0
# Faults that only stall, or never end: a client just waits.
ENDLESS = frozenset(
    (
        *("silent", "silent_after_headers", "stall_after_n", "slow_headers", "endless_body", "endless_comments"),
        *("endless_headers", "switching_101"),
    )
)
# Faults of size take a number: a small one shows what a client does without costing it its memory.
SMALLER = {"gzip_bomb": 1, "long_line": 1, "tiny_events": 2000, "deep_nesting": 2000, "bursts": 2, "slow_headers": 1}
# What the key is sent in decides, so that the answer is stored for each.
BY_KEY = "auth"
REFUSING = "errors"  # an error of HTTP is the same to a client whatever it asked; `tests.clients.retries` asks without a stream
STYLES = {"x-api-key": ("x-api-key",), "bearer": ("authorization",)}
KEY_TEXT = "sk-clients-0123456789abcdef0123456789abcdef"
_ID = re.compile(rb"\b(msg|req|toolu|call|resp|fc|rs|chatcmpl|fp)[_-][A-Za-z0-9]{8,}")
_CALL_ID = re.compile(rb"\b(?:toolu|call)_[A-Za-z0-9]+")
_VARYING = (
    (_ID, rb"\1_"),
    (re.compile(rb'"(created|created_at|completed_at)":\d+'), rb'"\1":0'),
    (re.compile(rb'"(signature|encrypted_content|obfuscation)":"[^"]*"'), rb'"\1":""'),
    (re.compile(rb"(?im)^(date|x-oneapi-request-id|anthropic-ratelimit-\S*|openai-processing-ms|cf-ray):.*$"), rb"\1:"),
)
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})\r\n")
_CLOSES = re.compile(rb"(?i)\r\nconnection: close(?=\r\n)")
_FRAMED = re.compile(rb"(?im)^(content-length|transfer-encoding):")
_LOCATION = re.compile(rb"(?im)^location: [^\r\n]*")
_NOWHERE = b"location: http://127.0.0.1:1/elsewhere"  # nobody listens there


@dataclass(frozen=True)
class Input:
    """One stored answer.

    Attributes:
        fault: the fault's name, "" for the honest answer of its kind; of a case the file's name.
        by_key: the answers by the way in which the key is sent, see `Replay.expecting`.
        findings: (id, variant) of each finding that Diptych makes, each once, in order.
        read: Diptych's own reading where it is the truth (a case), else None: the honest answer is.
        truth: of an honest answer what it says.
        ids: of calls as they stand in the bytes.
    """

    fault: str
    protocol: str
    kind: str
    streamed: bool
    by_key: dict[str, Answer] = field(compare=False)
    findings: tuple[tuple[str, str], ...] = ()
    read: dict[str, Any] | None = field(default=None, compare=False)
    truth: dict[str, Any] | None = field(default=None, compare=False)
    ids: frozenset[str] = frozenset()
    is_case: bool = False


class EndlessError(Exception):
    """A fault that never ends, and is not listed as one."""


class Maker:
    """Makes the inputs with a simulator and a wire process of its own."""

    def __init__(self, simulator_root: str, wire: WireClient, replay: Replay) -> None:
        self._root = simulator_root
        self._replay = replay
        self._asker = Asker(simulator_root, wire, Scripted(), "a")

    async def honest(self) -> list[Input]:
        """What the simulator answers without a fault: the truth, by protocol, kind and way."""
        return [
            await self._input("", protocol, kind, streamed, {"": await self.record(NO_FAULT, protocol, kind, streamed)})
            for protocol in PROTOCOLS
            for kind in KINDS[protocol]
            for streamed in (True, False)
        ]

    async def of_fault(self, fault: Fault, honest: list[Input]) -> list[Input]:
        """The fault in all protocols that it shows in, where it changes the answer at all; the same bytes only once."""
        found: list[Input] = []
        had: set[object] = set()
        for like in honest:
            if like.protocol not in fault.protocols or not _makes_sense(fault, like):
                continue
            by_key = await self._recorded(fault, like)
            plain = tuple(_plain(one) for one in by_key.values())
            key = (like.protocol, like.streamed, plain)
            if key not in had and any(one != _plain(like.by_key[""]) for one in plain):
                had.add(key)
                found.append(await self._input(fault.name, like.protocol, like.kind, like.streamed, by_key))
        return found

    async def _recorded(self, fault: Fault, like: Input) -> dict[str, Answer]:
        named = f"{fault.name}={SMALLER[fault.name]}" if fault.name in SMALLER else fault.name
        answers: dict[str, Answer] = {}
        for style in (*STYLES, "") if fault.group == BY_KEY else ("",):
            answers[style] = await self.record(named, like.protocol, like.kind, like.streamed, style)
        return answers

    async def _input(
        self, fault: str, protocol: str, kind: str, streamed: bool, by_key: dict[str, Answer], *, is_case: bool = False
    ) -> Input:
        read = await self._read(by_key, protocol, kind, streamed)
        ids = frozenset(one.decode() for answer in by_key.values() for one in _CALL_ID.findall(answer.data))
        said = facts(read)
        return Input(
            fault,
            protocol,
            kind,
            streamed,
            by_key,
            _findings(read),
            said if is_case else None,
            None if fault else said,
            ids,
            is_case,
        )

    async def _read(self, by_key: dict[str, Answer], protocol: str, kind: str, streamed: bool) -> Exchange:
        """What Diptych reads of it, over the wire as from any endpoint."""
        with self._replay.expecting(by_key) as (root, _):
            profile = local(protocol, root + ("" if protocol == M else "/v1"), PATIENT)
            plan = Plan(Scenario.CUSTOM, body=body_of(protocol, kind, stream=streamed))
            (exchange,) = await self._asker.ask(profile, plan)
            return exchange

    async def record(self, fault: str, protocol: str, kind: str, streamed: bool, style: str = "") -> Answer:
        """The bytes of the simulator's answer, its head too, and how the connection ended."""
        url = urlsplit(base_url(self._root, fault_endpoint(fault), protocol) + _path(protocol))
        body = body_of(protocol, kind, stream=streamed)
        key = [f"{name}: {KEY_TEXT}" for name in STYLES.get(style, ("authorization" if protocol != M else "x-api-key",))]
        lines = [f"POST {url.path} HTTP/1.1", f"host: {url.netloc}", *key, "content-type: application/json"]
        lines += ["anthropic-version: 2023-06-01", "accept-encoding: gzip, deflate", f"content-length: {len(body)}"]
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write("\r\n".join([*lines, "connection: close", "", ""]).encode() + body)
        data, end = b"", End.CLOSED
        try:
            async with asyncio.timeout(READ_TIMEOUT_S):
                while piece := await reader.read(1 << 20):
                    data += piece
        except ConnectionError:
            end = End.RESET
        except TimeoutError as error:
            raise EndlessError(f"the fault {fault} did not end: it belongs in ENDLESS") from error
        finally:
            writer.close()
        return _as_to_all(data, end)

    async def of_cases(self) -> list[Input]:
        """The small inputs of bug reports that lie beside the checkout; none where they are missing."""
        found: list[Input] = []
        for path in sorted(CASES.glob("*")):
            if case := _case(path.name, path.read_bytes()):
                protocol, answer, streamed = case
                one = await self._input(path.name, protocol, "text", streamed, {"": answer}, is_case=True)
                if one.read and one.read["calls"]:
                    one = await self._input(path.name, protocol, "tools", streamed, {"": answer}, is_case=True)
                found.append(one)
        return found


@asynccontextmanager
async def making(replay: Replay) -> AsyncIterator[Maker]:
    """A maker with its processes."""
    simulator, wire = Simulator(command=(sys.executable, "-m", "tests.clients.seeded")), WireClient()
    wire.start()
    try:
        yield Maker(await simulator.start(), wire, replay)
    finally:
        await wire.aclose()
        simulator.close()


def chosen_faults(names: list[str]) -> list[Fault]:
    """Those that can be played, or those of these names."""
    return [
        one for one in FAULTS.values() if one.name not in ENDLESS and one.group != "models" and (not names or one.name in names)
    ]


def _makes_sense(fault: Fault, like: Input) -> bool:
    """Whether to play a fault in this kind of answer: what an answer holds besides the fault must be able to matter."""
    if fault.name in SMALLER and not like.streamed:  # how often a client asks again for these depends on the machine
        return False
    if like.kind == "thinking":
        return fault.group in ("thinking", "order")
    if like.kind == "tools":
        return fault.group not in (REFUSING, BY_KEY, "model", "limits") and (like.streamed or fault.group == "tools")
    return fault.group != REFUSING or like.streamed


def _as_to_all(data: bytes, end: End) -> Answer:
    """The answer as it goes to a client that did not ask for the connection to be closed, as we did to see its end."""
    data = _LOCATION.sub(_NOWHERE, data, count=1)
    shorter = _CLOSES.sub(b"", data, count=1)
    framed = _FRAMED.search(data.partition(b"\r\n\r\n")[0]) is not None
    return Answer(shorter, End.KEPT) if end is End.CLOSED and framed and len(shorter) < len(data) else Answer(data, end)


def _path(protocol: str) -> str:
    return {M: "/v1/messages", C: "/chat/completions", R: "/responses"}[protocol]


def _plain(answer: Answer) -> tuple[bytes, End]:
    """The answer without what differs each time, and without the borders of its chunks."""
    head, blank, body = answer.data.partition(b"\r\n\r\n")
    data = head + blank + _joined(body)
    for pattern, becomes in _VARYING:
        data = pattern.sub(becomes, data)
    return data, answer.end


def _joined(body: bytes) -> bytes:
    """A chunked body's chunks in a row; any other body as it is."""
    rest, pieces = body, []
    while found := _CHUNK.match(rest):
        size = int(found[1], 16)
        begin, end = found.end(), found.end() + size
        if rest[end : end + 2] != b"\r\n":
            break
        pieces.append(rest[begin:end])
        rest = rest[end + 2 :]
        if not size:
            return b"".join(pieces) if not rest else body
    return body


def _findings(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """Without what a busy machine makes of a quick answer, which is not the same each time."""
    return tuple(sorted({(one.id, one.variant) for one in exchange.findings if one.rule is not CAME_AT_ONCE}))


def facts(exchange: Exchange) -> dict[str, Any]:
    """What an answer says, in the drivers' words."""
    reading = exchange.reading
    usage = reading.usage
    return {
        "text": reading.text,
        "calls": [(one.id, one.name, one.arguments if one.parsed else one.arguments_text) for one in reading.tool_calls],
        "stop": reading.stop_reason,
        "input": usage.input_tokens if usage else None,
        "output": usage.output_tokens if usage else None,
        "failed": str(exchange.outcome) != "completed",
    }


def _case(name: str, data: bytes) -> tuple[str, Answer, bool] | None:
    """(protocol, answer, streamed) of a case's file; None for one that is no answer."""
    first, _, ending = name.partition("-")[0], None, name.rpartition(".")[2]
    protocol = {"messages": M, "chat": C, "responses": R}.get(first)
    if protocol is None or ending not in ("sse", "json", "http", "jsonl", "raw"):
        return None
    if ending == "raw":
        return protocol, Answer(data, End.CLOSED), b"text/event-stream" in data
    headers, status = [("content-type", "application/json" if ending == "json" else "text/event-stream")], "200"
    if ending == "jsonl":
        entry = json.loads(data.splitlines()[0])
        status, headers, data = str(entry["status"]), [tuple(pair) for pair in entry["headers"]], entry["body"].encode()
    elif ending == "http":
        head, _, data = (
            data.replace(b"\r\n", b"\n").partition(b"\n\n") if b"\r\n\r\n" not in data else data.partition(b"\r\n\r\n")
        )
        first_line, *rest = head.decode("latin-1").replace("\r\n", "\n").split("\n")
        status = first_line.split()[1]
        headers = [(one.partition(":")[0], one.partition(":")[2].strip()) for one in rest]
    kept = [(key, value) for key, value in headers if key.lower() not in ("content-length", "transfer-encoding", "connection")]
    lines = [f"HTTP/1.1 {status} Said", *(f"{key}: {value}" for key, value in kept), f"content-length: {len(data)}"]
    streamed = any(key.lower() == "content-type" and "event-stream" in value for key, value in kept)
    return protocol, Answer("\r\n".join([*lines, "", ""]).encode("latin-1") + data), streamed
