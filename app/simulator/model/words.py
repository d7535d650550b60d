"""The sentences of the simulated model: short, friendly, and about what was asked."""

from __future__ import annotations

import re
import zlib
from itertools import cycle

from app.simulator.model import chinese, orders
from app.simulator.model.told import shortened, weather_in

_ANSWERS: tuple[tuple[str, str], ...] = (
    (
        r"\b(stream\w*|sse|events?)\b",
        "From the inside, a stream is a row of small envelopes. Each one is opened the moment it arrives: first comes a note "
        "that an answer has begun, then the words, a few letters at a time, and at last a note that says why it ended. "
        "Nothing is waited for and nothing is taken back. What you read as one calm sentence was dozens of tiny deliveries, "
        "and the pauses between them are the rhythm you can feel.",
    ),
    (
        r"\b(tokens?|tokenis\w+|tokeniz\w+)\b",
        "A token is a small piece of text, often about four letters. A model reads and writes in tokens, and you pay for them "
        "in both directions: the ones you send, and the ones that come back.",
    ),
    (
        r"\b(relay|relays|proxy|gateway|base_url)\b",
        "A relay takes your request, passes it to a model somewhere else, and hands the answer back. A good one changes "
        "nothing but the address. It is worth checking three things: that every event comes through, that the tokens are "
        "counted honestly, and how much later the first word arrives.",
    ),
    (
        r"\b(latency|ttft|slow|fast|speed)\b",
        "Latency has parts. The name is looked up, a connection is opened, the request goes out, and then you wait for the "
        "first word. That wait is what people notice; the pace after it is what they read by.",
    ),
    (
        r"\b(weather|rain|forecast)\b",
        "I can't see the sky from here, so I would need a weather tool to answer that. Offer me one and I will ask it.",
    ),
    (
        r"\b(boats?|ships?|float\w*)\b",
        "Boats float because the water they push aside weighs as much as they do. Make the hull wide and hollow, and even "
        "steel will stay up — mostly.",
    ),
    (
        r"\b(sky|blue)\b",
        "The sky is blue because air scatters short waves of light more than long ones. Sunlight holds every colour, but the "
        "blue part is bounced around until it seems to come from everywhere.",
    ),
    (
        r"\b(poem|haiku|verse)\b",
        "Small words, one by one,\ncross the quiet wire tonight:\na whole answer, home.",
    ),
    (
        r"\b(joke|funny)\b",
        "Why did the packet cross the network? Because somebody had acknowledged it on the other side.",
    ),
    (
        r"\b(hello|hi|hey|good morning|bonjour)\b",
        "Hello! It is good to hear from you. Ask me anything small, and watch how the answer arrives.",
    ),
    (r"\b(thanks|thank you)\b", "You are welcome! Tell me if you would like to try another question."),
)
_CHECKS = ("does every part of the question have its answer?", "is there another reading?", "would a shorter answer do?")
_OPENINGS = ("That is a good thing to ask.", "Let us look at that together.", "Here is the short version.")
_SMALL_TALK = re.compile(r"^\s*(?:hello|hi|hey|good (?:morning|evening|day)|bonjour|thanks|thank you)\b[^?]*$", re.I)
_NO_TOOL = re.compile(r"\b(?:without|no|not|don['’]t|do not|never)\b[^.?!\n]{0,30}\b(?:tools?|functions?|calls?)\b", re.I)
_RESULT_ALONE = re.compile(
    r"\b(?:copy|repeat|reproduce|echo|return|output|print|quote|reply with|answer with)\b[^.?!\n]{0,60}"
    r"\b(?:results?|outputs?|returns?|returned|text|gives?|says?|said|it)\b",
    re.I,
)
_ALONE = re.compile(r"\b(?:verbatim|exactly|unchanged|nothing else|only|character for character|as it is)\b", re.I)


def needs_no_tool(prompt: str) -> bool:
    """Whether a prompt is small talk, forbids tools, or orders what is to be said."""
    if _SMALL_TALK.search(prompt) or _NO_TOOL.search(prompt):
        return True
    if "tool" in prompt.lower():
        return False
    return orders.copied(prompt) is not None or orders.dictated(prompt) is not None


def wants_result_alone(prompt: str) -> bool:
    """Whether a prompt wants a tool's result copied, with nothing around it."""
    return _RESULT_ALONE.search(prompt) is not None and _ALONE.search(prompt) is not None


def about(prompt: str, earlier: list[str], images: int) -> str:
    """A short answer about the prompt's subject; it mentions the turn before, and pictures where there are any."""
    if chinese.is_chinese(prompt):
        return chinese.about(prompt, earlier, images)
    seen = f"I can see {images} picture{'s' if images > 1 else ''} in your message. " if images else ""
    subject = next((text for pattern, text in _ANSWERS if re.search(pattern, prompt, re.I)), None) or _plain(prompt)
    follow = f" And, coming back to “{shortened(earlier[-1])}”: it fits what we said there." if earlier else ""
    return seen + subject + follow


def before_calls(tool_names: list[str], places: list[str], prompt: str = "") -> str:
    """What is said before tools are called."""
    if chinese.is_chinese(prompt):
        return chinese.before_calls(tool_names, places)
    names = " and ".join(dict.fromkeys(tool_names))
    where = f" for {' and '.join(places)}" if places else ""
    return f"Let me check that{where} with {names}."


def about_results(results: list[tuple[str, str, bool]], prompt: str = "") -> str:
    """The answer from tool results, each (what it was asked about, what it said, whether that is an error)."""
    if results and chinese.is_chinese(prompt):
        return "".join(chinese.about_result(*one) for one in results)
    sentences = [_about_result(subject, text, is_error) for subject, text, is_error in results]
    return " ".join(sentences) or "The tools gave no result."


def reasoning(prompt: str, tools: bool, effort: float = 1.0) -> str:
    """What the model thinks before it answers; more or less of it than usual by the factor `effort`."""
    if chinese.is_chinese(prompt) and effort == 1:
        return chinese.reasoning(prompt, tools)
    if effort < 1:
        return f"The user asks: {shortened(prompt, 40)}"
    plan = "A tool can answer this; I need its arguments." if tools else "No tool is needed. I will keep it short and clear."
    checks = [f"Check {number}: {check}" for number, check in zip(range(1, round(6 * (effort - 1)) + 1), cycle(_CHECKS))]
    return " ".join([f"The user asks: {shortened(prompt)} {plan}", *checks])


def reasoning_summary() -> str:
    """A reasoning summary, as the Responses protocol shows it."""
    return "**Reading the question**\n\nI looked at what is asked and chose the shortest answer that helps."


def _about_result(subject: str, text: str, is_error: bool) -> str:
    said = text.strip().rstrip(".") or "nothing"
    if is_error:
        return f"I could not find that out for {subject}: the tool reported an error ({said})."
    return _weather(subject, said) or f"For {subject} the tool says: {said}."


def _weather(place: str, text: str) -> str:
    """A tool's report of the weather in a sentence; "" where it is none."""
    report = weather_in(text)
    return "" if report is None else f"It is {report[0]:g} °C and {report[1]} in {place}."


def _plain(prompt: str) -> str:
    opening = _OPENINGS[zlib.crc32(prompt.encode("utf-8", "replace")) % len(_OPENINGS)]
    return (
        f"{opening} You asked: “{shortened(prompt)}” I am a simulated model on this very machine, so I can't know the real "
        "answer, but I arrive the way a real one does: word by word, with a beginning, an end, and a count of tokens."
    )
