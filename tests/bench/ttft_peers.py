"""The programs that `ttft` runs beside Diptych: how each is installed, run and read.

Each has an environment of its own in a folder that is kept between runs. All ask what Diptych asks, over connections that they
keep, and tell a first token for each request, so that it can be held against what the server did.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import ttft_openai
from tests.bench.__main__ import own_home

_PATIENCE_S = 240
_NUMBER = re.compile(r"Request (\d+)\.")
_TOKENIZER = """
import sys
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
words = ["<unk>", "Request", ".", "Say", "forty", "words"]
made = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
made.pre_tokenizer = pre_tokenizers.Whitespace()
PreTrainedTokenizerFast(tokenizer_object=made, unk_token="<unk>").save_pretrained(sys.argv[1])
"""

Told = dict[str, float]
"""The first tokens in milliseconds that a program told, by what the server knows the request by (`key_of`)."""


class Peer(NamedTuple):
    """One program. `run(folder, port, at_a_time, requests)` gives what it told."""

    name: str
    requirement: str
    run: Callable[[Path, int, int, int], Told]
    key_of: Callable[[dict[str, Any]], str]


def prepare(peer: Peer, folder: Path) -> Path:
    """Its environment, made where there is none; the first time takes a minute or two. Raises CalledProcessError."""
    place = folder / peer.name
    made = place / "made"
    if not made.is_file() or made.read_text() != peer.requirement:
        shutil.rmtree(place, ignore_errors=True)
        uv = shutil.which("uv") or "uv"
        print(f"installing {peer.requirement} in {place} …", file=sys.stderr, flush=True)
        subprocess.run([uv, "venv", "-q", "-p", sys.executable, str(place)], check=True)
        install = [uv, "pip", "install", "-q", "-p", str(_python(place)), peer.requirement]
        subprocess.run(install, cwd=place, check=True)  # elsewhere: our own pins are no concern of theirs
        made.write_text(peer.requirement)
    return place


def _python(place: Path) -> Path:
    return place / "bin" / "python"


def _call(command: Iterable[str | Path], folder: Path) -> str:
    """What it prints. Raises CalledProcessError, TimeoutExpired; leaves no process of its own behind."""
    with own_home() as environment:
        running = subprocess.Popen(
            [str(part) for part in command], cwd=folder, env={**environment, "PYTHONWARNINGS": "ignore"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0,
        )  # fmt: skip
        try:
            said, complained = running.communicate(timeout=_PATIENCE_S)
        finally:
            with suppress(ProcessLookupError):  # its workers, too, which may outlive it
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, running.args, said, complained)
    return said


def _prompts(folder: Path, field: str, requests: int) -> Path:
    path = folder / f"prompts_{field}.jsonl"
    lines = (json.dumps({field: f"Request {number:06d}. Say forty words."}) for number in range(1, requests + 1))
    path.write_text("\n".join(lines) + "\n")
    return path


def _guidellm(place: Path, port: int, at_a_time: int, requests: int) -> Told:
    out = place / "told.json"
    out.unlink(missing_ok=True)
    _call(
        [
            place / "bin" / "guidellm", "run", "--backend", f"kind=openai_http,target=http://127.0.0.1:{port},model=bench",
            "--profile", f"kind=concurrent,streams={at_a_time}", "--constraint", f"kind=max_requests,count={requests}",
            "--data", f"kind=json_file,path={_prompts(place, 'prompt', requests)}", "--output", f"kind=json,path={out}",
            "--disable-console",
        ],
        place,
    )  # fmt: skip
    told: Told = {}
    for one in json.loads(out.read_text())["benchmarks"][0]["requests"]["successful"]:
        found = _NUMBER.search(json.dumps(one["request_args"]))
        if found is not None and one["time_to_first_token_ms"] is not None:
            told[str(int(found[1]))] = one["time_to_first_token_ms"]
    return told


def _aiperf(place: Path, port: int, at_a_time: int, requests: int) -> Told:
    tokenizer, out = place / "tokenizer", place / "told"
    if not tokenizer.is_dir():
        _call([_python(place), "-c", _TOKENIZER, tokenizer], place)
    shutil.rmtree(out, ignore_errors=True)
    _call(
        [
            place / "bin" / "aiperf", "profile", "-m", "bench", "-u", f"http://127.0.0.1:{port}", "--endpoint-type", "chat",
            "--streaming", "--concurrency", str(at_a_time), "--request-count", str(requests), "--input-file",
            _prompts(place, "text", requests), "--custom-dataset-type", "single_turn", "--tokenizer", tokenizer,
            "--use-server-token-count", "--export-level", "records", "--ui", "none", "--no-gpu-telemetry",
            "--no-server-metrics", "--artifact-dir", out,
        ],
        place,
    )  # fmt: skip
    told: Told = {}
    for line in (out / "profile_export.jsonl").read_text().splitlines():
        one = json.loads(line)
        first = one["metrics"].get("time_to_first_token")
        if first is not None:
            told[one["metadata"]["x_request_id"]] = first["value"]
    return told


def _openai(place: Path, port: int, at_a_time: int, requests: int) -> Told:
    script = str(ttft_openai.__file__)
    told: Told = json.loads(_call([_python(place), "-P", script, *map(str, (port, at_a_time, requests))], place))
    return told


def _by_number(row: dict[str, Any]) -> str:
    return str(row["asked"])


def _by_request_id(row: dict[str, Any]) -> str:
    return str(row["request_id"])


PEERS = (
    Peer("guidellm", "guidellm==0.8.1", _guidellm, _by_number),
    Peer("aiperf", "aiperf==0.13.0", _aiperf, _by_request_id),
    Peer("openai", "openai==3.57.0", _openai, _by_number),
)


def default_folder() -> Path:
    """Where the environments are kept."""
    return Path(os.environ.get("DIPTYCH_BENCH_PEERS") or Path(tempfile.gettempdir(), "diptych-bench-peers"))
