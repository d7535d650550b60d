"""What the words of the window mean: its help and the README's table are both made of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.text.sentences import in_context, message, tr


class Word(NamedTuple):
    """A word and its meaning, which may hold *emphasis* and `code` as Markdown has them: messages, `name` the key as well.

    `labels` are what the window calls figures and lines that this is about, where that is not the word itself.
    """

    name: str
    meaning: str
    labels: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The meaning as a sentence, without marks."""
        text = tr(self.meaning).replace("*", "").replace("`", "")
        return tr("{sentence}.", sentence=f"{text[:1].upper()}{text[1:]}")

    @property
    def title(self) -> str:
        """The word as it is shown."""
        return tr(self.name)

    @property
    def calls(self) -> set[str]:
        """What it is called, in English and in the language of now, in small letters."""
        return {called.casefold() for one in (self.name, *self.labels) for called in (one, tr(one))}


WORDS = (
    Word(
        message("start"),
        message(
            "just before name resolution (new connection) or before the first request byte (reused connection); the "
            "screen says which"
        ),
    ),
    Word(
        message("name, connect, proxy, TLS, send, wait, receive"),
        message(
            "the phases between marks, *proxy* the opening of a tunnel; *wait* is from the request's last byte to the "
            "answer's first (1xx answers are none)"
        ),
        (
            message("name"),
            message("connect"),
            message("proxy"),
            "TLS",
            message("send"),
            message("wait"),
            message("receive"),
            message("phases"),
        ),
    ),
    Word(
        message("path"),
        message(
            "of the wait, on Linux: one round trip to whatever acknowledges the request, which may be an edge or a proxy "
            "before the endpoint; not what lies behind that"
        ),
    ),
    Word(
        message("endpoint"),
        message(
            "of the wait: the rest, which the endpoint and all that lies behind the path took; elsewhere also an address,"
            " a protocol and a key that requests go to"
        ),
    ),
    Word(
        message("first byte (TTFB)"),
        message("from start until the answer's header block was complete"),
        (message("first byte"),),
    ),
    Word(
        message("first token (TTFT)"),
        message(
            "from start to the first event with generated content: text, reasoning or tool arguments; a role, ping or "
            "empty piece does not count"
        ),
        (message("first token"), in_context("over its time", "First token")),
    ),
    Word(
        message("first output (TTFO)"),
        message("from start to the first visible output, reasoning left out"),
        (message("first output"),),
    ),
    Word(
        message("gap"),
        message("the time between consecutive content events; events that came in one chunk share its stamp"),
        (message("pace"),),
    ),
    Word(
        message("silence"),
        message(
            "a time in which nothing came, told from 2 s on; a side that is silent for too long is given up, and says when"
        ),
    ),
    Word(
        message("output rate"),
        message(
            "(output tokens − 1) / (last content − first content); not shown, with the reason, where it can't be "
            "measured: in bursts, within 0.1 s, with hidden reasoning, or in pieces so few that what the first one held "
            "would put it off by more than a tenth"
        ),
        (message("output"),),
    ),
    Word(
        message("total"),
        message(
            "from start to the last byte of the body; where there is no whole answer to its end, *gave up after*, "
            "*stopped after*"
        ),
    ),
    Word(
        message("burst"),
        message(
            "pieces of content that were read together after a wait, instead of one by one as they are written; see *buffered*"
        ),
    ),
    Word(
        message("buffered"),
        message(
            "at least 8 pieces of content, at least half of them read together, in bursts at least 200 ms apart; or all "
            "in one after a wait of 200 ms, several in one HTTP chunk or DATA frame. All at once in chunks of their own, "
            "or in none that are known, proves nothing, and is said as that"
        ),
    ),
    Word(
        message("tokens in / out"),
        message("as the endpoint counted them; cached input is always in (Anthropic counts it apart, OpenAI does not)"),
        (message("tokens in"), message("tokens out"), message("tokens")),
    ),
    Word(
        message("cost"),
        message(
            "the counted tokens at the prices of the list (your own `prices.toml` before ours); a dash where the model's "
            "price is not known"
        ),
    ),
    Word(
        message("difference"),
        message(
            'B minus A, with its sign; one run is one sample, so the sentence says "in this run". Worse is coloured only '
            "beyond 20 ms and 5 %, and where both sides measure the same thing: the same kind of connection, the same "
            "model's tokens"
        ),
        (message("B − A"),),
    ),
    Word(
        message("completed"),
        message(
            "status 2xx and the protocol's own end, with a reason that is no failure; a stream that is cut is *failed*, "
            "whatever an SDK says, as is a tool loop that was stopped after 8 rounds with its last call unanswered"
        ),
    ),
    Word(
        message("finding"),
        message(
            "a deviation from the protocol: *breaks* (your client raises, or never ends), *loses* (it goes on with "
            "something wrong or missing), *note* (it reads what was meant). By default your client is the protocol's "
            "official Python SDK"
        ),
    ),
    Word(
        message("verdict"),
        message(
            "what a side is for your client, by one run: *a drop-in*, *works, with losses* or *breaks*, with the first "
            "reason; an answer that was not seen whole gets none"
        ),
    ),
    Word(
        message("linked by word"),
        message(
            "an event selects the one that brought the same word on the other side, however the answers were cut; *linked"
            " by time* selects what came at the same time"
        ),
    ),
)


def word_of(label: str) -> Word | None:
    """The word that a label of the window is about, in its own language or in English; None where there is none."""
    wanted = label.casefold()
    return next((one for one in WORDS if wanted in one.calls), None)


def fitting(words: Sequence[str]) -> list[Word]:
    """Those that hold all of these words (in small letters), those that have them in their name first."""
    found = [one for one in WORDS if all(word in f"{one.name} {one.title} {one.plain}".casefold() for word in words)]
    return sorted(found, key=lambda one: not all(word in f"{one.name} {one.title}".casefold() for word in words))
