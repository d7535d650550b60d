"""What the simulated model says where it is asked in Chinese: as short and friendly as `words` is in English."""

from __future__ import annotations

import re
import zlib

from app.simulator.model.told import shortened, weather_in

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_ANSWERS: tuple[tuple[str, str], ...] = (
    (
        r"流|SSE|事件",
        "从里面看，一条流就是一排小信封。每一封在到达的那一刻就被拆开：先来一张字条，"
        "说回答已经开始；然后是文字，一次几个字；最后一张字条说明它为什么结束。"
        "没有什么需要等待，也没有什么会被收回。你读到的一句平静的话，"
        "其实是几十次小小的投递，其间的停顿，就是你能感觉到的节奏。",
    ),
    (
        r"token|词元",
        "token 是一小段文本，一个汉字常常就是一个。模型以 token 读写，两个方向都要付费：发出去的，和收回来的。",
    ),
    (
        r"中转|代理|网关|base_url",
        "中转站接过你的请求，交给别处的模型，再把回答递回来。好的中转除了地址什么都不改。"
        "值得检查三件事：每个事件是否都到了，token 是否如实计数，第一个字晚了多少。",
    ),
    (
        r"延迟|速度|快|慢",
        "延迟由几段组成：解析域名，建立连接，发出请求，然后等第一个字。人们注意到的是这段等待，阅读时跟着的是之后的节奏。",
    ),
    (r"天气|下雨|预报", "我从这里看不到天空，需要一个查天气的工具才能回答。给我一个，我就去问。"),
    (r"船|漂|浮", "船能浮起来，是因为它排开的水和它一样重。把船身做得又宽又空，连钢铁也能浮着——多半如此。"),
    (r"天空|蓝", "天空是蓝的，因为空气散射短波的光比长波的多。阳光里什么颜色都有，只是蓝色被弹来弹去，好像从四面八方来。"),
    (r"诗|俳句", "字一个一个，\n走过安静的线路：\n整个回答，到家。"),
    (r"笑话", "数据包为什么要穿过网络？因为对面有人已经确认了它。"),
    (r"你好|您好|早上好|晚上好", "你好！很高兴收到你的消息。问我一件小事，看看回答是怎么到的。"),
    (r"谢谢|多谢", "不客气！想再问什么，就告诉我。"),
)
_SHORT = 80  # characters, each about as wide as two Latin ones
_OPENINGS = ("这个问题问得好。", "一起来看看。", "简短地说。")
_SKIES = {"clear": "晴", "sunny": "晴", "cloudy": "多云", "rain": "有雨", "rainy": "有雨", "snow": "有雪", "overcast": "阴"}
_IS_CALLED = re.compile(r"我的(?P<what>[\u3400-\u9fff]{1,6}?)(?:名?叫做?|的名字是)(?P<name>[^\s，。！？,.!?“”]{1,20})")
_WHAT_CALLED = re.compile(r"我的(?P<what>[\u3400-\u9fff]{1,6}?)(?:名?叫(?:什么|啥)|的名字是什么)")


def is_chinese(prompt: str) -> bool:
    """Whether a prompt is Chinese more than anything in Latin letters."""
    return len(_HAN.findall(prompt)) > len(_LATIN_WORD.findall(prompt))


def about(prompt: str, earlier: list[str], images: int) -> str:
    """A short answer about the prompt's subject; it mentions the turn before, and pictures where there are any."""
    seen = f"你的消息里有 {images} 张图片。" if images else ""
    subject = next((text for pattern, text in _ANSWERS if re.search(pattern, prompt, re.I)), None) or _plain(prompt)
    follow = f"再回到“{shortened(earlier[-1], _SHORT)}”：和刚才说的对得上。" if earlier else ""
    return seen + subject + follow


def recalled(prompt: str, earlier: list[str]) -> str | None:
    """What the user said that something of theirs is called, where the prompt asks; None for any other prompt."""
    asked = _WHAT_CALLED.search(prompt)
    if asked is None:
        return None
    said = (found for text in reversed(earlier) for found in _IS_CALLED.finditer(text))
    name = next((found["name"] for found in said if found["what"] == asked["what"]), None)
    return f"你说过，你的{asked['what']}叫{name}。" if name else None


def before_calls(tool_names: list[str], places: list[str]) -> str:
    """What is said before tools are called."""
    where = f"{'和'.join(places)}的情况" if places else ""
    return f"我用 {' 和 '.join(dict.fromkeys(tool_names))} 查一下{where}。"


def about_result(subject: str, text: str, is_error: bool) -> str:
    """A sentence of the answer from a tool's result."""
    said = text.strip().rstrip(".。") or "什么也没有"
    if is_error:
        return f"没能查到{subject}：工具报告了错误（{said}）。"
    return _weather(subject, said) or f"关于{subject}，工具返回：{said}。"


def reasoning(prompt: str, tools: bool) -> str:
    """What the model thinks before it answers."""
    plan = "有工具能回答，需要它的参数。" if tools else "不需要工具。回答要短而清楚。"
    return f"用户问：{shortened(prompt, _SHORT)} {plan}"


def _weather(place: str, text: str) -> str:
    """A tool's report of the weather in a sentence; "" where it is none."""
    report = weather_in(text)
    if report is None or not isinstance(report[1], str):
        return ""
    return f"{place}现在 {report[0]:g} °C，{_SKIES.get(report[1].lower(), report[1])}。"


def _plain(prompt: str) -> str:
    opening = _OPENINGS[zlib.crc32(prompt.encode("utf-8", "replace")) % len(_OPENINGS)]
    return (
        f"{opening}你问的是“{shortened(prompt, _SHORT)}”。我是这台机器上的模拟模型，"
        "并不知道真正的答案，但我到达的方式和真的一样：一个字一个字，有开头，有结尾，还有 token 计数。"
    )
