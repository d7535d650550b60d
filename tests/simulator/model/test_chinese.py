"""The simulated model, asked in Chinese: the window's own first requests, and what it must not take for Chinese."""

from __future__ import annotations

import pytest

from app.simulator.model.conversation import Call, Result, Turn
from tests.simulator.model.test_answers import WEATHER, said

STREAM = "一条流从里面看是什么样子？"
PARIS = "巴黎天气怎么样？请用工具查。"


def test_a_question_in_chinese_has_an_answer_in_chinese() -> None:
    assert said(STREAM).text.startswith("从里面看，一条流就是一排小信封。")
    assert said("今天吃什么？").text.count("“今天吃什么？”") == 1


def test_the_tool_is_asked_about_the_city_and_its_result_is_a_sentence() -> None:
    asked = said(PARIS, tools=(WEATHER,), name="claude-sonnet-4-6")
    assert [(call.name, call.arguments) for call in asked.calls] == [("get_weather", {"city": "巴黎"})]
    assert asked.text == "我用 get_weather 查一下巴黎的情况。"
    turns = (
        Turn("user", PARIS),
        Turn("assistant", calls=(Call("c", "get_weather", {"city": "巴黎"}),)),
        Turn("results", results=(Result("c", '{"temperature_c": 18, "sky": "clear"}', False),)),
    )
    assert said(turns=turns, tools=(WEATHER,)).text == "巴黎现在 18 °C，晴。"


def test_what_was_said_before_is_remembered() -> None:
    turns = (Turn("user", "我的船叫海燕。说一样会浮的东西。"), Turn("assistant", "树叶。"), Turn("user", "我的船叫什么？"))
    assert said(turns=turns).text == "你说过，你的船叫海燕。"
    assert (
        "海燕" in said(turns=(Turn("user", "我的猫叫海燕。"), Turn("assistant", "好。"), Turn("user", "我的船叫什么？"))).text
    )


@pytest.mark.parametrize("prompt", ["Translate 你好 into English, please.", "Why do boats float?"])
def test_a_prompt_that_is_english_for_the_most_part_is_answered_in_english(prompt: str) -> None:
    assert not any("\u3400" <= char <= "\u9fff" for char in said(prompt).text.replace("你好", ""))
