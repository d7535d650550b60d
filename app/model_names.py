"""Model names: reading an endpoint's list, the name that was probably meant, and whether two names mean one model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice

import msgspec

from app.protocols.registry import info
from app.text.patterns import late
from app.text.sentences import message, tr
from app.text.urls import split_url

MAX_NEAREST = 3
# Some lists have 100 000 lines, and some names are pages long, while what is typed is looked for at every key: so many are
# searched for its words, so many of them compared letter by letter, and none that is longer.
MAX_SEARCHED = 20_000
MAX_COMPARED = 300
MAX_NAME = 200
MAX_OFFERED = 2_000  # what a box of the window takes at once

# What a Claude endpoint is usually given in place of a GPT model.
COUNTERPARTS = {
    "gpt-4o": "claude-sonnet-4-6",
    "gpt-4-turbo": "claude-opus-4-8",
    "gpt-3.5-turbo": "claude-haiku-4-5-20251001",
}


class ListedModel(msgspec.Struct, frozen=True):
    """One line of a model list. `title` is the name for people, "" where the list has none."""

    id: str
    title: str = ""


class ModelList(msgspec.Struct, frozen=True):
    """A page of an endpoint's model list, ids once each, in the endpoint's order.

    `next_after` is the id to ask the next page with, None on the last; `problem` a sentence where this is no usable list, of
    which `is_empty` says that it is a list, and holds nothing.
    """

    models: tuple[ListedModel, ...] = ()
    next_after: str | None = None
    problem: str = ""
    is_empty: bool = False

    @property
    def ids(self) -> list[str]:
        return [model.id for model in self.models]


def read_model_list(body: bytes) -> ModelList:
    """Read the answer to a model list request, in any of the shapes that are around (PROTOCOLS 5). Never raises.

    Anthropic's and OpenAI's `data`, the two mixed (new-api), a bare list, and `models: [{name}]` (Ollama, Gemini).
    """
    try:
        answer = msgspec.json.decode(body)
    except (ValueError, RecursionError):  # msgspec's errors and UnicodeDecodeError are ValueErrors
        return ModelList(problem=_not_json(body))
    rows = _rows(answer)
    if rows is None:
        return ModelList(problem=_no_list(answer))
    models = {model.id: model for row in rows if (model := _model(row)) is not None}
    if not models:
        unnamed = message("The endpoint's model list has no entry with a name.")
        problem = tr(unnamed if rows else message("The endpoint's model list is empty."))
        return ModelList(problem=problem, is_empty=not rows)
    return ModelList(tuple(models.values()), _next_after(answer, list(models)))


def _rows(answer: object) -> list[object] | None:
    if isinstance(answer, list):
        return answer
    if isinstance(answer, dict):
        return next((answer[key] for key in ("data", "models") if isinstance(answer.get(key), list)), None)
    return None


def _model(row: object) -> ListedModel | None:
    if isinstance(row, str):
        return ListedModel(row) if row.strip() else None
    if not isinstance(row, dict):
        return None
    names = (row.get(key) for key in ("id", "model_id", "name", "model"))
    name = next((value for value in names if isinstance(value, str) and value.strip()), None)
    title = row.get("display_name")
    return None if name is None else ListedModel(name, title if isinstance(title, str) else "")


def _next_after(answer: object, ids: list[str]) -> str | None:
    if not isinstance(answer, dict) or answer.get("has_more") is not True:
        return None
    last = answer.get("last_id")
    return last if isinstance(last, str) and last else ids[-1]


def _not_json(body: bytes) -> str:
    if not body.strip():
        return tr("The endpoint's answer to the model list is empty.")
    if body.lstrip()[:1] == b"<":
        return tr("The endpoint's answer is a web page, not a model list: the base URL is probably that of a web site.")
    return tr("The endpoint's answer is not a model list (it is not JSON).")


def _no_list(answer: object) -> str:
    if said := _error_message(answer):
        return tr("The endpoint answered with an error in place of a model list: {said}", said=said[:300])
    return tr("The endpoint's answer holds no model list.")


def _error_message(answer: object) -> str:
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error")
    message = error.get("message") if isinstance(error, dict) else error or answer.get("message")
    return message if isinstance(message, str) else ""


# -- two names, one model ----------------------------------------------------------------------------------------------

_DATE = late(r"[-@](20\d{6}|20\d\d-\d\d-\d\d)$")
_SHORT_DATE = late(r"-\d{4}$")  # gpt-3.5-turbo-0125, grok-4-0709
# A gateway that names the provider in front: provider,model and provider:model.
_ROUTE = late(r"^[\w.-]+(?:,|:(?=claude|gpt|gemini|deepseek|qwen|mistral|grok|kimi|glm))")
_CLOUD = late(r"^(?:[a-z]{2,6}\.)?(?=(?:anthropic|openai|meta|amazon|mistral|cohere|deepseek|qwen)\.)[a-z]+\.")
_CLOUD_VERSION = late(r"(-v\d+)?(:\d+)?$")
_VARIANT = late(r"(:[a-z]+|\[1m\]|-thinking)$")

# Names of one model that no rule connects (PROTOCOLS 5.4, 8).
_ALIASES = {
    "claude-opus-4-0": "claude-opus-4",
    "claude-sonnet-4-0": "claude-sonnet-4",
    "gpt-5.6": "gpt-5.6-sol",
}


def split_model(model: str) -> tuple[str, str]:
    """A model's name without vendor prefix and relay suffixes, in the vendor's own word order, and its date.

    The date is YYYYMMDD, "latest" for a pointer that moves, or "".
    """
    name = _ROUTE().sub("", model.strip().lower()).rsplit("/", 1)[-1]
    while (bare := _VARIANT().sub("", name)) != name:
        name = bare
    cloud = _CLOUD().sub("", name)
    if cloud != name:
        name = _CLOUD_VERSION().sub("", cloud)
    date = ""
    if match := _DATE().search(name):
        name, date = name[: match.start()], match[1].replace("-", "")
    elif name.endswith("-latest") and name != "chat-latest":
        name, date = name.removesuffix("-latest"), "latest"
    if name.startswith("claude"):
        name = _claude_order(name)
    return _ALIASES.get(name, name), date


def _claude_order(name: str) -> str:
    """`claude-4.5-sonnet` and `claude-3-5-sonnet` in the order of today: family, then version."""
    parts = re.split(r"[-.]", name)
    words = [part for part in parts if not part.isdigit()]
    return "-".join(words + [part for part in parts if part.isdigit()])


def same_model(asked: str, answered: str) -> bool:
    """Whether the answer's model is the one that was asked for (PROTOCOLS 5.4).

    A date, a vendor prefix and a relay's suffix may differ. False means that the model was exchanged or its name rewritten.
    True proves nothing: relays often echo the name.
    """
    if asked.strip() == answered.strip():
        return True
    (name, date), (other, other_date) = split_model(asked), split_model(answered)
    if name == "chat-latest":
        return other.startswith("gpt-")
    if name == other:
        return "" in (date, other_date) or date in ("latest", other_date)
    return date in ("", "latest") and _SHORT_DATE().sub("", other) == name


# -- what was probably meant -------------------------------------------------------------------------------------------


class Suggestion(msgspec.Struct, frozen=True):
    """What to say of a model before it is sent.

    `sentence` is "" where there is nothing to say. `nearest`: up to three names of the list, best first. `counterpart`: for a
    GPT model at a Claude endpoint, what to take.
    """

    sentence: str = ""
    nearest: tuple[str, ...] = ()
    counterpart: str | None = None


def is_claude_endpoint(protocol: str, base_url: str, available: Iterable[str] = ()) -> bool:
    """Whether an endpoint serves Claude models only, as far as its protocol, address and list tell."""
    listed = [split_model(model)[0] for model in islice(available, MAX_COMPARED)]
    if listed:
        return all(name.startswith("claude") for name in listed)
    return info(protocol).model_prefix == "claude" or (split_url(base_url).hostname or "").endswith("anthropic.com")


def suggest(model: str, available: Sequence[str], *, claude_endpoint: bool = False) -> Suggestion:
    """What to say of `model` before it is sent; `available` is the endpoint's list, empty where it has none."""
    if not model.strip():
        return Suggestion(tr("No model is chosen."), nearest=tuple(available[:MAX_NEAREST]))
    if model in available:
        return Suggestion()
    if claude_endpoint and is_gpt(model):
        return _suggest_counterpart(model, available)
    if not available:
        return Suggestion()
    available = _likely(model, available)
    if same := [name for name in available if same_model(model, name)]:
        template = message("{model:quoted} is not in the endpoint's list, but the same model is, as {same:quoted}.")
        return Suggestion(tr(template, model=model, same=same[0]), nearest=tuple(same[:MAX_NEAREST]))
    return _suggest_nearest(model, available)


def is_gpt(model: str) -> bool:
    """Whether the name is one of OpenAI's (GPT, o-series, chat pointers)."""
    return re.match(r"(gpt|chatgpt|chat-latest$|o\d)", split_model(model)[0]) is not None


_OF_OPENAI = message(
    "{model:quoted} is a model of OpenAI, and this endpoint serves Claude."
    "{usual:if  Its usual counterpart there is {usual:quoted}.}{nearest:if  Nearest there: {nearest}.}"
)
_NOT_LISTED = message("{model:quoted} is not in the endpoint's list.{nearest:if  Nearest there: {nearest}.}")


def _suggest_counterpart(model: str, available: Sequence[str]) -> Suggestion:
    usual = next((claude for gpt, claude in COUNTERPARTS.items() if same_model(gpt, model)), None)
    served = usual and (not available or usual in available)
    if usual and not served:
        available = _likely(usual, available)
        usual = next(iter([name for name in available if same_model(usual, name)] or nearest(usual, available)), None)
    close = (usual,) if usual else tuple(available[:MAX_NEAREST])
    sentence = tr(_OF_OPENAI, model=model, usual=usual, nearest="" if usual else _listing(close))
    return Suggestion(sentence, nearest=close, counterpart=usual)


def _suggest_nearest(model: str, available: Sequence[str]) -> Suggestion:
    close = tuple(nearest(model, available))
    return Suggestion(tr(_NOT_LISTED, model=model, nearest=_listing(close)), nearest=close)


def _listing(names: Sequence[str]) -> str:
    return tr(", ").join(f"“{name}”" for name in names)


def offered(names: Iterable[str]) -> tuple[str, ...]:
    """What a list to choose from holds: as many of the names as it can take."""
    return tuple(islice((name for name in names if len(name) <= MAX_NAME), MAX_OFFERED))


def _likely(model: str, available: Sequence[str]) -> Sequence[str]:
    """Those of a long list that hold most of the model's words, in the list's order; a short one as it is."""
    if len(available) <= MAX_COMPARED and all(len(name) <= MAX_NAME for name in available):
        return available
    words = list(dict.fromkeys(_words(split_model(model[:MAX_NAME])[0])))
    best: dict[int, list[int]] = {}
    for index, name in enumerate(islice(available, MAX_SEARCHED)):
        if len(name) <= MAX_NAME and (shared := sum([word in name for word in words])):
            best.setdefault(shared, []).append(index)
    kept = list(islice(chain.from_iterable(best[shared] for shared in sorted(best, reverse=True)), MAX_COMPARED))
    return [available[index] for index in sorted(kept)]


def nearest(model: str, available: Iterable[str], count: int = MAX_NEAREST) -> list[str]:
    """The names most like `model`, best first: letters count, and words (family, size, version) in common count as much."""
    from difflib import SequenceMatcher

    wanted, matcher = split_model(model)[0], SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)  # what SequenceMatcher keeps between comparisons
    scored = []
    for name in available:
        other = split_model(name)[0]
        matcher.set_seq1(other)
        score = (matcher.ratio() + _words_in_common(wanted, other)) / 2
        if score >= 0.35:
            scored.append((score, name))
    return [name for _, name in sorted(scored, key=lambda pair: -pair[0])[:count]]


def _words_in_common(one: str, other: str) -> float:
    """0 to 1: how much of the words is shared; the first word, the vendor's family, counts double."""
    mine, theirs = _words(one), _words(other)
    shared = len(set(mine) & set(theirs)) + (mine[:1] == theirs[:1])
    return shared / (len(set(mine) | set(theirs)) + 1)


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+", name)
