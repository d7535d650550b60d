"""Requests through a little relay to an upstream of ours, over real sockets, and what is said of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any

import httpx

from app.asking.mirroring import Listening, Mirroring
from app.mirror.probes import probes
from app.mirror.probes.probe import Probe
from app.mirror.result import Result
from app.mirror.row import Kind
from app.protocols.ids import MESSAGES
from app.store.profiles import Profile
from app.terminal.mirror_table import result_facts
from app.text.json_text import decode_json, encode_json
from app.wire.client import WireClient
from tests.mirror.little_relay import LittleRelay, in_chat

KEY = "sk-ant-canary-7f3Kd92LmQxZ41"
OWN_KEY = "sk-relay-canary-Zq81LmmX0s7"
ALL = {probe.name: probe for probe in probes(MESSAGES)}
Scene = Callable[[Listening], Coroutine[Any, Any, None]]


def play(scene: Scene, token: str = "") -> None:
    """Run a scene beside an upstream that listens."""

    async def whole() -> None:
        async with asyncio.timeout(60), aclosing(Listening(key=KEY, pace="none", token=token)) as listening:
            assert (await listening.start()).endswith(token)
            await scene(listening)

    asyncio.run(whole())


def profile(relay: LittleRelay) -> Profile:
    return Profile("relay", MESSAGES, relay.url, auth="x-api-key", model="any-name", proxy="none", http2=False)


async def ask(wire: WireClient, listening: Listening, relay: LittleRelay, *names: str) -> dict[str, Result]:
    async with relay:
        mirroring = Mirroring(wire, listening, profile(relay), KEY, "any-name")
        await mirroring.run([ALL[name] for name in names])
    return mirroring.results


def loud(result: Result) -> set[tuple[str, str]]:
    return {(row.what, row.reason) for row in result.loud}


def test_a_relay_that_passes_all_on_and_others_that_do_not(wire: WireClient) -> None:
    async def scene(listening: Listening) -> None:
        root = listening.root
        assert len(root.rpartition("/")[2]) >= 16
        found = await ask(wire, listening, LittleRelay(root), "plain", "stop", "own-header", "answer-stream", "error-529")
        assert {name: loud(one) for name, one in found.items()} == {name: set() for name in found}
        assert {one.times for one in found.values()} == {1}
        assert [(row.kind, row.reason) for row in found["plain"].rows if row.what == "key"] == [(Kind.KEPT, "key_passed")]
        assert found["plain"].direct is not None
        assert found["plain"].direct.reading.text == found["plain"].relayed.reading.text

        def without_stop(body: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in body.items() if name != "stop_sequences"} | {"temperature": 0.1}

        relay = LittleRelay(root, without_stop, key=OWN_KEY, times=3)
        found = await ask(wire, listening, relay, "plain", "stop", "key")
        assert loud(found["stop"]) == {
            ("request", "sent_again"),
            ("stop", "field_dropped"),
            ("temperature", "invented"),
        }
        assert found["stop"].times == 3
        assert [row.reason for row in found["key"].rows if row.what == "key"] == ["own_key"]

        found = await ask(wire, listening, LittleRelay(root, in_chat, "/v1/chat/completions"), "plain", "system", "stop")
        assert loud(found["stop"]) == {
            ("stop", "setting_dropped"),
            ("limit", "setting_changed"),
            ("answer: end", "answer_broken"),  # Chat's answer came where one of Messages was due
        }
        assert {row.reason for row in found["system"].rows if row.what == "system text"} == {"same_elsewhere"}

        found = await ask(wire, listening, LittleRelay(root, refuses=True), "plain")
        assert loud(found["plain"]) == {("request", "nothing_arrived")}

        body = encode_json({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Mine."}]})
        async with LittleRelay(root) as plain:
            mirroring = Mirroring(wire, listening, profile(plain), KEY, "")
            await mirroring.run_body(Probe(name="yours", title="your own", body={}), body)
        assert [one.document for one in mirroring.results["yours"].arrivals] == [decode_json(body)]
        assert not loud(mirroring.results["yours"])

    play(scene)


def test_who_has_no_token_is_kept_out_and_no_key_is_stored_or_shown(wire: WireClient) -> None:
    """Not the one that the relay was sent, nor the one that it brings, in headers or in the body."""

    async def scene(listening: Listening) -> None:
        def with_key(body: dict[str, Any]) -> dict[str, Any]:
            return body | {"api_key": OWN_KEY, "echo": f"as {KEY} said"}

        origin, _, token = listening.root.rpartition("/")
        async with httpx.AsyncClient(trust_env=False) as client:
            for path in ("/", f"/{token[:-1]}/v1/models", f"/{token}x/v1/models", "/v1/models"):
                assert (await client.get(origin + path)).status_code == 404
            assert (await client.get(f"{listening.root}/v1/models")).status_code == 200
        await listening.settled()
        assert (len(listening.arrivals), listening.strangers) == (1, 4)

        relay = LittleRelay(listening.root, with_key, key=OWN_KEY)
        found = await ask(wire, listening, relay, "plain")
        said = encode_json(result_facts(found["plain"], None)).decode() + repr(listening.arrivals) + repr(found)
        assert "any-name" in said
        assert KEY not in said
        assert OWN_KEY not in said

    play(scene, "a-token-of-my-own-1")
