"""Real exchanges for the proof: one simulator process and one wire process, asked by the app's own runner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from app.asking.runner import Run, Runner, SideChoice
from app.exchange.exchange import Exchange
from app.protocols.base import GET_WEATHER, Ask, Target, UserTurn
from app.protocols.findings import Finding, Severity
from app.protocols.registry import info, protocol
from app.recording.records import Headers, SideName
from app.scenarios import Plan, Scenario
from app.simulator.server.urls import base_url, fault_endpoint
from app.store.profiles import Profile, ProfileLimits
from app.text.json_text import decode_json, encode_json
from app.wire.client import WireClient

M, C, R = "anthropic-messages", "openai-chat", "openai-responses"
MODELS = {M: "claude-sonnet-4-6", C: "gpt-5.5", R: "gpt-5.5"}
KINDS = ("text", "tools", "thinking")  # the last in Messages only
QUESTION = "What is the weather in Paris and Tokyo?"
KEY = "sk-proof-7f3a9c51e8d24b60"
# Long enough for a busy machine. What falls silent on purpose gets a limit of its own.
PATIENT = ProfileLimits(connect_s=10.0, first_byte_s=20.0, silence_s=20.0, total_s=60.0)
HASTY = ProfileLimits(connect_s=10.0, first_byte_s=0.4, silence_s=0.4, total_s=60.0)
NO_FAULT = "pad_spaces"  # the fault endpoint wants one, and this is what the first party does

SIDES: tuple[SideName, ...] = ("a", "b")
Head = tuple[int, Headers]
Name = TypeVar("Name")
Found = TypeVar("Found")
EVENT_STREAM: Head = (200, (("content-type", "text/event-stream"),))
JSON_BODY: Head = (200, (("content-type", "application/json"),))


def body_of(protocol_id: str, kind: str, *, stream: bool, max_tokens: int = 4096) -> bytes:
    """A request as the app builds it. `kind` is "text", "tools" (the answer calls twice) or "thinking"."""
    tools = (GET_WEATHER,) if kind == "tools" else ()
    ask = Ask(MODELS[protocol_id], (UserTurn(QUESTION),), max_tokens, None, tools, stream)
    body: dict[str, Any] = decode_json(protocol(protocol_id).build(ask, Target("http://h")).body)
    if kind == "thinking" and protocol_id == M:
        body["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    return encode_json(body)


class Asker:
    """Asks endpoints on this machine.

    Attributes:
        root: the simulator's root URL.
    """

    def __init__(self, root: str, wire: WireClient, scripted: Scripted, side: SideName) -> None:
        self.root = root
        self._wire = wire
        self._scripted = scripted
        self._side = side

    async def ask(self, profile: Profile, plan: Plan) -> list[Exchange]:
        """The rounds of a plan against one endpoint, read to their ends."""
        choices: dict[SideName, SideChoice] = {self._side: SideChoice(profile, MODELS[profile.protocol], KEY)}
        run = Run(plan, choices)
        await Runner(self._wire).play(run, choices)
        return [one.finish() for one in run.sides[self._side].rounds]

    async def fault(
        self,
        protocol_id: str,
        knobs: str = NO_FAULT,
        kind: str = "text",
        *,
        stream: bool = True,
        limits: ProfileLimits = PATIENT,
        path: str = "",
        beta: str = "",
        max_tokens: int = 4096,
    ) -> Exchange:
        """One exchange with the simulator's official endpoint under faults (`a+b`), without its pace.

        `path` is put behind the base URL; Messages sends its key as `x-api-key`, the others as a bearer.
        """
        url = base_url(self.root, fault_endpoint(knobs), protocol_id) + path
        plan = Plan(Scenario.CUSTOM, body=body_of(protocol_id, kind, stream=stream, max_tokens=max_tokens))
        (one,) = await self.ask(local(protocol_id, url, limits, anthropic_beta=beta), plan)
        return one

    async def scripted(self, protocol_id: str, body: bytes, head: Head, kind: str = "text", *, stream: bool = True) -> Exchange:
        """One exchange with an endpoint that answers with these bytes."""
        url = self._scripted.url(body, head) + ("" if protocol_id == M else "/v1")
        (one,) = await self.ask(
            local(protocol_id, url, PATIENT), Plan(Scenario.CUSTOM, body=body_of(protocol_id, kind, stream=stream))
        )
        return one


def local(protocol_id: str, url: str, limits: ProfileLimits = PATIENT, **more: Any) -> Profile:
    """A profile for an endpoint on this machine."""
    auth = info(protocol_id).default_auth
    return Profile("Proof", protocol_id, url, auth=auth, limits=limits, proxy="none", http2=False, **more)


class Scripted:
    """A server that answers each base URL with the bytes that were given for it, and closes."""

    def __init__(self) -> None:
        self._port = 0
        self._answers: list[tuple[bytes, Head]] = []

    def url(self, body: bytes, head: Head) -> str:
        """A base URL that answers so."""
        self._answers.append((body, head))
        return f"http://127.0.0.1:{self._port}/{len(self._answers) - 1}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Scripted]:
        """Serve on a free port."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        await reader.readexactly(length)
        body, (status, headers) = self._answers[int(head.split(b"/")[1])]
        lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers), f"content-length: {len(body)}"]
        writer.write("\r\n".join([*lines, "connection: close", "", ""]).encode() + body)
        await writer.drain()
        writer.close()


Job = Callable[["Asker"], Awaitable[Found]]


class Asking:
    """Runs batches of questions over one simulator and one wire process.

    Attributes:
        root: the simulator's root URL.
    """

    def __init__(self, root: str, wire: WireClient) -> None:
        self.root = root
        self._wire = wire

    def batch(self, jobs: Mapping[Name, Job[Found]]) -> dict[Name, Found]:
        """What the jobs found, by their names. Two run at a time, since a side of the wire has one exchange at a time."""
        return asyncio.run(self._batch(jobs))

    async def _batch(self, jobs: Mapping[Name, Job[Found]]) -> dict[Name, Found]:
        found: dict[Name, Found] = {}
        waiting = iter(jobs.items())

        async def work(asker: Asker) -> None:
            for name, job in waiting:
                found[name] = await job(asker)

        async with Scripted().serving() as scripted, asyncio.TaskGroup() as group:
            for side in SIDES:
                group.create_task(work(Asker(self.root, self._wire, scripted, side)))
        return found


def hurtful(exchange: Exchange, *, tolerated: str = "H1") -> list[Finding]:
    """The findings above a note. Without a pace a whole answer comes in one piece, which is a burst (H1)."""
    return [one for one in exchange.findings if one.severity is not Severity.NOTE and one.id != tolerated]
