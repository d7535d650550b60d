"""The request is what it was at the last start, and recent prompts can be had again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.protocols.base import Attachment, Options, Tool
from app.scenarios import Plan, Scenario
from tests.ui.conftest import Ui
from ui.compare.request.remembered import LONGEST_REQUEST, as_text, from_text, with_prompt


def test_prompts_are_newest_first_each_once_and_not_too_many() -> None:
    prompts: tuple[str, ...] = ()
    for text in (" one ", "two", "one", "", "x" * 5000):
        prompts = with_prompt(prompts, text)
    assert prompts == ("one", "two")
    for number in range(100):
        prompts = with_prompt(prompts, str(number))
    assert (len(prompts), prompts[0]) == (50, "99")


def test_a_request_is_kept_without_files_and_secrets() -> None:
    plan = Plan(
        Scenario.TOOLS, "Why?", "Be short.", None, False, tools=(Tool("t", "d", {"type": "object"}),), tool_is_error=True,
        options=Options(temperature=0, stop=("x",)), attachments=(Attachment("image/png", b"1"),),
    )  # fmt: skip
    kept = from_text(as_text(plan))
    assert kept is not None
    assert kept.attachments == ()
    assert (
        kept.as_sent == Plan(**{name: getattr(plan, name) for name in plan.__struct_fields__ if name != "attachments"}).as_sent
    )
    custom = Plan(Scenario.CUSTOM, body=b'{"stream": true}')
    assert from_text(as_text(custom)) == custom
    secret = Plan(Scenario.CUSTOM, body=b'{"api_key": "sk-very-secret-0123456789abcdef"}')
    assert "very-secret" not in as_text(secret)
    key, mask = "sk-very-secret-0123456789abcdef", "sk-very••••ef"
    told = f"Is {key} a key?"
    assert with_prompt((), told) == (f"Is {mask} a key?",)
    tool = Tool("t", key, {"type": "object", "default": [key]})
    typed = Plan(Scenario.TOOLS, told, told, turns=(key,), tools=(tool,), tool_result=key, options=Options(stop=(key,)))
    assert key not in as_text(typed)
    assert as_text(from_text(as_text(typed)) or typed) == as_text(typed), "what is masked stays as it is"
    body = r'["It is:\n{}"]'
    kept = from_text(as_text(Plan(Scenario.CUSTOM, body=body.format(key).encode())))
    assert kept is not None
    assert kept.body.decode() == body.format(mask)
    assert as_text(Plan(Scenario.CUSTOM, body=b"x" * LONGEST_REQUEST)) == ""
    assert from_text("") is None
    assert from_text('{"scenario": "unheard of"}') is None


@pytest.mark.qt_log_ignore("does not support")
def test_what_was_sent_is_offered_and_restored(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        page, bar, settings = ui.page, ui.page.bar, ui.window.services.settings
        QTest.keyClick(bar.prompt, Qt.Key.Key_Down)  # there are none yet
        assert page.remembered._picker is None
        assert not bar.prompt.recent.isVisible()
        for prompt in ("Say one.", "Say two."):
            bar.prompt.setText(prompt)
            await ui.run()
        bar.prompt.setText("")
        assert bar.prompt.recent.isVisible()
        QTest.keyClick(bar.prompt, Qt.Key.Key_Down)
        picker = page.remembered._picker
        assert picker is not None
        QTest.keyClick(picker.line, Qt.Key.Key_Down)
        QTest.keyClick(picker.line, Qt.Key.Key_Return)
        assert bar.prompt.text() == "Say one."
        QTest.keyClick(bar.prompt, Qt.Key.Key_Up)
        QTest.keyClicks(picker.line, "TWO")
        assert [row.text for row in picker._model.rows] == ["Say two."]
        QTest.keyClick(picker.line, Qt.Key.Key_Escape)
        assert bar.prompt.text() == "Say one."
        bar._on_scenario(2)
        bar.editor.system.setText("Be short.")
        page.remembered.save()
        settings = ui.window.services.settings_store.load()
        assert settings.prompts == ("Say two.", "Say one.")
        kept = from_text(settings.request)
        assert kept is not None
        assert (kept.scenario, kept.max_tokens, kept.system) == (Scenario.TOOLS, 24, "Be short.")
        page.remembered.forget()
        assert ui.window.services.settings_store.load().prompts == ()
        assert not bar.prompt.recent.isVisible()

    ui.play(scene())


def test_a_start_begins_where_the_last_one_ended(ui: Ui, qapp: object) -> None:
    async def scene() -> None:
        from ui.compare.request.bar import RequestBar
        from ui.compare.request.remembered import Remembered

        services = ui.window.services
        services.save_settings(request=as_text(Plan(Scenario.TOOLS, "Where?", "Be short.", 7, options=Options(seed=3))))
        bar = RequestBar(ui.window)
        Remembered(services, bar)
        assert bar._editor.made is None  # what is folded away is not made for it
        plan = bar.plan
        assert (plan.scenario, plan.prompt, plan.system, plan.max_tokens) == (Scenario.TOOLS, "Where?", "Be short.", 7)
        assert plan.options.seed == 3

    ui.play(scene())
