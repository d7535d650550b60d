"""The sentences of the simulated model: short, friendly, and about what was asked."""

from __future__ import annotations

import re
import zlib

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
_OPENINGS = ("That is a good thing to ask.", "Let us look at that together.", "Here is the short version.")
_RECALL = re.compile(
    r"\b(earlier|before|remember|recall|again|first|previous\w*|said|told|my name|the word|the number)\b", re.I
)
_SAY = re.compile(
    r"\b(?:say|reply|answer|respond|repeat|write|output|echo)\b(?:\s+(?:with|only|just|exactly|back|this|the|single|word|words|"
    r"text|following|string|after me|to me|verbatim|always))*"
    r"(?:\s*:?\s*[\"“`](?P<quoted>[^\"”`]+)[\"”`]|\s*:\s*(?P<rest>[^\n]+)"
    r"|\s+(?P<word>(?-i:[A-Z][A-Z0-9_-]{1,40}))(?=[\s.!?]*(?:$|\band\b)))",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\bcount\b\D{0,30}?(?:from\s+(\d+)\D+)?(\d+)", re.I)
_MAX_COUNT = 2000


def dictated(text: str) -> str | None:
    """The text that a prompt wants repeated verbatim (`Reply with exactly "pong"`), None without such a request."""
    found = _SAY.search(text)
    if found is None:
        return None
    return (found["quoted"] or found["rest"] or found["word"]).strip()


def counted(prompt: str) -> str | None:
    """The numbers asked for (`count from 1 to 20`), None where none are."""
    found = _COUNT.search(prompt)
    if found is None:
        return None
    first, last = int(found[1] or 1), min(int(found[2]), _MAX_COUNT)
    return ", ".join(str(number) for number in range(first, last + 1))


def recalled(prompt: str, earlier: list[str]) -> str | None:
    """An answer that quotes what the user said before, None where the prompt doesn't look back."""
    if not earlier or not _RECALL.search(prompt):
        return None
    said = " ".join(f"“{text.strip()}”" for text in earlier)
    return f"Earlier you told me: {said} So that is what I go by."


def about(prompt: str, earlier: list[str], images: int) -> str:
    """A short answer about the prompt's subject; it mentions the turn before, and pictures where there are any."""
    seen = f"I can see {images} picture{'s' if images > 1 else ''} in your message. " if images else ""
    subject = next((text for pattern, text in _ANSWERS if re.search(pattern, prompt, re.I)), None) or _plain(prompt)
    follow = f" And, coming back to “{_short(earlier[-1])}”: it fits what we said there." if earlier else ""
    return seen + subject + follow


def before_calls(tool_names: list[str], places: list[str]) -> str:
    """What is said before tools are called."""
    names = " and ".join(dict.fromkeys(tool_names))
    where = f" for {' and '.join(places)}" if places else ""
    return f"Let me check that{where} with {names}."


def about_results(results: list[tuple[str, str, bool]]) -> str:
    """The answer from tool results, each (what it was asked about, what it said, whether that is an error)."""
    sentences = [_about_result(subject, text, is_error) for subject, text, is_error in results]
    return " ".join(sentences) or "The tools gave no result."


def reasoning(prompt: str, tools: bool) -> str:
    """What the model thinks before it answers."""
    plan = "A tool can answer this; I need its arguments." if tools else "No tool is needed. I will keep it short and clear."
    return f"The user asks: {_short(prompt)} {plan}"


def reasoning_summary() -> str:
    """A reasoning summary, as the Responses protocol shows it."""
    return "**Reading the question**\n\nI looked at what is asked and chose the shortest answer that helps."


def _about_result(subject: str, text: str, is_error: bool) -> str:
    said = text.strip().rstrip(".") or "nothing"
    if is_error:
        return f"I could not find that out for {subject}: the tool reported an error ({said})."
    return f"For {subject} the tool says: {said}."


def _plain(prompt: str) -> str:
    opening = _OPENINGS[zlib.crc32(prompt.encode("utf-8", "replace")) % len(_OPENINGS)]
    return (
        f"{opening} You asked: “{_short(prompt)}” I am a simulated model on this very machine, so I can't know the real "
        "answer, but I arrive the way a real one does: word by word, with a beginning, an end, and a count of tokens."
    )


def _short(text: str, limit: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
