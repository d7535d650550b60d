"""What the simulated model has no reason to answer one way rather than another: one-word answers, numbers, made-up sentences.

Each model has its own distribution of answers to each question. What a question is, is the sentence that asks: words in
brackets, and whatever follows the sentence, change nothing, so that a request can carry a nonce.
"""

from __future__ import annotations

import re
from random import Random

from app.simulator.model.chance import Dials, Weights, draw, peaked, seeded, spread

_OPTIONS = 12
_NUMBERS = 40
_TOP_NUMBER = 0.3
_ONE_WORD = re.compile(r"\b(?:one|a single|single|1)[- ]word\b|\bin a word\b|\b(?:just|only) (?:the|a|one) word\b", re.I)
_RANGE = re.compile(
    r"\b(?:integer|number|digit)s?\b[^.?!\d]{0,40}?(?:from |between )?(-?\d+)\s*(?:to|and|-|–|through|up to)\s*(-?\d+)", re.I
)
_AT_RANDOM = re.compile(r"\brandom|\bpick\b|\bchoose\b|\bthink of\b", re.I)
_COIN = re.compile(r"\b(?:flip|toss) a coin\b|\bheads or tails\b", re.I)
_INVENTS = re.compile(
    r"\brandom\b.{0,30}\b(?:sentences?|text|paragraph|story)\b|\b(?:invent|make up|made[- ]up)\b|\bstory\b", re.I
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>")
_ABOUT_FORM = re.compile(
    r"^(?:one|a single|single|1) word$|^(?:answer|reply|respond)\b|^(?:in )?(?:just )?(?:one|a) word\b", re.I
)
_SENTENCE_END = re.compile(r"[.?!\n:;]")
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_SENTENCES = re.compile(rf"\b({'|'.join(_COUNTS)}|\d+)\b[^.?!\d]{{0,30}}\bsentences?\b", re.I)
_FACTS: tuple[tuple[str, str], ...] = (
    (r"opposite of \W*cold", "Hot"),
    (r"opposite of \W*hot", "Cold"),
    (r"colou?r (?:of|is) (?:the )?grass|grass\b.*\bcolou?r", "Green"),
    (r"colou?r (?:of|is) (?:the )?(?:clear |daytime )?sky|sky\b.*\bcolou?r", "Blue"),
    (r"colou?r (?:of|is) (?:fresh )?snow|snow\b.*\bcolou?r", "White"),
    (r"capital of france", "Paris"),
    (r"capital of japan", "Tokyo"),
    (r"capital of italy", "Rome"),
    (r"\b(?:2|two) ?(?:\+|plus|and) ?(?:2|two)\b", "4"),
)
_TOPICS: tuple[tuple[str, str], ...] = (
    (r"animal|pet\b|creature", "cat dog fox owl whale tiger otter horse eagle panda wolf bear crow lynx seal mole"),
    (r"colou?r", "blue red green teal violet gold amber pink grey black white coral olive navy ruby cyan"),
    (r"city|town|capital", "Paris Tokyo Rome Oslo Cairo Lima Berlin Madrid London Vienna Prague Dublin Seoul Athens"),
    (r"countr", "France Japan Italy Norway Egypt Peru Spain Chile Kenya India Canada Brazil Greece Nepal"),
    (r"fruit", "apple mango pear plum fig kiwi peach lemon grape melon cherry banana papaya lime"),
    (
        r"name\b.*\b(?:person|boy|girl|child)|first name",
        "Anna Leo Maya Noah Elena Omar Lucy Felix Iris Hugo Nina Adam Clara Ravi",
    ),
    (r"river", "Nile Rhine Amazon Danube Volga Indus Thames Seine Congo Elbe Ganges Tigris"),
    (r"instrument", "piano violin guitar flute cello drum harp oboe tuba banjo organ lute"),
    (r"season", "spring summer autumn winter"),
    (r"planet", "Mars Venus Saturn Earth Jupiter Neptune Uranus Mercury"),
    (r"letter", "A E K M Q S X Z B R T H J"),
    (r"yes or no", "yes no"),
)
_WORDS = (
    "river amber stone cloud garden silver lantern echo harbor window winter candle forest mirror bridge ember velvet anchor "
    "meadow copper island thunder paper signal ribbon compass marble willow shadow morning"
)
_WHO = ("A lighthouse keeper", "The old cartographer", "Somebody's neighbour", "A quiet engineer", "The youngest violinist")
_DID = ("counted", "painted", "borrowed", "followed", "forgot", "polished", "described", "measured", "traded", "folded")
_WHAT = ("seven paper boats", "a map of the tide", "the last blue lantern", "an unfinished letter", "a clock without hands")
_WHERE = ("behind the bakery", "under a tin roof", "on the night ferry", "near the frozen pond", "between two trains")
_WHEN = (
    "while the rain rehearsed",
    "before anybody woke up",
    "as the market closed",
    "long after the music",
    "one dull Tuesday",
)


def undecided(prompt: str, system: str, mind: str) -> Weights | None:
    """The answers that this model may give, with how likely each is; None where the prompt leaves it no such choice."""
    asked = subject(prompt)
    if found := _RANGE.search(prompt):
        low, high = sorted((int(found[1]), int(found[2])))
        if _AT_RANDOM.search(prompt) and not _SENTENCES.search(prompt):
            return peaked(_numbers(low, high, mind, asked), _TOP_NUMBER)
    if _COIN.search(prompt):
        return spread(("heads", "tails"), mind, asked)
    if not _ONE_WORD.search(f"{prompt}\n{system}"):
        return None
    fact = next((fact for pattern, fact in _FACTS if re.search(pattern, prompt, re.I)), None)
    if fact is not None:
        return {fact: 1.0}
    return spread(_options(asked), mind, asked)


def invented(prompt: str, mind: str, dials: Dials, chance: Random) -> str | None:
    """Sentences that nobody has said before, another time others; None where none are asked for."""
    if not _INVENTS.search(prompt):
        return None
    found = _SENTENCES.search(prompt)
    count = min(30, int(_COUNTS.get(found[1].lower(), 0) or found[1])) if found else 3
    asked = subject(prompt)
    return " ".join(_sentence(f"{asked} {number}", mind, dials, chance) for number in range(count))


def subject(prompt: str) -> str:
    """The sentence that asks, in lower case: without what stands in brackets, and what follows."""
    plain = _BRACKETS.sub(" ", prompt)
    sentences = [" ".join(re.findall(r"\w+", one.lower())) for one in _SENTENCE_END.split(plain)]
    asking = (one for one in sentences if len(one.split()) > 1 and not _ABOUT_FORM.search(one))
    return next(asking, next(filter(None, sentences), ""))


def _options(asked: str) -> list[str]:
    words = next((words for pattern, words in _TOPICS if re.search(pattern, asked)), _WORDS).split()
    return seeded("options", asked).sample(words, min(_OPTIONS, len(words)))


def _numbers(low: int, high: int, mind: str, asked: str) -> list[str]:
    random = seeded(mind, asked, f"{low}-{high}")
    count = min(_NUMBERS, high - low + 1)
    found = dict.fromkeys(str(random.randint(low, high)) for _ in range(4 * count))
    return list(found)[:count]


def _sentence(key: str, mind: str, dials: Dials, chance: Random) -> str:
    parts = [draw(spread(part, mind, key, part[0]), dials, chance) for part in (_WHO, _DID, _WHAT, _WHERE, _WHEN)]
    return " ".join(parts) + "."
