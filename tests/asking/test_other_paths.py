"""Where nothing answers at an address: what is asked besides, what is concluded from it, and what never is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from app.asking.caller import Caller
from app.asking.changes import apply_change
from app.asking.other_paths import ALL_S, ask_other_paths
from app.asking.runner import Run, Runner, SideChoice
from app.diagnosis.asked import in_lines
from app.diagnosis.candidates import paths_to_ask
from app.exchange.exchange import Exchange, Outcome
from app.recording.records import Asked
from app.recording.run_format import load_run
from app.run.json_report import run_facts
from app.run.side import Side, sides_of
from app.scenarios import Plan
from app.store.files import data_folder
from app.store.journal import Journal
from app.store.profiles import Profile, ProfileLimits
from app.store.run_file import save_run
from app.wire.client import WireClient
from tests.asking.path_servers import (
    CHAT,
    MESSAGES,
    RESPONSES,
    Answer,
    Host,
    Said,
    anthropic_error,
    hosting,
    openai_error,
    page,
    said_json,
    speaking,
)
from tests.diagnosis.made import A, C, R, made
from tests.faults.conftest import GOOD
from tests.wire.conftest import KEY
from tests.wire.servers import PATIENCE_S, serving

ROOT = Path(__file__).parents[2]


def profile(url: str, protocol: str = A, **fields: Any) -> Profile:
    auth = "x-api-key" if protocol == A else "bearer"
    return Profile("Mine", protocol, url, model="m", needs_key=False, uid="mine", auth=auth, http2=False, **fields)


async def played(wire: WireClient, one: Profile, *, asks_other_paths: bool = True, journal: Journal | None = None) -> Run:
    choices = {"a": SideChoice(one, "m", KEY)}
    run = Run(Plan(), choices)  # type: ignore[arg-type]
    await Runner(wire, journal, asks_other_paths=asks_other_paths).play(run, choices)  # type: ignore[arg-type]
    return run


async def side_of(wire: WireClient, one: Profile, **more: Any) -> Side:
    return (await played(wire, one, **more)).sides["a"]


def verdicts(side: Side) -> dict[str, str]:
    assert side.last is not None
    return {one.path: one.verdict for one in side.last.recording.asked}


NOT_FOUND = {
    "FastAPI": said_json(404, {"detail": "Not Found"}),
    "one-api": openai_error(404, "Invalid URL (POST /x)"),
    "nginx": page("404 Not Found", 404),
    "panel": page("One API"),
    "method": Said(405),
    "gateway with 200": said_json(200, {"code": 404, "msg": "no static resource"}),
}
NO_CHANNEL = openai_error(503, "当前分组 default 下对于模型  无可用渠道")


# -- what is found, and that the fix works -------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", NOT_FOUND.values(), ids=NOT_FOUND)
@pytest.mark.parametrize(
    ("protocol", "base", "answers", "rule", "field", "value"),
    [
        (A, "", CHAT, "protocol-found", "protocol", C),
        (C, "/v1", MESSAGES, "protocol-found", "protocol", A),
        (R, "/v1", CHAT, "protocol-found", "protocol", C),
        (C, "", CHAT, "path-found", "base_url", "/v1"),
        (A, "/v1", MESSAGES, "path-found", "base_url", ""),
        (C, "/v1/v1", CHAT, "path-found", "base_url", "/v1"),
        (C, "/v1/chat/completions", CHAT, "path-found", "base_url", "/v1"),
        (A, "/v1/messages", MESSAGES, "path-found", "base_url", ""),
        (C, "/console/home", CHAT, "path-found", "base_url", "/v1"),
        (C, "/v1", "/anthropic/v1/messages", "protocol-found", "protocol", A),
    ],
)
async def test_the_place_that_answers_is_found_and_its_button_leads_there(
    wire: WireClient, protocol: str, base: str, answers: str, rule: str, field: str, value: str, missing: Said
) -> None:
    def answer(path: str, body: dict[str, Any]) -> Said:
        if path != answers:
            return missing
        whole = speaking(MESSAGES if "messages" in path else CHAT)
        return whole(MESSAGES if "messages" in path else CHAT, body)

    async with hosting(answer) as host:
        wrong = profile(host.url + base, protocol)
        found = (await side_of(wire, wrong)).diagnosis
        assert found is not None
        assert found.rule == rule, found
        assert found.change is not None
        assert (found.change.field, str(found.change.value).removeprefix(host.url)) == (field, value)
        assert f"POST {answers}: 400" in " ".join(found.asked_lines)
        assert len(host.heard) == 1 + len(host.besides)
        assert all(KEY in (one.headers.get("x-api-key") or one.headers["authorization"]) for one in host.heard)
        mended = await side_of(wire, apply_change(wrong, found.change))
        assert mended.outcome is Outcome.COMPLETED
        assert mended.diagnosis is None


@pytest.mark.parametrize(
    ("answers", "invalid"),
    [
        (CHAT, openai_error(401, "Incorrect API key provided")),
        (CHAT, NO_CHANNEL),
        (CHAT, said_json(422, {"detail": [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]})),
        (CHAT, said_json(400, {"object": "error", "message": "model is missing", "code": 40000})),
        (CHAT, said_json(404, {"detail": "model '' not found in group 'g1'"})),
        (CHAT, said_json(400, [{"error": {"code": 400, "message": "model is not specified", "status": "INVALID_ARGUMENT"}}])),
    ],
)
async def test_refusals_that_show_a_protocol(wire: WireClient, answers: str, invalid: Said) -> None:
    async with hosting(speaking(answers, invalid=invalid)) as host:
        found = (await side_of(wire, profile(host.url))).diagnosis
    assert found is not None
    assert found.rule == "protocol-found"


async def test_a_500_that_misses_a_field_speaks_where_a_neighbour_is_absent(wire: WireClient) -> None:
    missing = said_json(500, {"error": {"code": 500, "message": "'messages' is required", "type": "server_error"}})

    def answer(path: str, body: dict[str, Any]) -> Said:
        return missing if path == MESSAGES else speaking(CHAT)(path, body)

    async with hosting(answer) as host:
        found = (await side_of(wire, profile(f"{host.url}/v1"))).diagnosis
    assert found is not None
    assert (found.rule, found.change and found.change.value) == ("path-found", host.url)


STRICT = openai_error(503, "Strict mode: no fixture matched")


@pytest.mark.parametrize("base", ["/v1", "/v1/", "/v1/messages"])
async def test_a_path_that_fails_in_json_where_a_neighbour_is_absent_is_there(wire: WireClient, base: str) -> None:
    def answer(path: str, body: dict[str, Any]) -> Said:
        if path == MESSAGES:
            return speaking(MESSAGES)(path, body) if body else STRICT
        return openai_error(400) if path == CHAT else said_json(404, {"detail": "Not Found"})

    async with hosting(answer) as host:
        found = (await side_of(wire, profile(host.url + base))).diagnosis
        assert found is not None
        assert found.rule == "path-found", found
        assert found.change is not None
        assert (found.change.field, found.change.value) == ("base_url", host.url)
        assert "POST /v1/no-such-path (which no server has): 404" in " ".join(found.asked_lines)


@pytest.mark.parametrize("base", ["/v1", "/v1/messages"])
async def test_another_protocol_is_not_told_where_the_own_one_may_be_there(wire: WireClient, base: str) -> None:
    """What fails in JSON fails everywhere below /v1, but for Chat's path: nothing proves Messages, nor that it is missing."""

    def answer(path: str, body: dict[str, Any]) -> Said:
        if path == CHAT:
            return openai_error(400)
        return STRICT if path in (MESSAGES, "/v1/no-such-path") else said_json(404, {"detail": "Not Found"})

    async with hosting(answer) as host:
        found = (await side_of(wire, profile(host.url + base))).diagnosis
        assert found is not None
        assert found.rule == ("v1-twice" if base == "/v1" else "endpoint-pasted")
        assert found.change is not None
        assert (found.change.field, found.change.value) == ("base_url", host.url)
        assert len(host.besides) <= 9


async def test_a_path_that_is_not_routed_is_no_provider_to_correct(wire: WireClient) -> None:
    """claude-code-router: any path but that of Messages is taken for one of a provider."""
    missing = openai_error(404, "Provider 'undefined' not found")
    async with hosting(speaking(MESSAGES, missing=missing)) as host:
        found = (await side_of(wire, profile(host.url + "/v1", C))).diagnosis
        assert found is not None
        assert (found.rule, found.change and found.change.value) == ("protocol-found", A)


async def test_a_server_that_answers_an_empty_request_is_not_said_to_refuse_it(wire: WireClient) -> None:
    document = said_json(200, {"object": "chat.completion", "choices": [{"message": {"content": "any"}}]})

    def answer(path: str, body: dict[str, Any]) -> Said:
        return openai_error(404, "not found") if body or path != CHAT else document

    async with hosting(answer) as host:
        found = (await side_of(wire, profile(f"{host.url}/v1", C))).diagnosis
    assert found is not None
    assert (found.rule, "answered even an empty request" in found.cause) == ("path-right", True)
    assert "no model answers" not in " ".join(found.asked_lines)


async def test_a_gateway_that_has_not_built_a_protocol_is_asked_for_another(wire: WireClient) -> None:
    not_built = said_json(500, {"status": "failure", "message": "messages is not supported by openai"})

    def answer(path: str, body: dict[str, Any]) -> Said:
        return not_built if path == MESSAGES else speaking(CHAT)(path, body)

    async with hosting(answer) as host:
        found = (await side_of(wire, profile(host.url))).diagnosis
    assert found is not None
    assert found.rule == "protocol-found"


async def test_the_own_protocol_comes_before_another(wire: WireClient) -> None:
    async with hosting(speaking(MESSAGES, CHAT)) as host:
        found = (await side_of(wire, profile(host.url, C))).diagnosis
    assert found is not None
    assert (found.rule, found.change and found.change.value) == ("path-found", f"{host.url}/v1")


# -- what is not claimed -------------------------------------------------------------------------------------------------


def but(path: str, other: Said) -> Answer:
    """404 at one path, the same answer at every other."""
    return lambda asked, _body: said_json(404, {"detail": "Not Found"}) if asked == path else other


EVERYWHERE = {
    "401 as OpenAI": openai_error(401, "Incorrect API key provided"),
    "401 as Anthropic": anthropic_error(401),
    "400 as OpenAI": openai_error(400),
    "400 as Anthropic": anthropic_error(400),
    "400 of one's own": said_json(400, {"error": "bad request"}),
    "401 without a body": Said(401),
    "403 page": page("Forbidden", 403),
    "429": openai_error(429, "slow down"),
    "500": openai_error(500, "boom"),
    "200 page": page(),
    "200 answer": said_json(200, {"object": "chat.completion", "choices": [{"message": {"content": "any"}}]}),
    "redirect": Said(302, headers=("Location: /login",)),
}


@pytest.mark.parametrize("other", EVERYWHERE.values(), ids=EVERYWHERE)
@pytest.mark.parametrize(("protocol", "base", "path"), [(A, "", MESSAGES), (C, "/v1", CHAT), (R, "/v1", RESPONSES)])
async def test_a_gateway_that_answers_alike_everywhere_proves_nothing(
    wire: WireClient, protocol: str, base: str, path: str, other: Said
) -> None:
    async with hosting(but(path, other)) as host:
        side = await side_of(wire, profile(host.url + base, protocol))
    found = side.diagnosis
    assert found is not None
    assert found.rule not in ("path-found", "protocol-found", "path-right")
    assert "speaks" not in verdicts(side).values()
    assert verdicts(side)[path] == "absent"


@pytest.mark.parametrize("missing", NOT_FOUND.values(), ids=NOT_FOUND)
async def test_where_nothing_is_it_says_so(wire: WireClient, missing: Said) -> None:
    async with hosting(speaking(missing=missing)) as host:
        side = await side_of(wire, profile(host.url, C))
    found = side.diagnosis
    assert found is not None
    assert found.change is None
    assert found.rule == "nowhere" or (missing.status == 200 and found.rule in ("page", "document-odd", "error-with-200"))
    assert set(verdicts(side).values()) == {"absent"}
    assert 1 < len(host.besides) <= 8


async def test_a_right_address_is_not_called_wrong(wire: WireClient) -> None:
    def answer(path: str, body: dict[str, Any]) -> Said:
        if path == MESSAGES and body:
            return said_json(404, {"detail": "no deployment of that kind"})
        return speaking(MESSAGES, CHAT)(path, body)

    async with hosting(answer) as host:
        found = (await side_of(wire, profile(host.url))).diagnosis
    assert found is not None
    assert found.rule == "path-right"
    assert found.change is None


@pytest.mark.parametrize(
    "said",
    [
        anthropic_error(401),
        anthropic_error(404, "model: m"),
        openai_error(400, "max_tokens is too large"),
        openai_error(429),
        openai_error(500, "boom"),
        Said(302, headers=("Location: /elsewhere",)),
    ],
)
async def test_what_no_path_explains_asks_nothing(wire: WireClient, said: Said) -> None:
    async with hosting(lambda _path, _body: said) as host:
        side = await side_of(wire, profile(host.url))
    assert side.outcome is Outcome.FAILED
    assert len(host.heard) == 1
    assert side.diagnosis is not None
    assert side.diagnosis.asked == ()
    assert side.diagnosis.asked_lines == ()


async def test_what_completes_asks_nothing(wire: WireClient) -> None:
    async with hosting(speaking(MESSAGES)) as host:
        assert (await side_of(wire, profile(host.url))).outcome is Outcome.COMPLETED
    assert len(host.heard) == 1


async def test_it_can_be_turned_off(wire: WireClient) -> None:
    async with hosting(speaking(CHAT)) as host:
        side = await side_of(wire, profile(host.url), asks_other_paths=False)
    assert len(host.heard) == 1
    assert side.diagnosis is not None
    assert side.diagnosis.rule == "messages-missing"


# -- the key -------------------------------------------------------------------------------------------------------------


async def test_a_redirect_is_not_followed(wire: WireClient) -> None:
    async with serving(GOOD) as elsewhere:
        away = Said(307, headers=(f"Location: http://127.0.0.1:{elsewhere.port}/v1/chat/completions",))
        async with hosting(lambda path, _body: away if path == CHAT else Said(404)) as host:
            side = await side_of(wire, profile(host.url))
        assert elsewhere.connections == 0
    assert verdicts(side)[CHAT] == "absent"


async def test_a_key_that_comes_back_is_not_kept(wire: WireClient, tmp_path: Path) -> None:
    echo = said_json(400, {"error": {"message": f"model is missing for {KEY}", "type": KEY}})
    async with hosting(lambda path, _body: echo if path == CHAT else Said(404)) as host:
        base = f"{host.url}/{KEY}"
        run = await played(wire, profile(base), journal=Journal(tmp_path / "journal", keep=True))
        assert {one.headers.get("x-api-key") or one.headers["authorization"][7:] for one in host.heard} == {KEY}
    save_run(tmp_path / "saved.diptych", run.opened, run.recordings)
    assert run.sides["a"].diagnosis is not None
    assert f"/{KEY}/v1/messages" in host.besides
    asked = load_run([(tmp_path / "saved.diptych").read_bytes()])[1][0].asked
    assert {one.status for one in asked if one.path == CHAT} == {400}
    assert any("*" in one.path and not one.base_url for one in asked)
    said = [repr(run.sides["a"].diagnosis), json.dumps(run_facts(run.sides["a"], None)), *run.sides["a"].diagnosis.asked_lines]
    assert not [text for text in (*said, repr(asked)) if KEY in text]
    assert KEY.encode() not in (tmp_path / "saved.diptych").read_bytes()
    change = run.sides["a"].diagnosis.change
    assert change is None or "*" not in f"{change.value}{change.base_url}"


async def test_the_profile_goes_along(wire: WireClient) -> None:
    async with hosting(speaking(CHAT)) as host:
        await side_of(wire, profile(host.url, headers=(("X-Team", "blue"),), anthropic_version="2099-01-01"))
        by_path = {one.path: one.headers for one in host.heard}
    assert all(headers["x-team"] == "blue" for headers in by_path.values())
    assert by_path[MESSAGES]["anthropic-version"] == "2099-01-01"
    assert "x-api-key" not in by_path[CHAT]
    assert by_path[CHAT]["authorization"] == f"Bearer {KEY}"


# -- its end -------------------------------------------------------------------------------------------------------------


def silent_when_asked(path: str, body: dict[str, Any]) -> Said:
    return Said(404) if body else Said(0)


async def test_stopping_the_run_closes_the_sockets_and_keeps_the_run(wire: WireClient) -> None:
    async with hosting(silent_when_asked) as host:
        choices = {"a": SideChoice(profile(host.url), "m", KEY)}
        run = Run(Plan(), choices)  # type: ignore[arg-type]
        playing = asyncio.ensure_future(Runner(wire).play(run, choices))  # type: ignore[arg-type]
        await asyncio.wait_for(host.asked_besides.wait(), PATIENCE_S)
        assert run.sides["a"].asking
        assert run.sides["a"].outcome is Outcome.FAILED
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        await asyncio.wait_for(host.served.hung_up.wait(), PATIENCE_S)
    assert not run.sides["a"].asking
    assert run.sides["a"].diagnosis is not None
    assert run.sides["a"].diagnosis.rule == "messages-missing"


async def test_a_host_that_falls_silent_is_not_waited_for(wire: WireClient) -> None:
    told_of: list[Asked] = []
    async with hosting(silent_when_asked) as host:
        for all_s in (0.2, 2.0, 20.0):  # until it was asked at all: a busy machine may not come to it within a short time
            asking = ask_other_paths(Caller(wire, profile(host.url), KEY), told_of.append, all_s=all_s)
            await asyncio.wait_for(asking, PATIENCE_S)
            if host.asked_besides.is_set():
                break
        await asyncio.wait_for(host.served.hung_up.wait(), PATIENCE_S)
    assert told_of == []


async def test_at_most_two_at_a_time(wire: WireClient) -> None:
    """Two sides that both search have two lines between them."""
    running = most = 0

    async def handle(served: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal running, most
        await served.read_request(reader)
        if served.bodies[-1] == b"{}":
            running += 1
            most = max(most, running)
            for _ in range(20):  # the loop's turns, in which another request would come in
                await asyncio.sleep(0)
            running -= 1
        writer.write(Said(404).data)
        await writer.drain()

    async with serving(handle) as served:
        one = profile(f"http://127.0.0.1:{served.port}")
        choices = {"a": SideChoice(one, "m", KEY), "b": SideChoice(one, "m", KEY)}
        run = Run(Plan(), choices)  # type: ignore[arg-type]
        await Runner(wire).play(run, choices)  # type: ignore[arg-type]
    assert all(set(verdicts(side).values()) == {"absent"} for side in run.sides.values())
    assert served.bodies.count(b"{}") == 2 * len(paths_to_ask("http://h", A))
    assert most <= 2


class Watched(Caller):
    """A caller that keeps the exchanges of all that it becomes elsewhere."""

    def __init__(self, *what: Any) -> None:
        super().__init__(*what)
        self.made: list[tuple[Profile, Exchange]] = []

    def at(self, profile: Profile) -> Caller:
        other = Watched(self._wire, profile, self.key, self.secrets)
        other.made = self.made
        return other

    async def exchange(self, *what: Any) -> Exchange:
        one = await super().exchange(*what)
        self.made.append((self.profile, one))
        return one


async def test_little_is_read_and_not_for_long(wire: WireClient) -> None:
    flood = Said(404, b"x" * (1 << 20), "text/plain")
    told_of: list[Asked] = []
    async with hosting(lambda _path, _body: flood) as host:
        caller = Watched(wire, profile(host.url, keep_connection=True), KEY)
        await ask_other_paths(caller, told_of.append)
    assert {one.verdict for one in told_of} == {"absent"}
    assert {len(one.recording.body.data) for _, one in caller.made} == {64 << 10}
    assert {one.limits for one, _ in caller.made} == {ProfileLimits(connect_s=5, first_byte_s=5, silence_s=3, total_s=8)}
    assert not any(one.keep_connection for one, _ in caller.made)
    assert ALL_S == 15


# -- what is kept --------------------------------------------------------------------------------------------------------


async def test_a_saved_run_keeps_what_was_learned(wire: WireClient, tmp_path: Path) -> None:
    async with hosting(speaking(CHAT)) as host:
        run = await played(wire, profile(host.url), journal=Journal(tmp_path / "journal", keep=True))
        count = len(host.heard)
        said = run.sides["a"].diagnosis
        save_run(tmp_path / "saved.diptych", run.opened, run.recordings)
        for path in (tmp_path / "saved.diptych", *(tmp_path / "journal").iterdir()):
            again = sides_of(load_run([path.read_bytes()])[1])["a"]
            assert again.last is not None
            again.last.finish()
            assert again.diagnosis == said
        assert len(host.heard) == count
    assert said is not None
    assert said.rule == "protocol-found"


def test_a_file_can_t_break_the_sentences() -> None:
    exchange = made(404, b"")
    exchange.recording.apply(Asked("no-such", "javascript:x", "/\x1b[2J", 999, "no-such", "speaks"))
    side = Side("a", [Exchange(exchange.recording).finish()])
    assert side.diagnosis is not None
    assert side.diagnosis.rule == "messages-missing"
    assert "999" in " ".join(side.diagnosis.asked_lines)


# -- the words -----------------------------------------------------------------------------------------------------------


async def test_the_facts_say_what_was_asked(wire: WireClient) -> None:
    async with hosting(speaking(CHAT)) as host:
        facts = run_facts(await side_of(wire, profile(host.url)), None)
    asked = facts["sides"]["a"]["diagnosis"]["asked"]
    assert {"request": f"POST {MESSAGES}", "protocol": A, "status": 404, "answer": "json", "verdict": "absent"} in asked
    assert {"request": f"POST {CHAT}", "protocol": C, "status": 400, "answer": "openai-error", "verdict": "speaks"} in asked
    assert [one["request"] for one in asked if one["verdict"] == "control"] == ["POST /v1/chat/no-such-path"]


def test_what_was_asked_is_told_in_lines() -> None:
    assert in_lines([]) == ()
    alike = Asked(C, "", "/v1/chat/no-such-path", 401, "openai-error", "unclear", control=True)
    said = in_lines([Asked(A, "", MESSAGES, 0, "none", "unclear"), Asked(C, "", CHAT, 401, "openai-error", "unclear"), alike])
    assert said[0] == "Asked 2 other paths: which of them is an API can't be told"
    assert said[1].endswith("It answers so at any path, which tells nothing of them.")
    assert said[2:4] == ("POST /v1/messages: no answer", "POST /v1/chat/completions: 401 with an OpenAI error")


# -- where to ask --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "protocol", "paths"),
    [
        ("https://h", A, [MESSAGES, "/anthropic/v1/messages", CHAT, "/chat/completions", RESPONSES]),
        ("https://h/v1", C, [CHAT, "/chat/completions", MESSAGES, "/anthropic/v1/messages", RESPONSES]),
        ("https://h/anthropic", C, ["/anthropic/chat/completions", "/anthropic/v1/chat/completions", CHAT]),
        ("https://h/api/paas/v4", C, ["/api/paas/v4/chat/completions", CHAT, "/api/paas/v4/v1/messages"]),
        ("https://h/v1/responses?x#y", R, ["/v1/responses", "/responses"]),
    ],
)
def test_places(base: str, protocol: str, paths: list[str]) -> None:
    found = [one.url.removeprefix("https://h") for one in paths_to_ask(base, protocol)]
    found = found if "?" not in base else found[1:]
    assert found[: len(paths)] == paths


@pytest.mark.parametrize("protocol", [A, C, R])
@pytest.mark.parametrize(
    "base",
    [
        "https://user:pass@h:8443/v1",
        "http://[::1]:9/x/v1/v1/chat/completions/",
        "https://h/v1?key=k",
        "https://h//evil.example/v1",
    ],
)
def test_the_origin_stays(base: str, protocol: str) -> None:
    origin = "/".join(base.split("/")[:3])
    found = paths_to_ask(base, protocol)
    assert 3 <= len(found) <= 8
    assert all(one.url.startswith(f"{origin}/") and one.control_url.startswith(f"{origin}/") for one in found)
    assert len({one.url for one in found}) == len(found)


@pytest.mark.parametrize(
    "base", ["", "::::", "http://[::1", "https://h:port", "//", "\x00", "https://", "h.example", "ftp://h"]
)
def test_no_address_no_places(base: str) -> None:
    assert len(paths_to_ask(base, A)) <= 1


# -- the terminal --------------------------------------------------------------------------------------------------------


async def terminal(*arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *arguments, cwd=ROOT, env=os.environ | {"CANARY": KEY},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert KEY not in out.decode() + err.decode()
    return process.returncode or 0, out.decode()


async def asked_in_terminal(host: Host, *more: str) -> tuple[int, str]:
    side = ("--a-url", host.url, "--a-protocol", A, "--a-model", "m", "--a-key-env", "CANARY")
    return await terminal("run", *side, *more)


async def test_the_terminal_says_what_was_asked(tmp_path: Path) -> None:
    async with hosting(speaking(CHAT)) as host:
        code, out = await asked_in_terminal(host, "--save", str(tmp_path / "run.diptych"))
        assert code == 1
        assert "It speaks OpenAI Chat Completions, at /v1/chat/completions." in out
        assert "POST /v1/chat/completions: 400 with an OpenAI error" in out
        count = len(host.heard)
        code, again = await terminal("read", str(tmp_path / "run.diptych"))
        assert (code, len(host.heard)) == (1, count)
        assert "It speaks OpenAI Chat Completions, at /v1/chat/completions." in again
        _, out = await asked_in_terminal(host, "--no-probe", "--json")
        assert len(host.heard) == count + 1
    assert json.loads(out)["sides"]["a"]["diagnosis"]["asked"] == []
    assert not list(data_folder().rglob("*.journal"))


async def test_nine_requests_are_the_most(wire: WireClient) -> None:
    """Any path fails alike in JSON here: each that is asked wants its neighbour asked as well, fifteen in all."""
    asked: list[str] = []

    def answer(path: str, body: dict[str, Any]) -> Said:
        if body:
            return openai_error(404, "not found")
        asked.append(path)
        return said_json(500, {"error": {"message": "internal"}})

    async with hosting(answer) as host:
        await side_of(wire, profile(f"{host.url}/api/v1/v1", C))
    assert len(asked) == 9
