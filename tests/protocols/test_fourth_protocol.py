"""A protocol that is made up is walked through everything that asks what varies by protocol: nothing raises, and nothing takes
it for another vendor's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.__main__ import main
from app.asking.advice import advise
from app.asking.changes import with_protocol
from app.asking.environment import offers
from app.diagnosis import diagnose
from app.diagnosis.candidates import paths_to_ask
from app.exchange.exchange import Exchange
from app.formats.captures import from_body, protocol_of
from app.formats.request_code import as_code
from app.pricing import total_input
from app.protocols.base import Ask, Target, UserTurn
from app.protocols.chat.protocol import OpenAIChat
from app.protocols.info import ProtocolInfo, Sdk
from app.protocols.reading import Usage
from app.protocols.registry import info, protocol, protocol_ids, register, title, unregister
from app.recording.records import RunOpened
from app.run.json_report import run_facts
from app.run.side import Side
from app.simulator.server.client import Simulator
from app.simulator.server.urls import base_url
from app.store.presets import demo_profiles
from app.store.profiles import Profile, ProfileStore
from app.store.run_file import open_run, save_run
from tests.builders import recording

ACME = "acme-talk"
INFO = ProtocolInfo(
    id=ACME,
    title="Acme Talk",
    short_title="Talk",
    base_url_hint="https://talk.acme.example",
    version_in_base_url=False,
    paths=("/talk",),
    own_folder="/acme",
    also_without_version=False,
    alternatives=("openai-chat",),
    default_auth="bearer",
    version_header=False,
    error_format="openai-error",
    end_mark="farewell",
    done_mark=False,
    ended_by_itself="done",
    blocks_by_name=False,
    model_required=False,
    has_reasoning=False,
    lacks=frozenset(),
    cache_in_input=False,
    model_prefix="acme",
    demo_model="",
    demo_suffix=" (Talk)",
    sdk=Sdk(
        python="acme",
        node="@acme/talk",
        client="Acme",
        method="talk",
        styles={"": "token", "bearer": "token"},
        node_styles={"": "token", "bearer": "token"},
        variables={"bearer": "ACME_TOKEN"},
        base_url_variable="ACME_URL",
        arguments=frozenset(("model", "messages", "stream")),
        user_agent="Acme/1",
    ),
    is_answer=lambda document: document.get("kind") == "talk",
    is_whole=lambda document: "words" in document,
    says_end=lambda document: document.get("kind") == "farewell",
    is_end=lambda document: document.get("kind") == "farewell",
)


class AcmeTalk(OpenAIChat):
    """Chat's bytes under another name: what is tried here is all that stands around a reader."""

    id = ACME


@pytest.fixture(autouse=True)
def acme() -> Iterator[None]:
    register(INFO, AcmeTalk)
    yield
    unregister(ACME)


def chunk(delta: dict[str, str], reason: str | None = None, **more: object) -> bytes:
    choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
    document = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "acme-1", "choices": choices, **more}
    return b"data: " + json.dumps(document).encode() + b"\n\n"


ANSWER = chunk({"role": "assistant", "content": "Hello"}) + chunk(
    {}, "stop", usage={"prompt_tokens": 3, "completion_tokens": 2}
)


def test_it_is_known_by_its_own_words() -> None:
    assert protocol_ids()[-1] == ACME
    assert (title(ACME), info(ACME).title, title("unheard-of")) == ("Acme Talk", "Acme Talk", "unheard-of")
    assert isinstance(protocol(ACME), AcmeTalk)
    unregister(ACME)
    with pytest.raises(KeyError):
        protocol(ACME)


def test_the_program_starts_and_its_commands_offer_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--help"])
    assert ended.value.code == 0
    assert ACME in capsys.readouterr().out


def test_the_demo_has_only_what_the_simulator_speaks() -> None:
    assert {profile.protocol for profile in demo_profiles("http://127.0.0.1:1")} == set(protocol_ids()) - {ACME}


def test_an_answer_is_read_stored_and_reported(tmp_path: Path) -> None:
    exchange = Exchange(recording([(600.0, ANSWER)], protocol=ACME)).finish()
    assert exchange.reading.text == "Hello"
    facts = run_facts(Side("a", [exchange]), None)
    assert facts["sides"]["a"]["text"] == "Hello"
    path = tmp_path / "run.diptych"
    save_run(path, RunOpened("1", "2026-11-29T00:00:00Z", "0", "streaming"), [exchange.recording])
    assert [one.envelope.protocol for one in open_run(path)[1]] == [ACME]


def test_input_tokens_have_its_own_meaning() -> None:
    usage = Usage(input_tokens=3, output_tokens=2, cache_read_tokens=10)
    assert total_input(usage, ACME) == 13
    assert total_input(usage, "openai-chat") == 3


def test_a_failure_is_told_by_its_own_words() -> None:
    foreign = diagnose(Exchange(recording([(600.0, chunk({"content": "Hel"}))], protocol=ACME)).finish())
    assert foreign is not None
    assert foreign.cause == "The answer is written in OpenAI Chat Completions, though Acme Talk was asked for."
    lost = Exchange(recording([(600.0, b"not found")], protocol=ACME, status=404)).finish()
    told = diagnose(lost)
    assert told is not None
    assert "Anthropic" not in f"{told.cause} {told.fix}"


def test_paths_are_searched_for_it_and_from_it() -> None:
    own = paths_to_ask("https://relay.example", ACME)
    assert [(one.protocol, one.base_url) for one in own if one.protocol == ACME] == [
        (ACME, "https://relay.example"),
        (ACME, "https://relay.example/acme"),
    ]
    assert {one.protocol for one in own} == {ACME, "openai-chat"}


def test_addresses_are_judged_by_its_own_form() -> None:
    assert not advise("https://talk.acme.example", ACME)
    pasted = advise("https://talk.acme.example/talk", "openai-chat")
    assert any(one.to_protocol == ACME for one in pasted)
    moved = with_protocol(Profile("P", "openai-chat", "https://h.example/v1", "m"), ACME, adapt_url=True)
    assert (moved.protocol, moved.base_url, moved.auth) == (ACME, "https://h.example", "x-api-key")


@pytest.mark.parametrize("language", ["curl", "python", "node"])
def test_snippets_name_its_own_sdk_and_variable(language: str) -> None:
    target = Target("https://talk.acme.example", "bearer", "sk-0123456789abcdefghij")
    request = protocol(ACME).build(Ask("acme-1", (UserTurn("Hi"),), stream=True), target)
    code = as_code(language, request, ACME, target.base_url)
    assert "ACME_TOKEN" in code
    assert "OPENAI" not in code.upper().replace("OPENAI-CHAT", "")
    assert "ANTHROPIC" not in code.upper()


def test_keys_in_the_environment_are_offered_for_it() -> None:
    (offer,) = offers({"ACME_TOKEN": "sk-0123456789abcdefghij"}, Path("/nowhere"))
    assert (offer.protocols, offer.auth) == ((ACME,), "bearer")


def test_captures_are_told_by_its_own_documents() -> None:
    assert protocol_of(b'{"kind": "talk"}') == ACME
    assert from_body(ANSWER, ACME).envelope.protocol == ACME


def test_a_profile_of_it_is_kept(tmp_path: Path) -> None:
    ProfileStore(tmp_path / "p.toml").save(Profile("P", ACME, "https://talk.acme.example", "acme-1"))
    store = ProfileStore(tmp_path / "p.toml")
    assert [profile.protocol for profile in store.load()] == [ACME]
    assert not store.warnings


def test_the_terminal_runs_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_KEY", "sk-0123456789abcdefghij")
    simulator = Simulator()
    root = asyncio.run(simulator.start())
    try:
        url = base_url(root, "official", "openai-chat")
        options = ["--a-url", url, "--a-protocol", ACME, "--a-model", "gpt-5.5", "--a-key-env", "ACME_KEY", "--json"]
        assert main(["run", *options, "--request", "minimal"]) == 0
    finally:
        simulator.close()
    assert json.loads(capsys.readouterr().out)["sides"]["a"]["outcome"] == "completed"


def test_the_forms_show_it(qapp: QApplication) -> None:
    from ui.endpoints.form.form import EndpointForm

    form = EndpointForm()
    form.show_profile(Profile("P", ACME, "https://talk.acme.example", "acme-1"))
    assert form.protocol.currentText() == "Acme Talk"
    form.deleteLater()
