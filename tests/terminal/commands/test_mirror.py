"""`diptych mirror`: from the address that it shows to the table, through a little relay; and what is wrong use."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.mirror.probes import probes
from app.protocols.ids import MESSAGES
from tests.mirror.little_relay import LittleRelay
from tests.terminal.program import CANARY, ROOT, called

ROOT_URL = re.compile(rb"anthropic-messages +(http://127\.0\.0\.1:\d+/\S+)")


@contextlib.asynccontextmanager
async def mirror(*arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """The command while it runs, once it has told its address (on standard error with --json)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "mirror", *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE, cwd=ROOT
    )
    said = process.stderr if "--json" in arguments else process.stdout
    assert said is not None
    found = None
    while found is None and (line := await said.readline()):
        found = ROOT_URL.search(line)
    assert found is not None
    try:
        yield process, found[1].decode()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def test_through_a_relay_that_is_pointed_there_while_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY_KEY", CANARY)

    async def whole() -> None:
        async with asyncio.timeout(100), LittleRelay("", refuses=True) as relay:
            relay.change = lambda body: {name: one for name, one in body.items() if name != "top_k"}
            options = ("--through-protocol", MESSAGES, "--through-model", "any", "--through-key-env", "CANARY_KEY")
            more = ("--probe", "plain", "top-k", "--wait", "60", "--json", "--through-header", "x-team-token=also-a-secret-1")
            async with mirror("--through-url", relay.url, *options, *more) as (process, root):
                relay.upstream, relay.refuses = root, False
                out, _ = await process.communicate()
                facts = json.loads(out)
                assert process.returncode == 1
                assert CANARY not in out.decode()
                assert "also-a-secret-1" not in out.decode()
        plain, top_k = facts["results"]
        assert (plain["name"], plain["loud"], plain["times"]) == ("plain", False, 1)
        assert [row["what"] for row in top_k["request"] if row["loud"]] == ["top_k"]

    asyncio.run(whole())


def test_without_a_relay_it_shows_what_arrives() -> None:
    async def whole() -> None:
        async with asyncio.timeout(100), mirror() as (process, root), httpx.AsyncClient(trust_env=False) as client:
            body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi\x1b[2J"}]}
            headers = {"x-api-key": CANARY, "anthropic-version": "2023-06-01"}
            answer = await client.post(f"{root}/v1/messages", json=body, headers=headers)
            assert answer.json()["model"] == "m"
            assert process.stdout is not None
            lines = b""
            while b'"max_tokens"' not in lines:
                lines += await process.stdout.readline()
            assert b"POST /v1/messages in Anthropic Messages" in lines
            assert CANARY.encode() not in lines

    asyncio.run(whole())


def test_nothing_else_is_sent_where_nothing_arrives() -> None:
    async def whole() -> None:
        async with LittleRelay("", refuses=True) as relay:
            done = await asyncio.to_thread(
                called, "mirror", "--through-url", relay.url, "--through-protocol", MESSAGES, "--through-model", "any"
            )
        assert done.returncode == 1
        assert "nothing arrived" in done.stderr
        assert done.stdout.count("Nothing arrived") == 1

    asyncio.run(whole())


def test_the_list_names_every_request() -> None:
    done = called("mirror", "--list")
    assert done.returncode == 0
    assert [name for name in (one.name for one in probes(MESSAGES)) if name not in done.stdout] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--probe", "plain"], "--through PROFILE"),
        (["--token", "15-letters-here"], "--token takes 16 letters"),
        (["--token", "16-letters-here-", "--probe", "plain"], "--through PROFILE"),
        (["--through-model", "m"], "--through PROFILE"),
        (["--through-url", "http://127.0.0.1:9", "--through-protocol", MESSAGES], "a model is missing"),
        (
            ["--through-url", "http://127.0.0.1:9", "--through-protocol", MESSAGES, "--through-model", "m", "--probe", "no"],
            "“no”",
        ),
        (["--body", "nowhere.json"], "can't be read"),
    ],
)
def test_wrong_use(arguments: list[str], said: str) -> None:
    done = called("mirror", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_body_that_is_no_request(tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text("[1]")
    assert called("mirror", "--body", str(tmp_path / "body.json")).returncode == 2
