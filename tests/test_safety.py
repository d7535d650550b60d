"""A key goes to its endpoint and nowhere else; outside text is plain text; what is written is its owner's alone."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import os
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import psutil
import pytest
import trustme

from app.__main__ import main
from app.asking.runner import Run, Runner, SideChoice
from app.exchange.exchange import Outcome
from app.formats.request_code import as_code
from app.recording.recording import Recording
from app.recording.records import Envelope, Headers, ProfileNote, Request
from app.run.compare import compare
from app.run.json_report import run_facts
from app.scenarios import Plan
from app.store.journal import Journal
from app.store.profiles import Profile, ProfileStore
from app.store.run_file import save_run
from app.store.settings import Settings, SettingsStore
from app.wire.client import Call, WireClient
from tests.faults.answers import BEGUN, CLOSING, GOOD_PIECES, OPENING, STREAM_HEAD, delta, event
from tests.faults.conftest import GOOD
from tests.faults.test_answers import answer
from tests.terminal.program import called, running_program
from tests.wire.conftest import server_context
from tests.wire.servers import PATIENCE_S, answering, chunk, serving

pytestmark = pytest.mark.usefixtures("processes_of_commands")
KEY = 'sk-ant-"canary"/\\7f3a9c51e8d24b60'
# Parts that no mask leaves: plain ones, which no encoding of text changes, and those of base64 in its three alignments.
NEEDLES = (
    "canary",
    "5Tg7Yh9Uj1Ik",
    "7f3a9c51e8d24",
    *(b64encode(b"x" * shift + KEY.encode()).decode()[12:32] for shift in range(3)),
)


def leaks(data: bytes | str) -> list[str]:
    """The parts of the key that are in there, also as the texts of the history are kept: folded."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    return [needle for needle in NEEDLES if needle in text or needle.casefold() in text]


def test_a_leak_would_be_seen() -> None:
    for written in (
        KEY,
        repr(KEY),
        json.dumps(KEY),
        quote(KEY),
        repr(KEY.encode()),
        b64encode(f"Bearer {KEY}".encode()).decode(),
    ):
        assert leaks(written)
    assert not leaks("sk-a" + "*" * 20 + "60")


def streamed(*pieces: bytes) -> bytes:
    return STREAM_HEAD + b"".join(map(chunk, pieces))


TOOL = (
    event("content_block_start", index=1, content_block={"type": "tool_use", "id": KEY, "name": KEY, "input": {}}),
    event("content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": json.dumps({"key": KEY})}),
    event("content_block_stop", index=1),
)
TEXT = b"".join((*OPENING, delta(f"your key is {KEY}, isn't it?"), *TOOL, *CLOSING))


def escaped(pattern: str, form: str, text: str = KEY) -> str:
    """The text with what matches as JSON's \\uXXXX, on top of what JSON needs."""
    return re.sub(pattern, lambda match: form.format(ord(match[0])), json.dumps(text)[1:-1])


TWICE = quote(quote(KEY, safe=""), safe="")
IN_LINES = re.sub("(.{76})", r"\1\\r\\n", b64encode(f"the login was Bearer {KEY}, and that is refused here".encode()).decode())
ECHOES: dict[str, tuple[bytes, ...]] = {
    "by Gson": (answer(401, b'{"error": {"message": "@"}}'.replace(b"@", escaped("[-/=]", r"\u{:04x}").encode())),),
    "by .NET": (
        streamed(*OPENING, delta("@").replace(b"@", escaped("[a-f0-9]", r"\u{:04X}").encode()), *CLOSING),
        b"0\r\n\r\n",
    ),
    "twice in percent": (answer(302, b"", f"Location: https://x.test/?to=https%3A%2F%2Fy.test%2F%3Fkey%3D{TWICE}"),),
    "in lines of base64": (answer(401, f'{{"error": {{"message": "{IN_LINES}"}}}}'.encode()),),
    "without its prefix": (answer(401, json.dumps({"error": {"message": f"Invalid token {KEY[3:]}"}}).encode()),),
    "in the text": (streamed(TEXT), b"0\r\n\r\n"),
    "byte by byte": (STREAM_HEAD, *(chunk(TEXT[at : at + 1]) for at in range(len(TEXT))), b"0\r\n\r\n"),
    "packed": (answer(200, gzip.compress(TEXT), "Content-Encoding: gzip", content_type="text/event-stream"),),
    "base64": (streamed(BEGUN, delta(b64encode(f"Bearer {KEY}".encode()).decode()), *CLOSING), b"0\r\n\r\n"),
    "in an error": (answer(401, json.dumps({"error": {"type": "x", "message": f"wrong key {KEY}", "param": KEY}}).encode()),),
    "in a page": (answer(403, f"<title>{KEY}</title>".encode(), content_type="text/html"),),
    "in a header": (
        answer(429, b"{}", f"X-Key: {KEY}", f"Retry-After: {KEY}", f"Set-Cookie: k={quote(KEY)}", f"Server: {KEY}"),
    ),
    "in a redirect": (answer(302, b"", f"Location: https://x.test/?key={quote(KEY, safe='')}"),),
    "as reason phrase": (f"HTTP/1.1 500 {KEY}\r\nContent-Length: 0\r\n\r\n".encode(),),
    "as names": (streamed(event(KEY, **{KEY: KEY}), f": {KEY}\n{KEY}\nid: {KEY}\n\n".encode(), *GOOD_PIECES), b"0\r\n\r\n"),
    "and cut": (streamed(TEXT[: TEXT.index(b"canary") + 4]),),
    "as no HTTP": (KEY.encode() + b"\r\n\r\n",),
    "as encoding": (answer(200, b"x", f"Content-Encoding: {KEY}"),),
    "as model": (
        streamed(*(piece.replace(b"claude-x", json.dumps(KEY)[1:-1].encode()) for piece in GOOD_PIECES)),
        b"0\r\n\r\n",
    ),
}


def profile(port: int, name: str = "Echo", **fields: Any) -> Profile:
    fields.setdefault("base_url", f"http://127.0.0.1:{port}")
    return msgspec.structs.replace(Profile(name, needs_key=False, uid=name), **fields)


def everything_said(run: Run) -> Iterator[bytes | str]:
    """All that is shown, copied, exported or stored of a run."""
    sides = list(run.sides.values())
    yield msgspec.json.encode(run_facts(sides[0], None))
    comparison = compare(sides[0], None)
    yield repr([getattr(comparison, name) for name in dir(comparison) if not name.startswith("_")])
    yield msgspec.json.encode(run.opened)
    for side in sides:
        yield repr(side.diagnosis)
        yield repr([(finding.sentence, finding.plain, finding.fields) for _, finding in side.findings])
        for one in side.rounds:
            yield from _said_of(one.recording)
            yield repr(one.reading)
            yield repr(one.parser.oddities)
            yield bytes(one.decoded.data)
            yield repr([one.events.event(index) for index in range(len(one.events))])


def _said_of(recording: Recording) -> Iterator[bytes | str]:
    yield repr(list(recording.records()))
    for language in ("curl", "python", "node"):
        yield as_code(language, recording.request, recording.envelope.protocol, recording.envelope.profile.base_url)


@pytest.mark.parametrize("auth", ["x-api-key", "bearer"])
@pytest.mark.parametrize("how", ECHOES)
async def test_an_echoed_key_is_nowhere(
    wire: WireClient, how: str, auth: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(answering(*ECHOES[how])) as served:
        choices = {"a": SideChoice(profile(served.port, auth=auth), "claude-x", KEY)}
        run = Run(Plan(), choices)  # type: ignore[arg-type]
        await Runner(wire, Journal(tmp_path / "journal", keep=True)).play(run, choices)  # type: ignore[arg-type]
        assert KEY.encode() in b"".join(served.heads), "the key did not go out"
    save_run(tmp_path / "saved.diptych", run.opened, run.recordings)
    for said in everything_said(run):
        assert leaks(said) == []
    stored = written_below(tmp_path)
    assert len(stored) == 2
    for path in stored:
        assert leaks(path.read_bytes()) == []
        assert path.stat().st_mode & 0o077 == 0
    out, err = capfd.readouterr()
    assert leaks(caplog.text + out + err) == []


def written_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


PLACES: dict[str, dict[str, object]] = {
    "in the query": {"base_url": "http://127.0.0.1:{port}/v1?key={key}&x="},
    "in the path": {"base_url": "http://127.0.0.1:{port}/x/{key}/v1"},
    "as password": {"base_url": "http://me:{key}@127.0.0.1:{port}"},
    "as user": {"base_url": "http://{key}@127.0.0.1:{port}"},
    "in a header": {"headers": (("X-Team-Token", KEY),)},
    "as api-key": {"headers": (("api-key", KEY),)},
    "in a cookie": {"headers": (("Cookie", f"a=b; session={KEY}; c=d"),)},
    "as basic login": {"headers": (("Authorization", "Basic " + b64encode(f"me:{KEY}".encode()).decode()),)},
}


@pytest.mark.parametrize("how", ["in the text", "byte by byte", "base64", "in an error", "in a header", "twice in percent"])
@pytest.mark.parametrize("place", PLACES)
async def test_a_secret_elsewhere_than_in_the_key_is_nowhere_either(
    wire: WireClient, place: str, how: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(answering(*ECHOES[how])) as served:
        fields: dict[str, Any] = dict(PLACES[place])
        if "base_url" in fields:
            fields["base_url"] = fields["base_url"].format(port=served.port, key=quote(KEY, safe=""))
        choices = {"a": SideChoice(profile(served.port, **fields), "claude-x")}
        run = Run(Plan(), choices)  # type: ignore[arg-type]
        await Runner(wire, Journal(tmp_path / "journal", keep=True)).play(run, choices)  # type: ignore[arg-type]
        assert served.heads
    save_run(tmp_path / "saved.diptych", run.opened, run.recordings)
    for said in everything_said(run):
        assert leaks(said) == []
    for path in written_below(tmp_path):
        assert leaks(path.read_bytes()) == []
    assert leaks(caplog.text) == []


async def test_a_finding_says_that_the_key_came_back(wire: WireClient) -> None:
    async with serving(answering(*ECHOES["in the text"])) as served:
        choices = {"a": SideChoice(profile(served.port), "claude-x", KEY)}
        run = Run(Plan(), choices)  # type: ignore[arg-type]
        await Runner(wire).play(run, choices)  # type: ignore[arg-type]
    assert "F8" in {finding.id for _, finding in run.sides["a"].findings}


ENVELOPE = Envelope("openai-chat", ProfileNote("test", "http://127.0.0.1", "openai-chat"))


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (f"http://user:{quote(KEY, safe='')}@127.0.0.1:1/", ()),
        (f"http://[{quote(KEY, safe='')}/", ()),
        (f"http://127.0.0.1:1/?key={quote(KEY, safe='')}", (("x-api-key", KEY),)),
        ("http://127.0.0.1:1/", (("Authorization", f"Bearer {KEY}\r\nX: y"),)),
        ("http://127.0.0.1:1/", (("x-api-key", KEY + "\N{EURO SIGN}"),)),
        ("http://127.0.0.1:1/", ((KEY, KEY),)),
        ("http://127.0.0.1:1/", (("X-\0", KEY),)),
    ],
)
async def test_errors_don_t_repeat_a_key(wire: WireClient, url: str, headers: Headers) -> None:
    recording = await wire.exchange(Call(ENVELOPE, Request("POST", url, headers), "a", secrets=(KEY,)))
    assert recording.end is not None
    assert recording.end.code
    assert leaks(repr(list(recording.records()))) == []


async def test_exceptions_don_t_repeat_a_key(wire: WireClient) -> None:
    def broken(_recording: object, _records: object) -> None:
        raise RuntimeError("a fault of the caller")

    call = Call(ENVELOPE, Request("POST", "http://127.0.0.1:1/", (("x-api-key", KEY),)), "a", secrets=(KEY,))
    with pytest.raises(RuntimeError) as raised:
        await wire.exchange(call, broken)
    assert leaks(repr(raised.value) + str(raised.value.__context__)) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--a-url", "http://127.0.0.1:1", "--a-protocol", "openai-chat", "--a-model", "m", "--a-key-env", KEY],
        ["run", "--a-url", "http://127.0.0.1:1", "--a-protocol", "openai-chat", "--a-model", "m", "--a-header", KEY],
        ["models", "--url", "http://127.0.0.1:1", "--protocol", "openai-chat", "--key-env", KEY],
    ],
)
def test_a_key_in_the_wrong_place_is_not_repeated(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert leaks(said.out + said.err) == []


# -- what a real program leaves ------------------------------------------------------------------------------------------


def side_options(side: str, url: str) -> list[str]:
    described = {"url": url, "protocol": "anthropic-messages", "model": "claude-x", "key-env": "CANARY"}
    return [part for name, value in described.items() for part in (f"--{side}-{name}", value)]


def given_to(process: psutil.Process) -> bytes:
    return b"".join(Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "environ"))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
async def test_no_child_has_the_key_and_nothing_is_left_of_it() -> None:
    """A run in the terminal against a stalled endpoint and the demo: the wire and the simulator both run."""
    profiles = ProfileStore()
    SettingsStore().change(Settings(), keep_runs=True)
    home = Path(os.environ["HOME"])
    arrived = asyncio.Event()

    async def handle(served: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"".join(ECHOES["in the text"])[:-20])
        await writer.drain()
        arrived.set()
        await reader.read()

    async with serving(handle) as served:
        saved = Profile("Stalled", base_url=f"http://127.0.0.1:{served.port}", model="claude-x", needs_key=False, uid="stalled")
        profiles.load()
        profiles.save(saved)
        command = (
            "run", "--a", "Stalled", "--a-key-env", "CANARY", "--b", "Demo official", "--silence-timeout", "2", "--json",
            "--save", str(home / "saved.diptych"),
        )  # fmt: skip
        async with running_program(*command, CANARY=KEY, ANTHROPIC_API_KEY=KEY) as process:
            await asyncio.wait_for(arrived.wait(), PATIENCE_S)
            children = psutil.Process(process.pid).children(recursive=True)
            assert len(children) == 2
            seen = [given_to(child) for child in children]
            out, err = await process.communicate()
    assert all(leaks(data) == [] for data in [*seen, out, err])
    assert json.loads(out)["sides"]["b"]["outcome"] == "completed"
    written = written_below(home)
    assert {path.name for path in written} >= {"saved.diptych", "profiles.toml", "settings.toml"}
    assert "history.sqlite3" in {path.name for path in written}  # packed in there: `test_safety_kept` unpacks it
    for path in written:
        assert leaks(path.read_bytes()) == []
        assert path.stat().st_mode & 0o077 == 0, path


HARMFUL = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\r\b\u202eabc\u2066\x00\U000e0041"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


@pytest.mark.parametrize("shape", ["stream", "error"])
async def test_no_escape_sequence_from_outside_reaches_the_terminal(shape: str) -> None:
    harmful = json.dumps(HARMFUL)[1:-1].encode()
    tool = [piece.replace(json.dumps(KEY)[1:-1].encode(), harmful) for piece in TOOL]
    stream = streamed(
        *(piece.replace(b"claude-x", harmful) for piece in OPENING), delta(HARMFUL), *tool,
        f"event: {HARMFUL}\n".replace("\r", "").encode() + b"data: {}\n\n", f": {HARMFUL}\n\n".encode(),
        *(piece.replace(b"end_turn", harmful) for piece in CLOSING),
    )  # fmt: skip
    error = answer(400, json.dumps({"error": {"message": HARMFUL, "type": HARMFUL, "param": HARMFUL}}).encode(), "Server: \x7f")
    async with serving(answering(stream + b"0\r\n\r\n" if shape == "stream" else error)) as served:
        sides = [*side_options("a", f"http://127.0.0.1:{served.port}"), *side_options("b", f"http://127.0.0.1:{served.port}")]
        said = {}
        for form in ("--json", "--no-stream"):
            done = await asyncio.to_thread(called, "run", *sides, form, CANARY=KEY)
            said[form] = done.stdout
            assert done.stdout or done.stderr
            assert not _CONTROLS.search(done.stdout + done.stderr), form
        done = await asyncio.to_thread(
            called, "models", "--url", f"http://127.0.0.1:{served.port}", "--protocol", "openai-chat"
        )
        assert done.stdout or done.stderr
        assert not _CONTROLS.search(done.stdout + done.stderr)
    facts = json.loads(said["--json"])["sides"]["a"]
    if shape == "stream":
        assert facts["text"] == HARMFUL  # as JSON it is whole


async def test_a_model_list_is_harmless_too() -> None:
    models = {"data": [{"id": f"m{HARMFUL}", "display_name": HARMFUL}]}
    async with serving(answering(answer(200, json.dumps(models).encode()))) as served:
        for form in ([], ["--json"]):
            url = f"http://127.0.0.1:{served.port}"
            done = await asyncio.to_thread(called, "models", "--url", url, "--protocol", "openai-chat", *form)
            assert done.returncode == 0
            assert not _CONTROLS.search(done.stdout + done.stderr)
    assert json.loads(done.stdout)["models"][0]["id"] == f"m{HARMFUL}"


# -- in plain text -----------------------------------------------------------------------------------------------------------


_PLAIN: list[tuple[str, list[str], bool]] = [
    ("http://192.0.2.1:1", [], True),
    ("http://127.0.0.1:1", [], False),
    ("http://no-such-host.invalid", ["--allow-insecure"], False),
]
_PLAIN_TOO: list[tuple[str, list[str], bool]] = [
    ("HTTP://relay.test", [], True),
    ("http://localhost.relay.test", [], True),
    ("http://127.0.0.1.relay.test", [], True),
    ("http://user@192.0.2.1:1", [], True),
    ("http://localhost:1", [], False),
    ("http://[::1]:1", [], False),
    ("https://127.0.0.1:1", [], False),
]


@pytest.mark.parametrize(
    ("command", "url", "more", "refused"),
    [("run", *one) for one in (*_PLAIN, *_PLAIN_TOO)] + [(name, *one) for name in ("models", "test") for one in _PLAIN],
)
def test_a_key_does_not_travel_in_plain_text_unasked(
    command: str, url: str, more: list[str], refused: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", KEY)
    arguments = (
        side_options("a", url) if command == "run" else ["--url", url, "--protocol", "openai-chat", "--key-env", "CANARY"]
    )
    code = main([command, *arguments, *more])
    said = capsys.readouterr()
    assert code == (2 if refused else 1)
    assert ("would travel in plain text" in said.err) == refused
    assert leaks(said.out + said.err) == []


def test_without_a_key_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--a-url", "http://no-such-host.invalid", "--a-protocol", "openai-chat", "--a-model", "m"]
    assert main(["run", *options]) == 1
    assert main(["run", *options, "--a-header", f"x-api-key={KEY}"]) == 2
    assert "would travel in plain text" in capsys.readouterr().err


async def test_a_good_side_is_good(wire: WireClient) -> None:
    """What the tests above stand on: without a fault the run completes."""
    async with serving(GOOD) as served:
        choices = {"a": SideChoice(profile(served.port), "claude-x", KEY)}
        run = Run(Plan(), choices)  # type: ignore[arg-type]
        await Runner(wire).play(run, choices)  # type: ignore[arg-type]
    assert run.sides["a"].outcome is Outcome.COMPLETED


@pytest.mark.parametrize("verify", [True, False])
async def test_a_certificate_that_nobody_looked_at_is_said_in_the_terminal(verify: bool) -> None:
    authority = trustme.CA()
    home = Path(os.environ["HOME"])
    authority.cert_pem.write_to_path(home / "ca.pem")
    async with serving(GOOD, server_context(authority.issue_cert("127.0.0.1"))) as served:
        url, profiles = f"https://127.0.0.1:{served.port}", ProfileStore()
        profiles.load()
        profiles.save(Profile("Own", base_url=url, model="m", needs_key=False, verify_tls=verify, ca_file=str(home / "ca.pem")))
        done = await asyncio.to_thread(called, "run", "--a", "Own")
    assert ("TLS NOT VERIFIED" in done.stdout) is not verify
    assert "completed" in done.stdout


async def test_odd_places_for_our_files_are_said_and_no_traceback(tmp_path: Path) -> None:
    """A configuration that can be neither read nor written; the run goes on."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    async with serving(GOOD) as served:
        sides = side_options("a", f"http://127.0.0.1:{served.port}")
        async with running_program("run", *sides, CANARY=KEY, DIPTYCH_CONFIG_DIR=str(blocked)) as process:
            out, err = await process.communicate()
    assert b"completed" in out
    assert b"journal" in err
    assert b"Traceback" not in err
    assert blocked.read_text() == "not a folder"
