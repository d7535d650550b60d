"""The verdict before the figures: what it is made of, what it must not say, and that it is the same wherever it is told."""

from __future__ import annotations

import json

import pytest

from app.clients.impact import Impact, impact_on
from app.clients.table import table
from app.clients.words import _WORDS, did
from app.formats.captures import from_body
from app.protocols.findings import Severity
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind
from app.run import fit_words
from app.run.compare import compare
from app.run.fit import Fit, Unseen, Verdict, fit
from app.run.fit_words import line
from app.run.json_report import run_facts
from app.run.side import Side, Stage
from app.terminal.run_table import print_run
from tests.builders import JSON, event, messages_end, messages_start, messages_text, recording, side, stream
from tests.clients.made import found
from tests.clients.test_impact import ROWS, STREAM

CLIENT = "langchain-anthropic"


def ending(stop_reason: str = "end_turn", *before: bytes, **more: object) -> Recording:
    """A whole stream with this stop reason, and what stands before its end."""
    pieces = [(600.0, messages_start()), *((610.0, one) for one in before or (messages_text("Hi "),))]
    return recording([*pieces, (620.0, messages_end(2, stop_reason))], **more)  # type: ignore[arg-type]


def twice_begun(**more: object) -> Recording:
    """A second message_start, and no usage at the end."""
    pieces = [(600.0, messages_start() + messages_start()), (612.0, messages_text("Hi")), (620.0, messages_end(None))]
    return recording(pieces, **more)  # type: ignore[arg-type]


def of(*recordings: Recording, client: str = "") -> Fit:
    made = side("a", *recordings)
    made.client = client
    told = fit(made)
    assert told is not None
    return told


def test_an_answer_without_a_finding_is_a_drop_in_for_whom_it_was_judged() -> None:
    assert line(of(stream())) == "✓ A drop-in for official clients"
    chosen = table().client(CLIENT, "anthropic-messages")
    assert chosen is not None
    assert line(of(stream(), client=CLIENT)) == f"✓ A drop-in for {chosen.title}"
    assert of(stream(), client="no such client").client == "", "what is not known to read it is not named"


def test_what_breaks_comes_before_what_is_lost() -> None:
    told = of(twice_begun())
    assert told.verdict is Verdict.BREAKS
    severities = [one.severity for one in told.reasons]
    assert severities == sorted(severities, key=list(Severity).index)
    assert line(told) == "✕ Breaks official clients: A block begun again, and 2 other findings"
    assert not any(one.deed for one in told.reasons), "the official SDK stands for all, its error is not named"


def test_the_verdict_is_that_for_my_client() -> None:
    """A tool's input in the wrong words breaks one client, and another goes on with something missing."""
    made = [stream(output_tokens=None)]
    verdicts = {one.name: of(*made, client=one.name).verdict for one in table().speaking("anthropic-messages")}
    assert len(set(verdicts.values())) > 1, verdicts
    lost = next(name for name, verdict in verdicts.items() if verdict is Verdict.LOSSES)
    told = of(*made, client=lost)
    assert line(told).startswith(f"! Works, with losses for {told.client}: ")


def test_what_the_client_does_is_named_where_it_always_did_it() -> None:
    def always(rule_id: str, client: str = "ai-sdk-openai") -> Impact:
        return impact_on(ROWS.clients[client], found(rule_id), STREAM, ROWS)

    assert always("X1").always == ("error:openai.APIError",)
    assert always("X1", "openai").always == (), "the text was cut in one run of two"
    told = of(twice_begun(), client=CLIENT)
    named = [one for one in told.reasons if one.deed]
    assert named
    for one in named:
        assert fit_words.reason_in_words(one) == did(one.deed)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (ending("max_tokens"), Unseen.CUT),
        (ending("refusal"), Unseen.CUT),
        (ending("end_turn", event("ping")), Unseen.EMPTY),
        (ending("end_turn", scenario="tools"), Unseen.NO_TOOL),
    ],
)
def test_what_was_not_seen_whole_is_no_drop_in(made: Recording, why: Unseen) -> None:
    told = of(made)
    assert (told.verdict, told.unseen, told.reasons) == (Verdict.UNSEEN, why, ())
    assert line(told).startswith("– No verdict for official clients: ")
    assert of(stream(), made, stream()).verdict is Verdict.UNSEEN, "nor is a run with such a round"


def test_that_an_empty_answer_works_with_losses_is_not_said() -> None:
    """Nor of one that was cut, nor of a run for tools without a call; what was found is counted all the same."""
    empty = of(recording([(600.0, messages_start(input_tokens=0)), (620.0, messages_end(2))]))
    assert (empty.verdict, empty.unseen, len(empty.reasons)) == (Verdict.UNSEEN, Unseen.EMPTY, 1)
    assert line(empty) == "– No verdict for official clients: the answer is empty, and 1 finding"
    sentence = compare(side("a", recording([(600.0, messages_start(input_tokens=0)), (620.0, messages_end(2))])), None).sentence
    assert "A's answer is empty. A also loses something for official clients: No input tokens counted." in sentence
    assert fit_words.tip(empty).startswith("No verdict for official clients: the answer is empty, and 1 finding. Seen")


def test_a_finding_counts_though_the_answer_was_cut() -> None:
    cut = [(600.0, messages_start() + messages_start()), (612.0, messages_text("Hi")), (620.0, messages_end(2, "max_tokens"))]
    assert of(recording(cut)).verdict is Verdict.BREAKS


def test_a_side_that_did_not_complete_has_no_verdict() -> None:
    stopped = recording([(600.0, messages_start())], end=Ended(EndKind.CANCELLED))
    refused = recording([(300.0, b'{"type":"error"}')], status=401, headers=JSON)
    playing = side("a", stream())
    playing.stage = Stage.PLAYING
    for one in (Side("a"), side("a", stopped), side("a", refused), playing, side("a", recording([(600.0, messages_start())]))):
        assert fit(one) is None


def test_a_body_alone_is_no_drop_in_but_can_break() -> None:
    """Status and content type are not known of it, and clients go by them."""
    whole = of(from_body(messages_start() + messages_text("Hi") + messages_end(), "anthropic-messages"))
    assert (whole.verdict, whole.unseen) == (Verdict.UNSEEN, Unseen.HEAD)
    broken = messages_start() + messages_start() + messages_text("Hi") + messages_end()
    assert of(from_body(broken, "anthropic-messages")).verdict is Verdict.BREAKS


def test_it_is_the_same_in_the_terminal_and_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    a, b = side("a", stream()), side("b", twice_begun(side="b"))
    said = line(of(twice_begun()))
    print_run([a, b])
    printed = capsys.readouterr().out.splitlines()
    assert "A ✓ A drop-in for official clients" in printed
    assert f"B {said}" in printed
    facts = json.loads(json.dumps(run_facts(a, b)))["sides"]
    assert (facts["a"]["fit"]["verdict"], facts["b"]["fit"]["verdict"]) == ("drop_in", "breaks")
    assert facts["b"]["fit"]["says"] == said
    assert facts["b"]["fit"]["reasons"][0] | {"says": ""} == {"id": "A4b", "severity": "breaks", "does": "", "says": ""}
    assert run_facts(side("a", recording([(600.0, messages_start())])), None)["sides"]["a"]["fit"] is None


def test_the_sentence_names_what_breaks_first_then_what_is_lost() -> None:
    b = side("b", twice_begun(side="b"))
    said = compare(side("a", stream()), b).sentence
    assert said.startswith("B breaks official clients: A block begun again")
    b.client = CLIENT
    said = compare(side("a", stream()), b).sentence
    client = b.my_client
    assert client is not None
    assert said.startswith(f"B breaks {client.title}: ")
    lost = said.index(f"{client.title} counts none of B's input tokens")
    assert lost < said.index("In this run")
    untold = stream(output_tokens=None, side="b")
    assert "works with losses" not in compare(side("a", stream()), side("b", untold)).sentence.partition("did not say")[2]


@pytest.mark.parametrize("field", _WORDS)
def test_every_deed_can_be_said_of_a_side(field: str) -> None:
    for how in _WORDS[field]:
        plain, of_side = did(f"{field}:{how or 'x'}"), did(f"{field}:{how or 'x'}", "B")
        assert plain != of_side
        assert "B" in of_side.split("'")[0].split()
        assert "{" not in plain + of_side
