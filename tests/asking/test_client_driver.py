"""The driver of the official SDKs, in this process: each kind, in each protocol, against the honest simulator."""

from __future__ import annotations

import asyncio
import json
import sys
from types import SimpleNamespace

import pytest

from app.asking.client_driver import play
from app.checks.client_job import Job, Report, report_of
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.registry import info
from app.simulator.server.urls import base_url, fault_endpoint
from tests.checks.play import KEY, MODELS
from tests.kept import Kept
from tests.sdks import anthropic, openai

CODE = "mabo-4711"


@pytest.fixture(scope="module")
def root(kept: Kept) -> str:
    return asyncio.run(kept.simulator().start())


def played(root: str, protocol: str, *faults: str, key: str = KEY, auth: str = "") -> tuple[Report, dict[str, object]]:
    package = "anthropic" if protocol == MESSAGES else "openai"
    prompt = "Use the tool look_up to look up the code of the place “mabo”, then tell me the code."
    job = Job(
        package, protocol, MODELS[protocol], ("minimal", "streaming", "tools"), "Say hello.", prompt, "look_up", CODE, 512
    )
    url = base_url(root, fault_endpoint("key_required", *faults), protocol)
    order = {"base_url": url, "key": key, "auth": auth or info(protocol).default_auth, "headers": [["x-team", "a"]], "beta": ""}
    network = {"proxy": "none", "ca_file": "", "verify_tls": True, "timeout_s": 60.0}
    answer = json.loads(json.dumps(play(json.loads(json.dumps({**order, **network, "job": _plain(job)})))))
    return report_of(json.dumps(answer).encode()), answer


def _plain(job: Job) -> dict[str, object]:
    return {name: getattr(job, name) for name in job.__struct_fields__}


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT, RESPONSES])
def test_each_kind_works(root: str, protocol: str) -> None:
    report, answer = played(root, protocol)
    assert report.version == (anthropic if protocol == MESSAGES else openai).__version__
    minimal, streaming, tools = (report.did[one] for one in ("minimal", "streaming", "tools"))
    assert [one.raised for one in (minimal, streaming, tools)] == [None] * 3
    assert minimal.text
    assert minimal.stop in ("end_turn", "stop", "completed")
    assert streaming.text
    assert streaming.pieces > 1
    assert (tools.called, tools.requests) == (True, 2)
    assert CODE in tools.text
    names = ("prompt_tokens", "completion_tokens") if protocol == CHAT else ("input_tokens", "output_tokens")
    usage = answer["usage"]
    assert isinstance(usage, dict)
    assert all(usage[one] > 20 for one in names)


def test_a_bearer_key_is_sent_as_one(root: str) -> None:
    report, _ = played(root, MESSAGES, auth="bearer")
    assert report.did["minimal"].raised is None


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT])
def test_what_it_raises(root: str, protocol: str) -> None:
    report, answer = played(root, protocol, "error_400")
    raised = report.did["minimal"].raised
    assert raised is not None
    assert (raised.type, raised.status, raised.code) == ("BadRequestError", 400, "invalid_request_error")
    assert set(report.did) == {"minimal", "streaming", "tools"}  # the others are tried all the same
    assert set(answer) == {"diptych"}


class _OpenAI:
    """An SDK whose answers, or errors, have a text of that length."""

    def __init__(self, length: int, fails: bool) -> None:
        self._text, self._fails = "x" * length, fails
        self.responses = self

    def __call__(self, **_given: object) -> _OpenAI:
        return self

    def __enter__(self) -> None:
        """As the SDK's own client."""

    def __exit__(self, *_why: object) -> None:
        """As the SDK's own client."""

    def create(self, **_asked: object) -> SimpleNamespace:
        if self._fails:
            raise RuntimeError(self._text)
        return SimpleNamespace(output_text=self._text, status="completed", usage=None, model_dump=lambda mode: {})


@pytest.mark.parametrize(("length", "kept"), [(2_000, 2_000), (2_001, 2_000)])
@pytest.mark.parametrize("fails", [False, True], ids=["answer", "error"])
def test_of_an_answer_and_of_an_error_two_thousand_characters_are_kept(
    monkeypatch: pytest.MonkeyPatch, length: int, kept: int, fails: bool
) -> None:
    monkeypatch.setitem(sys.modules, "openai", SimpleNamespace(OpenAI=_OpenAI(length, fails)))
    job = _plain(Job("openai", RESPONSES, "m", ("minimal",), "hi", "", "", "", 512))
    order = {"job": job, "base_url": "http://x", "key": KEY, "auth": "bearer", "headers": [], "beta": ""}
    network = {"proxy": "", "ca_file": "", "verify_tls": True, "timeout_s": 1.0}
    did = report_of(json.dumps(play({**order, **network})).encode()).did["minimal"]
    assert (did.raised is not None) is fails
    assert len(did.raised.message if did.raised is not None else did.text) == kept
