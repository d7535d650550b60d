"""The test of an endpoint, through the real wire: verdicts, causes, fixes, and the buttons that apply them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.asking.endpoint_test import Question
from app.asking.verdicts import Verdict
from tests.asking.path_servers import CHAT, hosting, speaking
from ui.endpoints.verdict_panel import NARROW
from ui.shared.confirm import ConfirmDialog
from ui.shared.demo import Demo
from ui.shared.key_dialog import KeyDialog
from ui.widgets.countdown import CountdownButton
from ui.widgets.unfolding import Unfolding

from .conftest import CANARY, Desk, append, fault_url

# Qt's offscreen platform says this of every dialog that is shown.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_a_good_endpoint_passes(desk: Desk) -> None:
    desk.add(needs_key=False)

    async def scene() -> None:
        assert await desk.test_endpoint() == dict.fromkeys(Question, Verdict.PASS)

    desk.play(scene())
    rows = desk.panel.rows
    assert "No key was sent" in rows[Question.KEY].sentence
    assert "claude-sonnet-4-6" in rows[Question.MODEL_LIST].sentence
    assert "tokens in" in rows[Question.ANSWERS].sentence
    assert "first token after" in rows[Question.STREAMS].sentence
    assert desk.listed


def test_a_demo_endpoint_that_is_looked_at_is_started_and_then_tested(desk: Desk) -> None:
    desk.services.demo = Demo()

    async def scene() -> None:
        desk.page.select("demo-relay-openai-chat")
        assert desk.form.url.text() == ""  # no address that does not answer
        assert "once it runs" in desk.form.url.placeholderText()
        await desk.until(lambda: desk.form.url.text().startswith("http://127.0.0.1:"), "its address")
        assert not desk.services.demo.lacks_address(desk.form.profile)
        verdicts = await desk.test_endpoint()
        await desk.services.demo.aclose()
        assert desk.form.exact.text.startswith("Requests go to http://127.0.0.1:")
        assert desk.panel._outdated.isHidden()  # its address is known since then, and nobody changed it
        assert verdicts == {**dict.fromkeys(Question, Verdict.PASS), Question.STREAMS: "differs"}

    desk.play(scene())


def test_a_dead_host_is_asked_once(desk: Desk) -> None:
    desk.add(needs_key=False, base_url="http://127.0.0.1:9")

    async def scene() -> None:
        verdicts = await desk.test_endpoint()
        assert verdicts == {Question.REACHABLE: "fail", **dict.fromkeys(list(Question)[1:], Verdict.SKIPPED)}
        _button(desk, "Correct the base URL").click()
        assert desk.form.url.hasFocus()
        assert desk.form.url.selectedText() == "http://127.0.0.1:9"

    desk.play(scene())
    assert "Nothing listens on port 9" in desk.panel.rows[Question.REACHABLE].sentence


def test_verdicts_of_settings_that_were_changed_are_called_so(desk: Desk) -> None:
    profile = desk.add(needs_key=False, base_url="http://127.0.0.1:9")

    def outdated() -> bool:
        return not desk.panel._outdated.isHidden()

    async def scene() -> None:
        await desk.test_endpoint()
        assert not outdated()
        append(desk.form.name, " renamed")
        assert not outdated()
        append(desk.form.url, "1")
        assert outdated()
        await desk.test_endpoint()
        assert not outdated()
        desk.services.keys.renew(profile.uid)
        desk.page.select("demo-relay-openai-chat")
        desk.page.select(profile.uid)
        assert outdated()

    desk.play(scene())


def test_a_refused_key_has_a_cause_and_its_button_sends_it_otherwise(desk: Desk) -> None:
    profile = desk.add(base_url=fault_url(desk.root, "bearer_only"))
    desk.keys.set(profile.uid, CANARY)

    async def scene() -> None:
        verdicts = await desk.test_endpoint()
        assert (verdicts[Question.REACHABLE], verdicts[Question.KEY], verdicts[Question.ANSWERS]) == ("pass", "fail", "skipped")
        row = desk.panel.rows[Question.KEY]
        assert row.sentence
        assert row.fix
        _button(desk, "Bearer").click()
        await desk.until(lambda: desk.tests(profile))
        await desk.tested()
        assert desk.panel.rows[Question.KEY].verdict == "pass"

    desk.play(scene())
    assert desk.form.profile.auth == "bearer"
    assert desk.page.unsaved == ["Mine"]
    assert desk.reloaded()[0].auth == "x-api-key"


def test_a_missing_key_is_asked_for(desk: Desk) -> None:
    desk.add(base_url=fault_url(desk.root, "key_required"))

    async def scene() -> None:
        assert (await desk.test_endpoint())[Question.KEY] == "fail"
        _button(desk, "key").click()
        (await desk.dialog(KeyDialog)).reject()

    desk.play(scene())


def test_a_wrong_base_url_is_mended_by_its_button(desk: Desk) -> None:
    profile = desk.add(
        protocol="openai-chat", auth="bearer", needs_key=False, base_url=f"{desk.root}/official", model="gpt-5.5"
    )

    async def scene() -> None:
        assert (await desk.test_endpoint())[Question.ANSWERS] == "fail"
        (asked,) = desk.panel.findChildren(Unfolding)
        assert not asked.more.isVisible()
        asked.button.click()
        assert "POST /official/v1/chat/completions: 400 with an OpenAI error" in asked.more.text().splitlines()
        assert asked.more.isVisible()
        narrow = desk.panel.width() < NARROW
        desk.panel.resize(NARROW + 1 if narrow else NARROW - 1, desk.panel.height())  # the rows are made anew
        rows = desk.panel._scroll.widget()
        assert rows is not None
        (again,) = rows.findChildren(Unfolding)
        assert again is not asked
        assert again.button.isChecked()
        assert "POST" not in desk.panel.rows[Question.ANSWERS].sentence
        _button(desk, "/v1").click()
        await desk.until(lambda: desk.tests(profile))
        await desk.tested()
        assert desk.panel.rows[Question.ANSWERS].verdict == "pass"

    desk.play(scene())
    assert desk.form.url.text() == f"{desk.root}/official/v1"


def test_a_wrong_protocol_is_found_out_and_mended_by_its_button(desk: Desk) -> None:
    async def scene() -> None:
        async with hosting(speaking(CHAT)) as host:
            profile = desk.add(needs_key=False, base_url=host.url, model="m", http2=False)
            assert (await desk.test_endpoint())[Question.ANSWERS] == "fail"
            rows = desk.panel.rows
            assert "It speaks OpenAI Chat Completions, at /v1/chat/completions." in rows[Question.ANSWERS].sentence
            asked = {(one.path, one.status, one.verdict) for one in rows[Question.ANSWERS].asked}
            assert ("/v1/chat/completions", 400, "speaks") in asked
            assert rows[Question.STREAMS].sentence == rows[Question.ANSWERS].sentence
            assert len(set(host.besides)) == len(host.besides)
            _button(desk, "Use OpenAI Chat Completions").click()
            await desk.until(lambda: desk.tests(profile))
            await desk.tested()
            assert "fail" not in {row.verdict for row in desk.panel.rows.values()}
            form = desk.form.profile
            assert (form.protocol, form.auth, form.base_url) == ("openai-chat", "bearer", f"{host.url}/v1")

    desk.play(scene())


def test_another_host_is_taken_but_not_asked_unasked(desk: Desk) -> None:
    profile = desk.add(
        protocol="openai-chat", auth="bearer", base_url=fault_url(desk.root, "redirect_301", openai=True), model="m"
    )
    desk.keys.set(profile.uid, CANARY)

    async def scene() -> None:
        await desk.test_endpoint()
        _button(desk, "localhost").click()

    desk.play(scene())
    assert desk.form.url.text().startswith("http://localhost:9")
    assert not desk.tests(profile)
    assert desk.view.notice.notice is not None
    assert "another host" in desk.view.notice.notice.title


@pytest.mark.parametrize(
    ("fault", "question", "verdict", "words"),
    [
        ("html_200", Question.ANSWERS, "fail", "web page"),
        ("error_404_model", Question.ANSWERS, "fail", "does not know the model"),
        ("error_403_region", Question.ANSWERS, "fail", "region"),
        ("usage_none", Question.STREAMS, "differs", "usage"),
        ("no_stop", Question.STREAMS, "fail", "message_stop"),
    ],
)
def test_faults_have_a_cause(desk: Desk, fault: str, question: str, verdict: str, words: str) -> None:
    desk.add(needs_key=False, base_url=fault_url(desk.root, fault))

    async def scene() -> None:
        assert (await desk.test_endpoint())[question] == verdict

    desk.play(scene())
    row = desk.panel.rows[question]
    assert words in row.sentence
    assert row.fix


def test_an_endpoint_that_wants_to_be_left_alone_has_a_button_that_counts_down(desk: Desk) -> None:
    desk.add(needs_key=False, base_url=fault_url(desk.root, "error_429+retry_after=7"))

    async def scene() -> None:
        assert (await desk.test_endpoint())[Question.MODEL_LIST] == "fail"
        button = desk.panel.findChild(CountdownButton)
        assert button is not None
        assert button.text().startswith("Test again in ")
        assert not [one.text() for one in desk.panel.findChildren(QLabel) if "Try again in" in one.text()]
        button.click()
        await desk.until(lambda: desk.panel.button.text() == "Stop")
        await desk.tested()

    desk.play(scene())


def test_the_verdicts_take_no_more_height_than_they_need(desk: Desk) -> None:
    desk.add(needs_key=False, base_url=fault_url(desk.root, "error_429"))

    async def scene() -> None:
        await desk.test_endpoint()
        panel = desk.panel
        rows = panel._scroll.widget()
        assert rows is not None
        await desk.until(lambda: panel._scroll.height() < rows.heightForWidth(panel._scroll.viewport().width()) + 24)

    desk.play(scene())


def test_no_model_no_request(desk: Desk) -> None:
    desk.add(needs_key=False, model="")

    async def scene() -> None:
        verdicts = await desk.test_endpoint()
        assert (verdicts[Question.REACHABLE], verdicts[Question.ANSWERS], verdicts[Question.STREAMS]) == (
            "pass",
            "skipped",
            "skipped",
        )
        assert verdicts[Question.MODEL_LIST] == "pass"
        rows = {row.question: row for row in desk.page.tests.rows(desk.selected.uid)}
        assert rows[Question.MODEL_LIST].sentence.endswith("none of them is chosen yet.")

    desk.play(scene())


def test_a_model_that_is_not_in_the_list(desk: Desk) -> None:
    desk.add(needs_key=False, model="gpt-4o")

    async def scene() -> None:
        assert (await desk.test_endpoint())[Question.MODEL_LIST] == "differs"
        _button(desk, "claude-sonnet-4-6").click()
        await desk.until(lambda: desk.form.model.currentText() == "claude-sonnet-4-6")
        await desk.tested()

    desk.play(scene())


def test_it_can_be_stopped(desk: Desk) -> None:
    profile = desk.add(needs_key=False, base_url=fault_url(desk.root, "delay_head_ms=20000"))

    async def scene() -> None:
        desk.panel.button.click()
        await desk.until(lambda: Question.REACHABLE in desk.panel.rows)
        assert desk.panel.button.text() == "Stop"
        desk.panel.button.click()
        await desk.until(lambda: not desk.tests(profile))
        await desk.until(lambda: desk.panel.button.text() == "Test again")

    desk.play(scene())
    assert all(row.verdict is not None for row in desk.panel.rows.values())


def test_a_key_in_clear_text_is_asked_about_first(desk: Desk) -> None:
    profile = desk.add(base_url="http://relay.example")
    desk.keys.set(profile.uid, CANARY)

    async def scene() -> None:
        desk.panel.button.click()
        question = await desk.dialog(ConfirmDialog)
        question.no.click()
        await desk.until(lambda: not desk.tests(profile))

    desk.play(scene())
    assert desk.panel.is_empty


def test_an_echoed_key_is_not_shown(desk: Desk) -> None:
    profile = desk.add(base_url=fault_url(desk.root, "echo_key"))
    desk.keys.set(profile.uid, CANARY)

    async def scene() -> None:
        await desk.test_endpoint()

    desk.play(scene())
    said = " ".join(f"{row.sentence} {row.fix} {row.said}" for row in desk.panel.rows.values())
    assert said
    assert CANARY not in said


def _button(desk: Desk, words: str) -> QPushButton:
    """The first button in the panel's rows that says this."""
    return next(one for one in desk.panel.findChildren(QPushButton) if words in one.accessibleName() and one.isVisible())
