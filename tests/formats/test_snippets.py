"""Snippets: what they hold, and that they run, against the simulator, with a real shell, the real SDKs and Node."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.asking.caller import to_target
from app.formats.framework_snippets import FRAMEWORKS
from app.formats.request_code import as_code
from app.formats.snippets import as_curl, as_node, as_python
from app.protocols.base import GET_WEATHER, Ask, Target, UserTurn
from app.protocols.registry import info, protocol, protocol_ids
from app.recording.records import Headers, Request
from app.store.presets import demo_profiles
from app.store.profiles import Profile
from tests.faults.test_answers import answer
from tests.formats.warm_python import run_python
from tests.wire.servers import answering, serving

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
MASKED = "sk-t****ij"  # as recordings have a key
NASTY = 'it\'s $HOME `id` "quoted" \\ and\nnew line \u2028 <b> é 🙂 !x'


@pytest.fixture(scope="module")
def demos(simulator: str) -> dict[str, Profile]:
    """The demo's official endpoints by protocol, while their process runs."""
    return {one.protocol: one for one in demo_profiles(simulator) if "official" in one.uid}


def request_of(profile: Profile, *, stream: bool = True, prompt: str = NASTY) -> Request:
    """What would be sent, the key masked as recordings have it."""
    target = to_target(profile, "sk-0123456789abcdefghij")
    ask = Ask(profile.model, (UserTurn(prompt),), 64, "Be brief; it's fine.", (GET_WEATHER,), stream)
    return protocol(profile.protocol).build(ask, target)


@needs_fork
@pytest.mark.parametrize(("protocol_id", "stream"), [*((one, True) for one in protocol_ids()), ("openai-chat", False)])
def test_python_runs_with_the_official_sdk(demos: dict[str, Profile], protocol_id: str, stream: bool, tmp_path: Path) -> None:
    profile = demos[protocol_id]
    file = tmp_path / "snippet.py"
    file.write_text(as_python(request_of(profile, stream=stream), protocol_id, profile.base_url), encoding="utf-8")
    keys = {"ANTHROPIC_API_KEY": "sk-test", "OPENAI_API_KEY": "sk-test", "NO_PROXY": "127.0.0.1"}
    done = run_python(file, {**os.environ, **keys})
    assert done.code == 0, done.err[-800:]
    assert "sk-0123" not in file.read_text(encoding="utf-8")
    assert len(done.out) > 50


@pytest.mark.skipif(shutil.which("curl") is None or os.name == "nt", reason="needs curl and a POSIX shell")
@pytest.mark.parametrize("protocol_id", protocol_ids())
def test_curl_sends_the_same_bytes(demos: dict[str, Profile], protocol_id: str) -> None:
    profile = demos[protocol_id]
    request = request_of(profile)
    command = as_curl(request, protocol_id)
    assert "sk-0123" not in command
    words = shlex.split(command.replace("\\\n", " "))
    assert words[words.index("--data-raw") + 1].encode() == request.body
    env = {**os.environ, "ANTHROPIC_API_KEY": "sk-test", "OPENAI_API_KEY": "sk-test", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(["sh", "-c", command], env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith((b"event: ", b"data: ")), done.stdout[:300]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize("protocol_id", protocol_ids())
def test_node_is_valid_javascript_with_the_same_body(protocol_id: str, tmp_path: Path) -> None:
    profile = Profile("P", protocol_id, "https://h.example/v1", "m", info(protocol_id).default_auth)
    request = request_of(profile)
    text = as_node(request, protocol_id, profile.base_url)
    assert "sk-0123" not in text
    # The SDK is not installed here: a stand-in prints what it was given.
    method = {"anthropic-messages": "messages", "openai-responses": "responses"}.get(protocol_id, "chat")
    inner = "completions: {create: b => {console.log(JSON.stringify(b)); return []}}"
    body = inner if method == "chat" else inner.removeprefix("completions: {").removesuffix("}")
    package = "@anthropic-ai/sdk" if method == "messages" else "openai"
    folder = tmp_path / "node_modules" / package
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"type": "module", "main": "index.js"}')
    (folder / "index.js").write_text(f"export default class {{ constructor(o) {{ this.{method} = {{{body}}} }} }}")
    (tmp_path / "snippet.mjs").write_text(text, encoding="utf-8")
    done = subprocess.run(["node", "snippet.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(request.body)


@pytest.mark.parametrize("protocol_id", protocol_ids())
def test_extra_headers_stay_and_the_key_is_a_variable(protocol_id: str) -> None:
    headers = (("X-Team", "it's us"), ("User-Agent", "curl/8"))
    target = Target("https://h.example", info(protocol_id).default_auth, "sk-0123456789abcdefghij", headers)
    request = protocol(protocol_id).build(Ask("m", (UserTurn("hi"),)), target)
    variable = "$ANTHROPIC_API_KEY" if protocol_id == "anthropic-messages" else "$OPENAI_API_KEY"
    command = as_curl(request, protocol_id)
    assert variable in command
    assert "X-Team: it'\"'\"'s us" in command
    for text in (as_python(request, protocol_id, "https://h.example"), as_node(request, protocol_id, "https://h.example")):
        assert "X-Team" in text
        assert "sk-0123" not in text


def test_an_address_is_never_an_option() -> None:
    words = shlex.split(as_curl(Request("POST", "-Kfile", body=b"{}"), "openai-chat").replace("\\\n", " "))
    assert words[words.index("-Kfile") - 1] == "--url"


@pytest.mark.parametrize("body", [b"not json", b"[1, 2]", b"\xff\xfe", b'{"a": ' + b"[" * 5000])
def test_a_body_that_is_no_object_is_sent_as_bytes(body: bytes) -> None:
    request = Request("POST", "https://h.example/v1/messages", (("x-api-key", "sk-0123456789abcdefghij"),), body)
    python = as_python(request, "anthropic-messages", "https://h.example")
    compile(python, "snippet", "exec")
    assert repr(body) in python
    assert "sk-0123" not in python + as_node(request, "anthropic-messages", "x") + as_curl(request, "anthropic-messages")


def test_bearer_for_messages_is_an_auth_token() -> None:
    request = protocol("anthropic-messages").build(Ask("m", (UserTurn("hi"),)), Target("https://h.example", "bearer", "sk-1"))
    assert 'auth_token=os.environ["ANTHROPIC_AUTH_TOKEN"]' in as_python(request, "anthropic-messages", "https://h.example")
    assert "authToken: process.env.ANTHROPIC_AUTH_TOKEN" in as_node(request, "anthropic-messages", "https://h.example")
    assert '"authorization: Bearer $ANTHROPIC_AUTH_TOKEN"' in as_curl(request, "anthropic-messages")


# -- what really goes out --------------------------------------------------------------------------------------------------

ODD_KEY = "sk-$HOME`id`'\"\\x"  # taken from a variable, so that no shell or language can stumble over it
SENT_HEADERS = {
    "bearer": (("Authorization", "Bearer " + MASKED),),
    "x-api-key": (("x-api-key", MASKED),),
    "basic": (("Authorization", "Basic " + MASKED), ("X-Team", 'it\'s "us" $HOME `id`')),
    "bare": (("authorization", MASKED),),
    "other": (("api-key", MASKED), ("Ocp-Apim-Subscription-Key", MASKED)),
    "digits": (("1-key", MASKED),),
    "both": (("x-api-key", MASKED), ("authorization", "Bearer " + MASKED)),
}
VARIABLES = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY", "AUTHORIZATION_BASIC", "API_KEY",
             "OCP_APIM_SUBSCRIPTION_KEY", "_1_KEY")  # fmt: skip


def expected(headers: Headers) -> dict[str, str]:
    return {name.lower(): value.replace(MASKED, ODD_KEY) for name, value in headers}


async def sent_by(
    run: Callable[[str, dict[str, str]], str], url_of: Callable[[int], str], used: set[str]
) -> tuple[dict[str, str], bytes]:
    """The headers and the body that a snippet sends to a server of ours; only the variables in `used` are set."""
    async with serving(answering(answer(200, b"{}"))) as served:
        word = url_of(served.port)
        env = {**os.environ, **dict.fromkeys(used, ODD_KEY), "NO_PROXY": "127.0.0.1"}
        err = await asyncio.to_thread(run, word, env)
        assert served.heads, err[-800:]
        lines = served.heads[0].decode().split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}, served.bodies[0]


def request_with(headers: Headers, port: int) -> Request:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": NASTY}]}).encode()
    return Request(
        "POST", f"http://127.0.0.1:{port}/v1/x?a={{b}}&c=[1-3]", (("content-type", "application/json"), *headers), body
    )


@pytest.mark.parametrize("language", ["curl", "python", "node"])
@pytest.mark.parametrize("how", SENT_HEADERS)
async def test_every_kind_of_login_goes_out_from_a_variable(language: str, how: str, tmp_path: Path) -> None:
    if shutil.which({"curl": "curl", "python": sys.executable, "node": "node"}[language]) is None or os.name == "nt":
        pytest.skip(f"needs {language} and a POSIX shell")
    headers, used = SENT_HEADERS[how], set[str]()
    is_raw = language == "curl" or how not in ("bearer",)

    def snippet(port: int) -> str:
        request = request_with(headers, port)
        # The SDKs add the path of the protocol to their base.
        text = as_code(language, request, "openai-chat", f"http://127.0.0.1:{port}/v1")
        assert MASKED not in text
        used.update(variable for variable in VARIABLES if variable in text)
        (tmp_path / "snippet.mjs").write_text(text, encoding="utf-8")
        return text if language == "curl" else str(tmp_path / "snippet.mjs")

    def run(word: str, env: dict[str, str]) -> str:
        """What it wrote to standard error."""
        if language == "python":
            return run_python(Path(word), env).err
        command = ["sh", "-c", word] if language == "curl" else ["node", word]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False).stderr

    snippet(1)
    if language == "node" and not is_raw:
        pytest.skip("the SDK for Node is not installed here")
    seen, body = await sent_by(run, snippet, used)
    assert expected(headers).items() <= seen.items()
    sent = {name for name in seen if name in ("authorization", "x-api-key", "api-key")}
    assert sent == {name for name in expected(headers) if name in ("authorization", "x-api-key", "api-key")}
    assert json.loads(body)["messages"][0]["content"] == NASTY


@needs_fork
@pytest.mark.parametrize("protocol_id", protocol_ids())
@pytest.mark.parametrize("stream", [True, False])
def test_without_a_key_the_snippets_need_none(
    demos: dict[str, Profile], protocol_id: str, stream: bool, tmp_path: Path
) -> None:
    profile = demos[protocol_id]
    ask = Ask(profile.model, (UserTurn(NASTY),), 64, tools=(GET_WEATHER,), stream=stream)
    request = protocol(protocol_id).build(ask, to_target(profile, ""))
    (tmp_path / "snippet.py").write_text(as_python(request, protocol_id, profile.base_url), encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if "API_KEY" not in name} | {"NO_PROXY": "127.0.0.1"}
    done = run_python(tmp_path / "snippet.py", env)
    assert done.code == 0, done.err[-800:]
    assert len(done.out) > 50


def test_a_compressed_answer_is_unpacked_by_curl() -> None:
    request = Request("POST", "https://h.example/v1", (("Accept-Encoding", "gzip"),), b"{}")
    assert "--compressed" in as_curl(request, "openai-chat")


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    "name", ["X-$(echo ran)-Key", "X-`echo ran`-Key", 'X-";echo ran;"-Key', "X-'$(echo ran)'-Key", "X-\\-Key"]
)
def test_a_stranger_s_header_name_runs_nothing_in_the_shell(name: str) -> None:
    command = as_curl(Request("POST", "https://h.example", ((name, MASKED),), b"{}"), "openai-chat")
    printing = command.replace("curl", "printf '%s|' --", 1)
    shown = subprocess.run(["sh", "-c", printing], env={**os.environ}, capture_output=True, text=True, timeout=60, check=True)
    assert f"|-H|{name}: |" in shown.stdout


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("protocol_id", protocol_ids())
@pytest.mark.parametrize("stream", [True, False])
def test_the_frameworks_are_given_the_whole_request(framework: str, protocol_id: str, stream: bool, tmp_path: Path) -> None:
    """What the real packages send of it was compared by tests/formats/run_snippets.py."""
    base = "https://h.example/v1" if info(protocol_id).version_in_base_url else "https://h.example"
    target = Target(base, info(protocol_id).default_auth, MASKED, (("X-Team", "it's us"),))
    request = protocol(protocol_id).build(Ask("m-1", (UserTurn(NASTY),), 64, "Be brief.", (GET_WEATHER,), stream), target)
    text = as_code(framework, request, protocol_id, base)
    assert MASKED not in text
    assert ("ANTHROPIC_API_KEY" if protocol_id == "anthropic-messages" else "OPENAI_API_KEY") in text
    assert "X-Team" in text
    assert "get_weather" in text
    if framework == "ai-sdk":
        assert "https://h.example/v1" in text
        assert ("streamText" if stream else "generateText") in text
        if shutil.which("node") is not None:
            (tmp_path / "snippet.mjs").write_text(text, encoding="utf-8")
            checked = ["node", "--check", str(tmp_path / "snippet.mjs")]
            assert subprocess.run(checked, capture_output=True, timeout=60, check=False).returncode == 0
    else:
        compile(text, "snippet", "exec")
        assert repr(NASTY) in text


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_is_given_nothing_that_it_can_t_send(framework: str) -> None:
    key = ("x-api-key", MASKED)
    assert (
        as_code(framework, Request("POST", "https://h.example/v1/messages", (key,), b"no JSON"), "anthropic-messages", "x")
        == ""
    )
    assert (
        as_code(framework, Request("POST", "https://h.example/v1/messages", (), b'{"model": "m"}'), "anthropic-messages", "x")
        == ""
    )
    both = Request("POST", "https://h.example/v1/messages", (key, ("authorization", "Basic x")), b'{"model": "m"}')
    assert as_code(framework, both, "anthropic-messages", "x") == ""
