"""The official SDKs against the simulator, in a process of their own, and what is said of what they report."""

from __future__ import annotations

import msgspec
import pytest

from app.asking.checking import book_of
from app.checks.asker import Step
from app.checks.budget import guessed_tokens
from app.checks.catalogue.client import CHECKS, FIRST, STEP, TOOL
from app.checks.client_job import CLIENT, REPORT_KEY, Did, Job, Raised, Report, report_of, request
from app.checks.judgement import Judged
from app.checks.judging import Plan, judge_all
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.protocols.ids import MESSAGES
from app.recording.records import Envelope, ProfileNote, Request, SideName
from tests.builders import JSON
from tests.builders import recording as made
from tests.checks.play import KEY, Stage
from tests.checks.sessions import Answer, Sender, answer, known, session
from tests.sdks import anthropic

IDS = [one.id for one in CHECKS]
JOB = Job("anthropic", MESSAGES, "m", ("minimal", "streaming", "tools"), "hi", "use it", TOOL, "The code is abc-1234.", 512)
HONEST = {
    "minimal": Did(text="word", stop="end_turn", requests=1),
    "streaming": Did(text="word", pieces=4, stop="end_turn", requests=1),
    "tools": Did(text="It is abc-1234.", called=True, stop="end_turn", requests=2),
}


# -- the real one -------------------------------------------------------------------------------------------------------


def test_what_breaks_the_sdk_breaks_the_check_and_the_key_is_masked(stage: Stage) -> None:
    found = stage.play(MESSAGES, "stream_as_json echo_key", a=None, checks=IDS)
    assert stage.last is not None
    session = stage.last.session
    assert (found["client_streaming"].b.verdict, found["client_minimal"].b.verdict) == (Verdict.FAIL, Verdict.PASS)
    assert (found["client_tools"].b.verdict, found["client_tools"].b.reason) == (Verdict.PASS, "loop")
    assert found["client_tools"].b.measured_words() == f"anthropic {anthropic.__version__}"
    (one,) = session.book.exchanges
    assert (one.recording.request.method, one.recording.envelope.step) == (CLIENT, STEP)
    assert one.reading.usage is not None  # of all its requests
    assert session.spent.tokens > 100
    recordings = stage.last.recordings
    assert KEY.encode() not in b"".join(bytes(one.body.data) for one in recordings)
    assert judge_all(book_of(recordings), session.plan) == found  # from a file it is judged the same


async def test_each_answer_to_the_sdk_has_at_most_512_tokens_and_the_cap_counts_four_of_them() -> None:
    jobs: list[Request] = []

    def answers(_side: SideName, _step: Step, request: Request) -> Answer:
        jobs.append(request)
        return answer()

    with known(CHECKS[0]):
        await session((CHECKS[0],), Sender(answers), sides=("b",)).run()
        (job,) = jobs
        assert msgspec.json.decode(job.body, type=Job).max_tokens == 512
        most = guessed_tokens(job.body) + 4 * 512
        for cap, sent in ((most, 2), (most - 1, 2)):
            await session((CHECKS[0],), Sender(answers), sides=("b",), cap_tokens=cap).run()
            assert len(jobs) == sent


# -- judging ------------------------------------------------------------------------------------------------------------


def exchange(report: Report) -> Exchange:
    one = made([(5.0, msgspec.json.encode({REPORT_KEY: report}))], side="b", headers=JSON, streamed=False)
    one.envelope = Envelope(MESSAGES, ProfileNote("b", "http://x", MESSAGES), "checks", "m", "b", 1, check=FIRST, step=STEP)
    one.request = request(JOB, "http://x")
    return Exchange(one).finish()


def judged(check: str, report: Report) -> Judged:
    steps = Steps("b", MESSAGES, "m", [exchange(report)], check=FIRST)
    return next(one for one in CHECKS if one.id == check).judge(Seen(steps)).b


def report(**did: Did) -> Report:
    return Report("anthropic", "2.14.0", "3.11", {**HONEST, **did})


@pytest.mark.parametrize(
    ("check", "did", "verdict", "reason"),
    [
        ("client_minimal", Did(raised=Raised("BadRequestError", "no", 400)), "fail", "badrequesterror"),
        ("client_minimal", Did(raised=Raised("APIConnectionError")), "inconclusive", "status_none"),
        ("client_minimal", Did(raised=Raised("BadRequestError", "no", 400, "api_error")), "fail", "badrequesterror"),
        ("client_minimal", Did(raised=Raised("RateLimitError", "", 429)), "inconclusive", "status_429"),
        ("client_minimal", Did(raised=Raised("AuthenticationError", "", 401)), "inconclusive", "status_401"),
        ("client_minimal", Did(raised=Raised("InternalServerError", "", 502)), "inconclusive", "status_502"),
        ("client_minimal", Did(raised=Raised("JSONDecodeError", "Expecting value")), "fail", "jsondecodeerror"),
        ("client_minimal", Did(text="", stop="end_turn"), "fail", "no_text"),
        ("client_minimal", Did(text="", stop="max_tokens"), "inconclusive", "cut"),
        ("client_streaming", Did(raised=Raised("APIError", "cut")), "fail", "apierror"),
        ("client_streaming", Did(raised=Raised("APIStatusError", "", 200, "overloaded_error")), "inconclusive", "status_200"),
        ("client_streaming", Did(raised=Raised("APIError", "", None, "server_error")), "inconclusive", "status_none"),
        ("client_streaming", Did(text="a", pieces=1), "pass", "streamed"),
        ("client_tools", Did(text="I can't"), "inconclusive", "no_call"),
        ("client_tools", Did(text="done", called=True), "inconclusive", "not_used"),
        ("client_tools", Did(text="abc-1234", called=True), "pass", "loop"),
    ],
)
def test_what_is_said_of_what_it_did(check: str, did: Did, verdict: str, reason: str) -> None:
    found = judged(check, report(**{check.removeprefix("client_"): did}))
    assert (found.verdict, found.reason) == (verdict, reason)
    assert found.words("B")
    assert found.measured_words("B")
    assert found.measured[0].value == "anthropic 2.14.0"


def test_what_is_not_installed_is_skipped_with_the_line_that_installs_it() -> None:
    found = judged("client_tools", Report("anthropic"))
    assert (found.verdict, found.reason) == (Verdict.SKIPPED, "not_installed")
    assert '`pip install "diptych[clients]"`' in found.words("B")


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'{"diptych": 3}', b"\xff"])
def test_a_report_that_can_not_be_read_tells_nothing(body: bytes) -> None:
    assert report_of(body).broken


def test_a_process_that_ended_early_tells_nothing() -> None:
    found = judged("client_minimal", Report("anthropic", "unknown", broken="its process ended with -9"))
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, "broken")
    assert "ended with -9" in found.words("B")


def test_the_others_read_what_the_first_asked() -> None:
    plan = Plan(tuple(IDS), 1, {"b": MESSAGES}, {"b": "m"})
    found = judge_all(book_of([exchange(report()).recording]), plan)
    assert [one.b.verdict for one in found.values()] == [Verdict.PASS] * 3
