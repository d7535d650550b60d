"""A run: its sides play at once, each with its own endpoint, and what goes wrong on one does not end the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.asking.runner import Run, Runner, SideChoice
from app.exchange.outcome import Outcome
from app.recording.recording import Recording
from app.recording.records import SideName
from app.run.side import Side, Stage
from app.scenarios import Plan, Scenario
from app.store.journal import Journal
from app.store.profiles import Profile
from app.store.run_file import open_run
from app.wire.client import WireClient
from tests.asking.path_servers import CHAT, GOOD, MESSAGES, Host, hosting, openai_error, speaking
from tests.wire.conftest import KEY

Choices = dict[SideName, SideChoice]


def choices(host: Host, **more: Any) -> Choices:
    a = Profile("First", base_url=host.url, http2=False)
    b = Profile("Second", "openai-chat", f"{host.url}/v1", auth="bearer", http2=False)
    return {"b": SideChoice(b, "model-b", KEY, **more), "a": SideChoice(a, "model-a", KEY, **more)}


async def test_each_side_asks_its_own_endpoint_for_its_own_model(wire: WireClient) -> None:
    stages: dict[SideName, set[Stage]] = {"a": set(), "b": set()}
    async with hosting(speaking(MESSAGES, CHAT)) as host:
        chosen = choices(host)
        run = Run(Plan(), chosen)
        assert list(run.sides) == ["a", "b"]
        await Runner(wire).play(run, chosen, lambda side: stages[side.name].add(side.stage))
    assert sorted(one.path for one in host.heard) == [CHAT, MESSAGES]
    said = {one.envelope.side: (one.envelope.model, one.envelope.scenario, one.envelope.streamed) for one in run.recordings}
    assert said == {"a": ("model-a", "streaming", True), "b": ("model-b", "streaming", True)}
    assert [one.envelope.side for one in run.recordings] == ["a", "b"]
    assert [side.outcome for side in run.sides.values()] == [Outcome.COMPLETED] * 2
    assert set(map(frozenset, stages.values())) == {frozenset({Stage.PLAYING, Stage.ENDED})}
    assert [side.stage for side in run.sides.values()] == [Stage.ENDED] * 2


async def test_the_rounds_of_a_side_are_numbered(wire: WireClient) -> None:
    async with hosting(speaking(MESSAGES)) as host:
        chosen: Choices = {"a": choices(host)["a"]}
        run = Run(Plan(Scenario.CONVERSATION, turns=("One?", "Two?")), chosen)
        await Runner(wire).play(run, chosen)
    assert [one.envelope.round for one in run.recordings] == [1, 2]
    assert [one.reading.text for one in run.sides["a"].rounds] == ["Hello", "Hello"]


async def test_a_fault_of_ours_ends_its_side_for_good(wire: WireClient) -> None:
    def stumble(side: Side) -> None:
        if side.name == "a":
            raise ValueError("a slip of the pen")

    async with hosting(speaking(MESSAGES, CHAT)) as host:
        chosen = choices(host)
        run = Run(Plan(), chosen)
        with pytest.raises(ExceptionGroup):
            await Runner(wire).play(run, chosen, stumble)
    assert [side.stage for side in run.sides.values()] == [Stage.ENDED] * 2
    assert [side.fault for side in run.sides.values()] == ["ValueError: a slip of the pen", ""]
    assert [side.outcome for side in run.sides.values()] == [Outcome.INTERRUPTED, Outcome.COMPLETED]


async def test_a_diagnosis_knows_the_models_and_the_key_of_its_side(wire: WireClient) -> None:
    missing = openai_error(404, "The model `model-b` does not exist")
    async with hosting(lambda _path, _body: missing) as host:
        chosen: Choices = {"b": choices(host, models=("model-c", "model-d"))["b"]}
        run = Run(Plan(), chosen)
        await Runner(wire).play(run, chosen)
    context = run.sides["b"].context
    assert (context.models, context.key_sent, context.key_shape) == (("model-c", "model-d"), True, "sk-")
    found = run.sides["b"].diagnosis
    assert found is not None
    assert found.rule.startswith("model-")


async def test_an_answer_may_be_as_large_as_the_runner_says(wire: WireClient) -> None:
    async with hosting(speaking(MESSAGES)) as host:
        chosen: Choices = {"a": choices(host)["a"]}
        run = Run(Plan(), chosen)
        await Runner(wire, body_bytes=len(GOOD[MESSAGES].body) - 1).play(run, chosen)
    [recording] = run.recordings
    assert recording.end is not None
    assert recording.end.code == "too_large"


@pytest.mark.parametrize(("spoken", "missing"), [(CHAT, "a"), (MESSAGES, "b")])
async def test_what_other_paths_said_is_journaled_with_the_exchange_that_it_is_of(
    wire: WireClient, tmp_path: Path, spoken: str, missing: SideName
) -> None:
    async with hosting(speaking(spoken)) as host:
        chosen = choices(host)
        run = Run(Plan(), chosen)
        await Runner(wire, Journal(tmp_path, keep=True)).play(run, chosen)
    assert run.journal_problem == ""
    journaled = {one.envelope.side: one.asked for one in kept_in(tmp_path)}
    assert journaled == {one.envelope.side: one.asked for one in run.recordings}
    assert [name for name, asked in journaled.items() if asked] == [missing]


def kept_in(folder: Path) -> list[Recording]:
    [kept] = folder.iterdir()
    return open_run(kept)[1]
