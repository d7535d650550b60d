"""Runs each snippet with the real packages against a server of this machine, and compares what it sends to its request.

    python -m tests.formats.run_snippets                  # writes tests/formats/snippets.md; --show prints the code too
    python -m tests.formats.run_snippets litellm --show   # one alone, and writes nothing

Needs node, npm, uv and curl, and the package registries the first time; the clients are those of `tests/clients/clients.toml`,
in the same folders. Nothing is sent anywhere but to this machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from app.formats.request_code import LANGUAGES, as_code
from app.protocols.base import GET_WEATHER, Ask, Target, UserTurn
from app.protocols.ids import CHAT, MESSAGES
from app.protocols.registry import info, protocol, protocol_ids
from app.recording.records import Headers, Request
from tests.clients.install import Installed, clients, default_cache
from tests.fuzz.seeds import CHAT as CHAT_STREAM
from tests.fuzz.seeds import CHAT_WHOLE, RESPONSES
from tests.wire.servers import answering, serving

TABLE = Path(__file__).parent / "snippets.md"
KEY = "sk-snippet-0123456789"
TIMEOUT_S = 300
RESPONSE = {**json.loads(RESPONSES.rpartition(b"data: ")[2])["response"], "created_at": 1, "error": None, "tools": [],
            "incomplete_details": None, "instructions": None, "metadata": {}, "parallel_tool_calls": True,
            "tool_choice": "auto", "temperature": 1.0, "top_p": 1.0}  # fmt: skip
MESSAGES_WHOLE = json.dumps({
    "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "Hi"}],
    "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 3, "output_tokens": 1},
}).encode()  # fmt: skip
_RUNS = {
    ("python", MESSAGES): "anthropic", ("node", MESSAGES): "anthropic-js", ("ai-sdk", MESSAGES): "ai-sdk-anthropic",
    ("langchain", MESSAGES): "langchain-anthropic", ("python", CHAT): "openai", ("node", CHAT): "openai-js",
    ("ai-sdk", CHAT): "ai-sdk-openai", ("langchain", CHAT): "langchain-openai",
}  # fmt: skip
# Without these of litellm[proxy], which no index has whole, LiteLLM 1.110.2 reads no stream of Messages.
_BESIDE_LITELLM = ("fastapi", "orjson", "backoff", "soundfile", "redis", "opentelemetry-api")
_SPOKEN = {"litellm": "litellm", "curl": ""}


def main() -> int:
    """Run them all. 0 when each ran and sent the same request."""
    shown = "--show" in sys.argv
    only = [one for one in sys.argv[1:] if one in LANGUAGES] or list(LANGUAGES)
    rows = [row for protocol_id in protocol_ids() for row in _rows(protocol_id, only, shown=shown)]
    if len(only) < len(LANGUAGES):
        sys.stdout.write("\n".join(rows) + "\n")
        return 0
    head = "What each snippet sent, run with the real package; made by `python -m tests.formats.run_snippets`.\n"
    head += f"LiteLLM had {', '.join(_BESIDE_LITELLM)} beside it, which its Messages want for a stream.\n"
    lines = [head, "| protocol | snippet | client | stream | ran | body sent |", "| --- | --- | --- | --- | --- | --- |", *rows]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(rows) + "\n")
    return 0 if all(row.endswith("| yes | the same |") for row in rows) else 1


def _rows(protocol_id: str, only: list[str], *, shown: bool) -> Iterator[str]:
    for language, title in ((one, LANGUAGES[one]) for one in only):
        name = _SPOKEN.get(language, _RUNS.get((language, protocol_id if protocol_id == MESSAGES else CHAT), ""))
        client = next((one for one in clients() if one.name == name), None)
        if client is not None and name == "litellm":
            client = replace(client, packages=(*client.packages, *_BESIDE_LITELLM))
        told = f"{client.package} {client.version}" if client else _curl_version()
        installed = Installed(client, default_cache()) if client else None
        for stream in (True, False):
            ran, sent = asyncio.run(_try(language, protocol_id, installed, stream=stream, shown=shown))
            yield f"| {info(protocol_id).short_title} | {title} | {told} | {'yes' if stream else 'no'} | {ran} | {sent} |"


def _curl_version() -> str:
    return subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout[:12].strip()


async def _try(language: str, protocol_id: str, client: Installed | None, *, stream: bool, shown: bool) -> tuple[str, str]:
    """Whether it ran to its end, and whether it sent the same."""
    if client is not None:
        client.install()
    streamed = {MESSAGES: _messages_stream(), CHAT: CHAT_STREAM}.get(protocol_id, RESPONSES)
    whole = {MESSAGES: MESSAGES_WHOLE, CHAT: CHAT_WHOLE}.get(protocol_id, json.dumps(RESPONSE).encode())
    kind, body = ("text/event-stream", streamed) if stream else ("application/json", whole)
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    async with serving(answering(head.encode() + body)) as served:
        base = f"http://127.0.0.1:{served.port}" + ("/v1" if info(protocol_id).version_in_base_url else "")
        target = Target(base, info(protocol_id).default_auth, KEY, (("X-Team", "it's us"),))
        ask = Ask(
            info(protocol_id).demo_model,
            (UserTurn('Grüße "aus" 世界\nand $HOME `id`'),),
            64,
            "Be brief.",
            (GET_WEATHER,),
            stream,
        )
        request = protocol(protocol_id).build(ask, target)
        masked = Request(request.method, request.url, _masked(request.headers), request.body)
        code = as_code(language, masked, protocol_id, base)
        if shown:
            sys.stdout.write(code)
        done = await asyncio.to_thread(_run, language, code, client)
        if not served.bodies:
            return "no", f"nothing: {done.stderr.strip()[-300:]!r}"
        ran = "yes" if done.returncode == 0 else f"no: {done.stderr.strip().splitlines()[-1][:200]!r}"
        wrong = _differences(json.loads(request.body), json.loads(served.bodies[0]))
        headers = served.heads[0].decode("latin-1").lower()
        wrong += [] if KEY in headers else ["no key"]
        wrong += [] if "x-team: it's us" in headers else ["no X-Team"]
        return ran, "; ".join(wrong) or "the same"


def _masked(headers: Headers) -> Headers:
    return tuple((name, value.replace(KEY, "sk-s****89")) for name, value in headers)


def _differences(wanted: Mapping[str, object], sent: Mapping[str, object]) -> list[str]:
    """What is not the same. `stream: false`, and the `type` of a Responses message, say no more than their absence does."""
    wanted, sent = _plain(wanted), _plain(sent)
    names = sorted({*wanted, *sent}, key=str)
    return [f"`{one}` {json.dumps(wanted.get(one))[:120]} became {json.dumps(sent.get(one))[:120]}"
            for one in names if wanted.get(one) != sent.get(one)]  # fmt: skip


def _plain(body: Mapping[str, object]) -> dict[str, object]:
    plain = {name: value for name, value in body.items() if (name, value) != ("stream", False)}
    if isinstance(items := plain.get("input"), list):
        plain["input"] = [{k: v for k, v in one.items() if (k, v) != ("type", "message")} for one in items]
    return plain


def _run(language: str, code: str, client: Installed | None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    keys = dict.fromkeys(("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY"), KEY)
    env = {**kept, **keys, "NO_PROXY": "*", "PYTHONUTF8": "1", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    if client is None:
        command, folder = ["sh", "-c", code], None
    else:
        script = client.client.language == "javascript"
        file = client.folder / ("snippet.mjs" if script else "snippet.py")
        file.write_text(code, encoding="utf-8")
        python = client.folder / "venv" / "bin" / "python"
        command, folder = [shutil.which("node") or "node" if script else str(python), str(file)], client.folder
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def _messages_stream() -> bytes:
    from tests.builders import messages_end, messages_start, messages_text

    return messages_start() + messages_text("Hi") + messages_end()


if __name__ == "__main__":
    raise SystemExit(main())
