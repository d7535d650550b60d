"""A session: what rests on what, a few at a time, the cap, stopping, and a check that is run again."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from app.checks.asker import Asker, Step
from app.checks.check import Check, Control
from app.checks.judgement import Judged
from app.checks.judging import judge_all
from app.checks.seen import Steps
from app.checks.session import AT_ONCE, SILENT_AFTER, Row, State
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.recording.records import Ended, EndKind, Headers, Request, SideName, WireErrorCode
from tests.builders import MS
from tests.checks.sessions import Answer, Sender, answer, check, known, refusal, session


async def run(send: Sender, *checks: Check, **options: object) -> dict[str, tuple[str | None, str]]:
    """The verdicts, (A, B) by check."""
    with known(*checks):
        one = session(checks, send, **options)  # type: ignore[arg-type]
        await one.run()
        found = one.judgements
        return {name: (str(each.a.verdict) if each.a else None, str(each.b.verdict)) for name, each in found.items()}


async def test_both_sides_are_asked_the_same() -> None:
    bodies: dict[SideName, bytes] = {}

    def answers(side: SideName, step: Step, request: Request) -> Answer:
        bodies[side] = request.body
        return answer()

    assert await run(Sender(answers), check("x")) == {"x": ("pass", "pass")}
    assert bodies["a"] == bodies["b"]


async def test_what_a_check_rests_on_comes_first() -> None:
    send = Sender()
    await run(send, check("late", "early"), check("early"))
    names = [name for _, name, _, _ in send.sent]
    assert names == ["early", "early", "late", "late"]


async def test_what_rests_on_a_failed_check_is_skipped_and_says_on_which() -> None:
    send = Sender(lambda side, step, _: refusal() if step.check == "first" else answer())
    checks = check("first"), check("second", "first"), check("third", "second")
    with known(*checks):
        one = session(checks, send)
        await one.run()
        third = one.judgements["third"].b
        assert third.words("B") == "Rests on “First”, which B did not pass."  # the one that is to blame
    assert (third.verdict, third.rests_on) == (Verdict.SKIPPED, "first")
    assert {name for _, name, _, _ in send.sent} == {"first"}


async def test_a_control_that_is_asked_no_more_has_no_verdict() -> None:
    send = Sender(lambda side, step, _: refusal() if side == "b" and step.check == "first" else answer())
    checks = check("first"), check("second", "first"), check("third", "second")
    with known(*checks):
        one = session(checks, send)
        await one.run()
        assert judge_all(one.book, one.plan) == one.judgements
    a = {name: found.a.verdict if found.a is not None else None for name, found in one.judgements.items()}
    assert a == {"first": Verdict.PASS, "second": None, "third": None}


async def test_where_only_the_control_failed_the_other_is_judged_alone() -> None:
    send = Sender(lambda side, step, _: refusal() if side == "a" and step.check == "first" else answer())
    assert await run(send, check("first"), check("second", "first")) == {
        "first": ("fail", "pass"),
        "second": ("skipped", "pass"),
    }


async def test_what_needs_the_control_is_not_judged_by_one_that_failed_before() -> None:
    send = Sender(lambda side, step, _: refusal() if side == "a" and step.check == "first" else answer())
    checks = check("first"), check("second", "first", control=Control.NEEDED)
    with known(*checks):
        one = session(checks, send)
        await one.run()
    assert one.judgements["second"].b.reason == "no_control"


async def test_what_needs_the_control_asks_nothing_without_it() -> None:
    send = Sender()
    assert await run(send, check("alone", control=Control.NEEDED), sides=("b",)) == {"alone": (None, "skipped")}
    assert send.sent == []


async def test_a_dead_side_costs_one_request() -> None:
    send = Sender(lambda _side, _step, _request: refusal(401))
    checks = [check("first"), *(check(f"c{number}", "first") for number in range(40))]
    found = await run(send, *checks)
    assert len(send.sent) == 2
    assert {b for _, b in list(found.values())[1:]} == {"skipped"}


async def test_a_few_at_a_time() -> None:
    send = Sender()
    await run(send, *(check(f"c{number}", steps=3) for number in range(12)))
    assert send.most_at_once == 2 * AT_ONCE
    assert len(send.sent) == 12 * 3 * 2


async def test_the_order_of_the_sides_is_drawn() -> None:
    send = Sender()
    await run(send, *(check(f"c{number}") for number in range(30)))
    first = {name: side for side, name, _, _ in reversed(send.sent)}
    assert set(first.values()) == {"a", "b"}


# 20 + len(body) // 3 tokens in at 1 $ a million, 10 out at 10 $: about 0.0002 $ a request.
async def test_the_cap_is_not_passed() -> None:
    send = Sender()
    checks = tuple(check(f"c{number}", steps=4) for number in range(20))
    with known(*checks):
        one = session(checks, send, cap_usd=0.002)
        await one.run()
    assert one.spent.usd is not None
    assert 0.0015 < one.spent.usd <= 0.002
    assert "cap" in one.plan.left_out.values()
    last = one.judgements["c19"].b
    assert (last.verdict, last.reason) == (Verdict.SKIPPED, "cap")


async def test_answers_that_cost_more_than_was_thought_pass_the_cap_by_what_was_under_way_alone() -> None:
    send = Sender(lambda _side, _step, _request: answer(output_tokens=100))  # ten times what was asked for
    checks = tuple(check(f"c{number}") for number in range(20))
    with known(*checks):
        one = session(checks, send, cap_usd=0.003, sides=("b",))
        await one.run()
    assert one.spent.usd is not None
    assert one.spent.usd < 0.003 + AT_ONCE * 0.00102


async def test_a_cap_on_tokens() -> None:
    checks = tuple(check(f"c{number}") for number in range(20))
    with known(*checks):
        one = session(checks, Sender(), cap_tokens=300, own={})
        await one.run()
    assert one.spent.tokens <= 300
    assert one.spent.requests > 6  # each is held back at 65 tokens, and then counts as the 25 that it had
    assert "cap" in one.plan.left_out.values()


async def test_a_request_waits_for_the_room_that_others_hold_and_do_not_use() -> None:
    """Each holds 65 tokens and uses 25: the cap has room for all of them, one after the other, and never for two."""
    send, checks = Sender(), tuple(check(f"c{number}") for number in range(AT_ONCE))
    with known(*checks):
        one = session(checks, send, cap_tokens=65 + 2 * AT_ONCE * 25, own={})
        await one.run()
    assert one.plan.left_out == {}
    assert send.most_at_once < 2 * AT_ONCE
    assert one.spent.requests == 2 * AT_ONCE


@pytest.mark.parametrize(("named", "waits"), [((("retry-after", "7"),), 7.0), ((("retry-after", "30"),), 30.0), ((), 2.0)])
async def test_a_limit_is_asked_once_more_after_the_time_it_names(named: Headers, waits: float) -> None:
    tries: list[int] = []

    def answers(side: SideName, step: Step, request: Request) -> Answer:
        tries.append(1)
        return refusal(429, "rate_limit_error", named) if len(tries) == 1 else answer()

    slept: list[float] = []
    assert await run(Sender(answers), check("x"), sides=("b",), slept=slept) == {"x": (None, "pass")}
    assert slept == [waits]
    assert len(tries) == 2


async def test_one_that_wants_more_than_half_a_minute_is_not_waited_for() -> None:
    slept: list[float] = []
    send = Sender(lambda _side, _step, _request: refusal(429, "rate_limit_error", (("retry-after", "31"),)))
    assert await run(send, check("x"), sides=("b",), slept=slept) == {"x": (None, "inconclusive")}
    assert slept == []
    assert len(send.sent) == 1


async def test_stopping_keeps_what_there_is() -> None:
    send = Sender()
    checks = check("first"), check("second", "first", steps=2)
    with known(*checks):
        rows: list[tuple[str, State]] = []
        one = session(checks, send)
        ended = asyncio.Event()

        def on_change(row: Row) -> None:
            rows.append((row.check.id, row.state))
            if row.state is State.DONE:
                ended.set()

        one.on_change = on_change
        task = asyncio.ensure_future(one.run())
        await send.begun.wait()
        await ended.wait()
        send.gate = asyncio.Event()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert one.judgements["first"].b.verdict is Verdict.PASS
    assert one.judgements["second"].b.verdict in (Verdict.SKIPPED, Verdict.INCONCLUSIVE)
    assert one.plan.left_out["second"] == "stopped"
    assert rows[-1] == ("second", State.DONE)


async def test_a_side_has_a_nonce_of_its_own_in_each_run() -> None:
    told: list[tuple[str, str]] = []

    async def ask(asker: Asker) -> None:
        told.append((asker.nonce, asker.own_nonce))
        await asker.ask("one", "hello", max_tokens=10)

    one_check = msgspec.structs.replace(check("x"), ask=ask)
    with known(one_check):
        one = session((one_check,), Sender())
        await one.run()
        await one.run(("x",))
    assert len({nonce for nonce, _ in told}) == 1
    assert len({own for _, own in told}) == len(told) == 4


async def test_one_check_can_be_run_again() -> None:
    works = False
    send = Sender(lambda _side, _step, _request: answer() if works else refusal())
    checks = check("first"), check("second")
    with known(*checks):
        one = session(checks, send)
        await one.run()
        before = [str(each.b.verdict) for each in one.judgements.values()]
        works = True
        await one.run(("second",))
    assert before == ["fail", "fail"]
    assert [str(each.b.verdict) for each in one.judgements.values()] == ["fail", "pass"]
    assert [each.recording.envelope.attempt for each in one.book.of("second", "b")] == [2]
    assert len(send.sent) == 6


async def test_a_fault_of_ours_ends_one_check_alone() -> None:
    async def ask(asker: Asker) -> None:
        raise ZeroDivisionError

    def judge(steps: Steps) -> Judged:
        raise ValueError("odd")

    broken = check("broken")
    checks = (
        Check(**{name: getattr(broken, name) for name in broken.__struct_fields__} | {"ask": ask}),
        check("unread", judge=judge),
        check("fine"),
    )
    with known(*checks):
        one = session(checks, Sender())
        await one.run()
    assert one.judgements["broken"].b.reason == "fault"
    assert isinstance(one.faults["broken"], ZeroDivisionError)
    assert one.judgements["unread"].b.reason == "own_fault"
    assert "ValueError: odd" in one.judgements["unread"].b.words("B")
    assert one.judgements["fine"].b.verdict is Verdict.PASS


class Hanging(Sender):
    """Answers so many requests of B, and lets the rest of them wait in vain; A answers always."""

    def __init__(self, good: int) -> None:
        super().__init__()
        self.good = good

    async def __call__(self, side: SideName, request: Request, step: Step) -> Exchange:
        one = await super().__call__(side, request, step)
        if side == "a" or len([sent for sent in self.sent if sent[0] == "b"]) <= self.good:
            return one
        one.recording.head = None
        end = Ended(EndKind.ERROR, 600 * MS, WireErrorCode.FIRST_BYTE_TIMEOUT)
        one.recording.end = end
        return Exchange(one.recording).finish()


async def test_a_host_that_hangs_takes_two_limits_of_time_and_not_forty() -> None:
    checks = tuple(check(f"c{number}", steps=3) for number in range(20))
    with known(*checks):
        send = Hanging(good=2)
        one = session(checks, send)
        await one.run()
        hung = [sent for sent in send.sent if sent[0] == "b"][2:]
        assert SILENT_AFTER <= len(hung) < SILENT_AFTER + AT_ONCE
        assert not one.faults
        last = one.judgements["c19"]
        assert (last.b.verdict, last.b.reason) == (Verdict.SKIPPED, "silent")
        assert "stopped answering" in last.b.words("B")
        send.good = 1000
        await one.run(("c19",))
        assert one.judgements["c19"].b.verdict is Verdict.PASS, "asked again it may answer"


async def test_what_both_do_is_shared() -> None:
    with known(check("x")):
        one = session((check("x"),), Sender(lambda _side, _step, _request: refusal()))
        await one.run()
    assert one.judgements["x"].b.shared
    assert not Row(check("x")).attempt


async def test_a_check_that_reads_anothers_exchanges_asks_nothing_and_is_judged_behind_it() -> None:
    send = Sender()
    checks = check("reader", reads=("asker",)), check("asker")
    with known(*checks):
        one = session(checks, send)
        await one.run()
        assert {name for _, name, _, _ in send.sent} == {"asker"}
        assert {name: str(each.b.verdict) for name, each in one.judgements.items()} == {"reader": "pass", "asker": "pass"}
        found = one.book.find("reader", "b", "one", 1)
    assert found is not None
    assert found.recording.envelope.check == "asker"


async def test_what_is_read_is_asked_again_with_the_reader() -> None:
    send = Sender(lambda _side, _step, _request: refusal())
    checks = check("reader", reads=("asker",)), check("asker"), check("other")
    with known(*checks):
        one = session(checks, send)
        await one.run()
        send.answers = lambda _side, _step, _request: answer()
        await one.run(("reader",))
    assert {name: str(each.b.verdict) for name, each in one.judgements.items()} == {
        "reader": "pass",
        "asker": "pass",
        "other": "fail",
    }


async def test_a_reader_of_what_the_cap_left_out_says_so() -> None:
    checks = check("reader", reads=("asker",)), check("asker")
    with known(*checks):
        one = session(checks, Sender(), cap_usd=0.00001)
        await one.run()
    assert {each.b.reason for each in one.judgements.values()} == {"cap"}


async def test_a_cap_is_passed_by_one_request_at_most_though_several_are_on_their_way() -> None:
    """Each answer is counted as forty times the output that it may have."""
    each = 400
    checks = check("first"), *(check(f"c{number}", "first", steps=3) for number in range(9))
    with known(*checks):
        send = Sender(lambda _side, _step, _request: answer(output_tokens=each))
        one = session(checks, send, sides=("b",), cap_tokens=6 * each)
        await one.run()
    assert send.most_at_once > 1
    assert one.spent.tokens <= 6 * each + (each + 20)
    assert "cap" in one.plan.left_out.values()
