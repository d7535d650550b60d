"""The Checks page with the demo's endpoints: real processes, real sockets, the real window; the checks are made up, so that
it makes no difference which there are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from app.asking.checking import plan_of
from app.asking.history_keeping import KEEPER, read_kept
from app.checks.asker import Asker, Step
from app.checks.check import ADMITTED, COMPLETES, REACHED, Check
from app.checks.judgement import Judged
from app.checks.judging import Plan
from app.checks.seen import Steps
from app.checks.session import State
from app.checks.verdict import Verdict
from app.recording.records import CHECKS_SCENARIO, Request, RunOpened, Wanted
from app.recording.run_format import MAGIC
from app.report.write import SUFFIXES
from app.store.history.history import HistoryError
from app.store.profiles import Profile
from app.store.run_file import open_run
from tests.checks.sessions import MESSAGES, answer, check, known, recorded
from tests.ui.conftest import Ui
from tests.ui.copy_lines import offered_in
from ui.checks.entries import Fold, Kind
from ui.checks.filters import Filter
from ui.checks.page import ChecksPage
from ui.compare.tabs import TABS
from ui.shared.endpoint_row import NONE
from ui.shell.pages import CHECKS, COMPARE
from ui.shell.palette import CommandPalette
from ui.widgets.toast import said_briefly

CANARY = "sk-ant-canary-0123456789abcdef"
CONTROL = Qt.KeyboardModifier.ControlModifier


def _listed(steps: Steps) -> Judged:
    one = steps.get("one")
    if one is None or one.status != 200:
        return steps.not_asked()
    return Judged(verdict=Verdict.PASS, reason="listed", sentence="{who} lists its models.", evidence=(steps.evidence("one"),))


def _differs_on_b(steps: Steps) -> Judged:
    """What no two endpoints have in common: their side."""
    verdict = Verdict.DIFFERS if steps.side == "b" else Verdict.PASS
    return Judged(
        verdict=verdict, reason=steps.side, sentence="{who} is {side}.", fields={"side": steps.side}, short="{side}",
        advice="look at {who}", evidence=(steps.evidence("one"),),
    )  # fmt: skip


def _costly() -> Check:
    return msgspec.structs.replace(_quick("costly"), opt_in=True)


async def _ask_list(asker: Asker) -> None:
    request = asker.protocol.models_request(asker.target)  # the demo's models write as fast as people read
    await asker.send("one", request, wanted=Wanted.MODELS)


def _quick(name: str, *rests_on: str, judge: Callable[[Steps], Judged] = _listed) -> Check:
    return msgspec.structs.replace(check(name, *rests_on, judge=judge), ask=_ask_list, steps={"one": "the list of its models"})


@pytest.fixture(autouse=True)
def few() -> Iterator[None]:
    """Five checks, of which one is off until it is asked for."""
    twin = _quick("twin", COMPLETES, judge=_differs_on_b)
    with known(_quick(REACHED), _quick(ADMITTED, REACHED), _quick(COMPLETES, ADMITTED), twin, _costly()):
        yield


def opened(ui: Ui) -> ChecksPage:
    ui.window.activateWindow()
    return ui.window.show_page(CHECKS)


async def ran(ui: Ui) -> ChecksPage:
    """The page after a session."""
    page = opened(ui)
    page.start()
    await ui.until(lambda: page.run.running, "the checks to begin")
    await ended(ui, page)
    return page


async def shown(ui: Ui) -> ChecksPage:
    """The page with a session of a file, as a run of all checks that are on would leave it: nothing is asked."""
    page = opened(ui)
    asked = (REACHED, ADMITTED, COMPLETES, "twin")
    plan = Plan(asked, 7, {"a": MESSAGES, "b": MESSAGES}, {"a": "m", "b": "m"}, cap_usd=0.25)
    request = Request("POST", "http://x/v1/messages", (("x-api-key", CANARY),), b"{}")
    recordings = [recorded(side, request, Step(one, "one", 1), answer()) for one in asked for side in ("a", "b")]
    head = RunOpened("1", "2026-11-29T12:00:00.000Z", "0", CHECKS_SCENARIO, {"plan": msgspec.to_builtins(plan)})
    await page.show_file(Path("x.diptych"), head, recordings)
    return page


async def ended(ui: Ui, page: ChecksPage) -> None:
    await ui.until(lambda: not page.run.running, "the checks to end")
    await ui.until(lambda: not page.view.top.run.running, "the page to see it")


def test_nothing_is_sent_before_run_is_pressed_and_then_all_is_shown(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        assert page.view.card.text == "Will my code work there?"
        assert page.view.card.figures.startswith("8 requests")  # four checks of two sides: the costly one is off
        assert ui.window.services.wire.pid is None or not page.run.recordings
        assert page.view.card.cap.value() == 0.05
        QTest.keyClick(ui.window, Qt.Key.Key_Return, CONTROL)
        await ui.until(lambda: page.run.running, "Ctrl+Enter to start the checks")
        assert page.title == "▶ 0 s"
        assert page.view.top.run.running
        await ended(ui, page)
        assert [row.state for row in page.run.rows.values()] == [State.DONE] * 4
        assert page.view.card.text.startswith("Works, with losses for anthropic ")
        assert page.view.card.figures.startswith("4 of 4 done")
        assert [one.accessibleName() for one in page.view.card.links] == ["“Twin” differs"]
        assert [(one.kind, one.id) for one in page.view.table.entries] == [(Kind.GROUP, "minimal"), (Kind.CHECK, "twin")]
        assert page.view.foot.sentence.text.startswith("Text works for anthropic")
        assert page.title == ""
        lines = page.view.table.lines
        found = offered_in(lines, lines.entries.index(1, 0))
        assert found["Copy “Twin”"] == "Twin"
        assert found["Copy the row"].split("\t")[:3] == ["Twin", "✓ pass", "≠ differs"]
        assert found["Copy the verdict"] == page.view.card.text
        assert found["Copy the sentence"] == page.view.foot.sentence.text
        plan = page.run.plan
        assert plan is not None
        assert (plan.cap_usd, plan.client) == (None, "anthropic"), "the demo costs nothing"

    ui.play(scene())


def test_a_reason_leads_to_its_check_and_to_the_exchange_in_compare(ui: Ui) -> None:
    async def scene() -> None:
        page = await ran(ui)
        page.view.filters.find_field.setText("nothing has this name")
        assert page.view.table.entries == []
        page.view.card.links[0].click()
        evidence = page.follower.evidence
        assert evidence is not None
        assert page.view.table.entries[-1].kind is Kind.EVIDENCE
        assert [(one.side, one.status) for one in evidence.requests.lines] == [("a", "200"), ("b", "200")]
        current = evidence.requests.current
        assert current is not None
        assert current.words == "the list of its models"
        assert current.side == "b"  # what the verdict names, of the side that is looked at
        assert evidence.open.text() == f"Open exchange {page.run.book.number(current.exchange)}"
        evidence.bytes.click()
        compare = ui.page
        await ui.until(lambda: compare.session.borrowed and not compare.session.following, "Compare to show it")
        assert ui.window._stack.currentWidget() is compare
        assert compare.b.exchange is not None
        assert compare.b.exchange.recording is current.exchange.recording
        assert compare.a.exchange is not None
        assert compare.b.tabs.index == TABS.index("Raw")
        assert "“Twin”, the list of its models" in compare.notes.text
        assert compare.b._head.outcome.text.startswith("✓ Completed: a model list")
        compare.files.close()
        assert compare.a.row.profiles.isEnabled()

    ui.play(scene())


def test_stop_keeps_what_there_is_and_the_rest_can_be_asked(ui: Ui) -> None:
    async def scene() -> None:
        with known(_quick(REACHED), check("asks", REACHED)):
            await stopped()

    async def stopped() -> None:
        root = await ui.demo_root()
        slow = Profile("Slow", base_url=f"{root}/fault/stall_after_n=0", model="claude-sonnet-4-6", uid="slow", needs_key=False)
        page = opened(ui)
        ui.window.services.save_profile(slow)
        page.setup.sides.choose("b", "slow")
        page.start()
        await ui.until(lambda: page.run.recordings, "A's answer, while B is waited for")
        await ui.until(lambda: not page.view.card.cap.isVisible(), "the cap to be fixed")
        QTest.keyClick(ui.window, Qt.Key.Key_Escape)
        await ended(ui, page)
        assert page.run.stopped
        assert page.run.left_out
        assert "stopped" in page.view.card.figures
        await asyncio.to_thread(KEEPER.wait)
        kept = plan_of(read_kept(page.services.settings, 1)[0])
        assert kept is not None
        assert set(kept.left_out) == set(page.run.left_out)
        before = page.run.rows
        (going_on,) = [one for one in page.view.card.links if one.accessibleName().startswith("Ask the ")]
        page.stop()  # harmless: nothing runs
        ends: list[bool] = []
        page.run.finished.connect(lambda: ends.append(page.run.stopped))
        going_on.click()
        assert page.run.running
        assert page.run.rows is before
        page.stop()  # before it has taken a step
        await ended(ui, page)
        await ui.until(lambda: ends == [True], "its end to be told")
        many = len(page.run.recordings)
        page.go_on()
        await ui.until(lambda: any(row.state is State.RUNNING for row in page.run.rows.values()), "a check that runs again")
        (journal,) = page.services.journal.folder.glob("*.journal")  # what a window leaves that is killed now
        head, recordings = open_run(journal)
        assert plan_of(head) is not None
        assert len(recordings) >= many > 0
        page.stop()
        await ended(ui, page)

    ui.play(scene())


def test_one_check_is_run_again(ui: Ui) -> None:
    async def scene() -> None:
        page = await ran(ui)
        page.follower.go_to("twin")
        before = len(page.run.recordings)
        assert page.follower.evidence is not None
        page.follower.evidence.again.click()
        assert page.run.running
        await ended(ui, page)
        assert [row.attempt for row in page.run.rows.values()] == [1, 1, 1, 2]
        assert len(page.run.recordings) == before + 2
        assert page.follower.evidence is not None
        assert len(page.follower.evidence.requests.lines) == 2

    ui.play(scene())


def test_a_saved_session_opens_as_if_live_from_whatever_page(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        page = await ran(ui)
        card, entries, said = page.view.card.text, page.view.table.entries, page.view.foot.sentence.text
        file = tmp_path / "checks.diptych"
        page.files.save(file)
        head, recordings = open_run(file)
        assert head.scenario == CHECKS_SCENARIO
        assert plan_of(head) == page.run.plan
        assert len(recordings) == 8
        page.run.clear()
        ui.window.show_page(COMPARE)
        ui.window.open_file(file)
        await ui.until(lambda: page.run.file == file, "the file to open")
        assert ui.window._stack.currentWidget() is page
        assert not ui.page.session.borrowed
        assert (page.view.card.text, page.view.table.entries, page.view.foot.sentence.text) == (card, entries, said)
        assert "from file checks.diptych" in page.view.notes.text
        assert not page.view.top.b.row.profiles.isEnabled()
        assert not page.view.card.cap.isVisible()
        page.follower.go_to("twin")
        assert page.follower.evidence is not None
        assert page.follower.evidence.again.isHidden()
        page.start()  # their cost was not seen yet: nothing is sent
        assert not page.starter.preparing
        assert page.view.notes.text.startswith("Your own endpoints and plan are shown again")
        assert page.view.top.b.row.profiles.isEnabled()
        assert page.view.card.text == "Will my code work there?"

    ui.play(scene())


def test_a_run_that_is_opened_here_goes_to_compare(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        await ui.run()
        file = tmp_path / "run.diptych"
        ui.page.files.save(file)
        page = opened(ui)
        ui.window.open_file(file)
        await ui.until(lambda: ui.page.session.file == file, "the run to open")
        assert ui.window._stack.currentWidget() is ui.page
        assert not page.run.rows

    ui.play(scene())


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_a_run_file_that_can_not_be_read_is_refused_in_words(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        page = opened(ui)
        file = tmp_path / "torn.diptych"
        file.write_bytes(MAGIC + b"\x00 and then nothing of a run")
        ui.window.open_file(file)
        await ui.until(lambda: page.findChildren(QMessageBox), "the complaint")
        (box,) = page.findChildren(QMessageBox)
        assert box.text() == "The checks can't be opened"

    ui.play(scene())


def test_without_a_control_b_is_judged_alone(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        page.view.top.a.row.profile_chosen.emit(NONE)
        assert not page.setup.against
        assert page.view.card.figures.startswith("4 requests")
        await ran(ui)
        assert page.run.plan is not None
        assert set(page.run.plan.protocols) == {"b"}
        assert all(one.a is None for one in page.view.table.entries)
        assert page.services.settings.checked_a.profile == NONE
        assert page.services.settings.side_a.profile == ""  # Compare's own choice is another

    ui.play(scene())


def test_a_key_that_is_missing_is_asked_for_and_nothing_is_sent(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        keyless = Profile("Keyless", base_url="http://127.0.0.1:9", model="m", uid="keyless")
        page.services.save_profile(keyless)
        page.setup.sides.choose("b", "keyless")
        page.start()
        await ui.until(lambda: page.view.notice.notice is not None, "the notice")
        notice = page.view.notice.notice
        assert notice is not None
        assert notice.title.startswith("B: No key")
        assert not page.run.rows
        wanted: list[object] = []
        page.services.key_wanted.connect(wanted.append)
        page.view.notice.buttons[0].click()
        assert wanted == [keyless]
        page.services.keys.keep("keyless", "sk-ant-a-key-of-some-length")
        await ui.until(lambda: page.view.notice.notice is None, "the notice to go")

    ui.play(scene())


def test_one_model_for_both_unless_the_user_wants_two(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        a, b, same = page.view.top.a.row, page.view.top.b.row, page.view.top.same
        b.models.setEditText("claude-opus-4-8")
        assert a.model == "claude-opus-4-8"
        assert not a.models.isVisible()
        same.click()
        assert a.models.isVisible()
        b.models.setEditText("claude-haiku-4-5")
        assert a.model == "claude-opus-4-8"
        same.click()
        assert a.model == "claude-haiku-4-5"

    ui.play(scene())


def test_what_costs_much_is_off_until_asked_for(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        assert "costly" not in page.follower.rows
        (offer,) = page.setup.offers
        assert (offer.words, offer.on) == ("Costly, about 60 tokens", False)
        page.view.filters.offers.menu().actions()[0].trigger()
        assert "costly" in page.follower.rows
        assert page.view.card.figures.startswith("10 requests")
        await ran(ui)
        assert page.run.plan is not None
        assert "costly" in page.run.plan.checks

    ui.play(scene())


def test_a_cap_that_is_none_stops_before_anything_is_sent(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        page.view.card.cap.setText("much")
        page.start()
        assert not page.starter.preparing
        assert page.view.notes.text == "The cap is not a number."
        page.view.card.cap.setText("1")
        page.view.card.cap.textEdited.emit("1")
        page.view.top.b.row.models.setEditText("claude-opus-4-8")
        assert page.view.card.cap.value() == 1  # what was typed stays

    ui.play(scene())


def test_verdicts_of_another_endpoint_than_the_chosen_one_say_so(ui: Ui) -> None:
    async def scene() -> None:
        page = await ran(ui)
        assert "not on what is chosen now" not in page.view.card.text
        page.view.top.b.row.models.setEditText("claude-opus-4-8")
        assert "on Demo relay · claude-sonnet-4-6, not on what is chosen now" in page.view.card.text

    ui.play(scene())


def test_keys_fold_open_and_go_into_the_evidence_and_a_press_does_too(ui: Ui) -> None:
    async def scene() -> None:
        page = await shown(ui)
        lines = page.view.table.lines
        lines.setFocus()
        lines.setCurrentIndex(lines.entries.index(0, 0))
        QTest.keyClick(lines, Qt.Key.Key_Right)
        assert page.follower.look.folds == {"minimal": Fold.FULL}
        assert len(page.view.table.entries) == 5
        QTest.keyClick(lines, Qt.Key.Key_Down)
        evidence = page.follower.evidence
        assert evidence is not None
        assert evidence.check == REACHED
        QTest.keyClick(lines, Qt.Key.Key_Return)
        await ui.until(evidence.requests.hasFocus, "the keyboard in the evidence")
        lines.setFocus()
        QTest.keyClick(lines, Qt.Key.Key_Left)
        assert page.follower.evidence is None
        QTest.keyClick(lines, Qt.Key.Key_Left)
        assert lines.currentIndex().row() == 0
        QTest.keyClick(lines, Qt.Key.Key_Space)
        assert len(page.view.table.entries) == 1
        press(0, 20)
        assert len(page.view.table.entries) == 2
        press(1, 60)
        assert page.follower.look.open_check == "twin"
        assert page.follower.evidence is not None
        page.follower.evidence.curl.click()
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith("curl ")
        assert CANARY not in copied
        assert "as curl" in said_briefly(ui.window)
        press(1, 60)
        assert page.follower.look.open_check == ""
        press(0, 20)
        assert len(page.view.table.entries) == 1

    def press(row: int, x: int) -> None:
        lines = ui.window.page(CHECKS).view.table.lines
        lines.executeDelayedItemsLayout()
        area = lines.visualRect(lines.entries.index(row, 0))
        QTest.mouseClick(lines.viewport(), Qt.MouseButton.LeftButton, pos=area.topLeft() + QPoint(x, 8))

    ui.play(scene())


def test_filters_are_in_the_menu_and_the_palette(ui: Ui) -> None:
    async def scene() -> None:
        page = await shown(ui)
        ui.window.open_palette()
        palette = next(one for one in ui.window.findChildren(CommandPalette) if one.isVisible())
        assert {"Run the checks", "Find a check", "Checks that differ", "Save checks as"} <= set(palette.titles)
        assert "Stop" not in palette.titles
        palette.close()
        QTest.keyClick(ui.window, Qt.Key.Key_F, CONTROL)
        await ui.until(page.view.filters.find_field.hasFocus, "the keyboard to find")
        page._filter(1)
        assert page.follower.look.filter is Filter.FAIL
        assert page.view.table.entries == []

    ui.play(scene())


def test_reports_are_written_in_the_format_of_the_files_ending(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        page = opened(ui)
        assert not page.view.top.report.isEnabled()
        await shown(ui)
        assert page.view.top.report.isEnabled()
        assert len(page.view.top.report.menu().actions()) == len(SUFFIXES)
        for suffix in SUFFIXES:
            page.files.report(tmp_path / f"checks{suffix}")
            assert (tmp_path / f"checks{suffix}").stat().st_size > 200
            assert said_briefly(ui.window).endswith(f"checks{suffix}.")

    ui.play(scene())


def test_the_window_closes_while_checks_run(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        page.start()
        await ui.until(lambda: page.run.running, "the checks to begin")

    ui.play(scene())  # the fixture closes the window, and fails where anything is left behind


def test_a_session_is_in_the_history_when_it_has_ended_and_again_as_it_goes_on(ui: Ui) -> None:
    async def scene() -> None:
        page = await ran(ui)
        folder, settings = page.services.journal.folder, page.services.settings
        await asyncio.to_thread(KEEPER.wait)
        assert not list(folder.iterdir())
        assert len(read_kept(settings, 1)[1]) == 8
        page.run.ask_again(["twin"])
        await ended(ui, page)
        await asyncio.to_thread(KEEPER.wait)
        assert not list(folder.iterdir())
        assert len(read_kept(settings, 1)[1]) == 10
        with pytest.raises(HistoryError):
            read_kept(settings, 2)

    ui.play(scene())
