"""Does JSON come where a field asks for it: `json_object`, and a schema.

`json_object`: two answers in prose where the field enforces JSON (the prompt asks for prose, which a model without the field
gives); JSON in a Markdown fence, or that is no object, is told apart from prose. Schema: the enum allows one random value that
contradicts the question, so that nobody gives it but by the schema; two answers with another value. Known false alarms:
reasoning spends the tokens (inconclusive); models that can't do it refuse (unsupported); a relay that only *tells* the model
the schema may get the right value from an obedient one, so that a pass says "obeyed", not "enforced".
"""

from __future__ import annotations

from functools import partial
from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.check import Check, Cost, Group
from app.checks.json_schema import Mismatch, mismatch
from app.checks.judgement import Judged
from app.checks.seen import Steps, each
from app.checks.tries import GOOD, Look, ask_until, judge_tries
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.protocols.base import Options
from app.protocols.ids import CHAT, RESPONSES
from app.text.json_text import decode_json
from app.text.sentences import message

JSON_ROOM = 1024  # tokens: reasoning may come before a short answer


def why_not(text: str, schema: dict[str, object]) -> Mismatch | str | None:
    """Why a text is no JSON that fits the schema: not JSON at all ("fenced" where it stands in a Markdown fence), or where it
    does not fit; None where it does."""
    try:
        value = decode_json(text)
    except ValueError:
        return "fenced" if text.strip().startswith("```") else "not_json"
    return mismatch(value, schema)


# -- json_object ------------------------------------------------------------------------------------------------------

_ENFORCED = "{who} gives a JSON object where `json_object` is asked for, and prose without it."
_EITHER_WAY = "{who} gives JSON with the field and without it, so that nothing can be said of the field."
_PROSE = "{who} takes `json_object` and answers in prose, twice: the field is not obeyed ({text:quoted an empty answer})."
_NO_OBJECT = "{who} takes `json_object` and answers in JSON that is no object, twice ({text:quoted an empty answer})."
_FENCED = (
    "{who} puts the JSON into a Markdown fence, twice: a program that reads it as JSON fails ({text:quoted an empty answer})."
)
_OBJECT_REFUSED = "{who} refuses `json_object`: {cause:or it does not say why.}"
_JSON_TRIES = 2


async def _ask_object(asker: Asker) -> None:
    words = f"In one plain English sentence, not in JSON: why is the sea salty? ({asker.nonce})"
    await asker.ask("without", words, max_tokens=JSON_ROOM)
    options = Options(json="object")
    await ask_until(asker, "object", _look_at_prose, words, most=_JSON_TRIES, max_tokens=JSON_ROOM, options=options)


def _look_at_prose(one: Exchange) -> Look:
    wrong = why_not(one.reading.text, {"type": "object"})
    if wrong is None:
        return GOOD
    problem = "no_object" if isinstance(wrong, Mismatch) else "fenced" if wrong == "fenced" else "ignored"
    return Look(problem, {"text": one.reading.text[:80]})


def _judge_object(steps: Steps) -> Judged:
    if (trouble := steps.trouble("without")) is not None:
        return trouble
    passes = Judged(
        verdict=Verdict.PASS, reason="obeyed", sentence=_ENFORCED, short="JSON", evidence=(steps.evidence("without"),)
    )
    if why_not(steps["without"].reading.text, {"type": "object"}) is None:
        passes = msgspec.structs.replace(passes, verdict=Verdict.INCONCLUSIVE, reason="either_way", sentence=_EITHER_WAY)
    return judge_tries(
        steps,
        "object",
        _look_at_prose,
        passes=passes,
        problems={
            "ignored": (_PROSE, message("prose")),
            "no_object": (_NO_OBJECT, "no object"),
            "fenced": (_FENCED, message("fenced")),
        },
        verdicts={"no_object": Verdict.DIFFERS},
        unsupported=_OBJECT_REFUSED,
        most=_JSON_TRIES,
    )


# -- a schema ---------------------------------------------------------------------------------------------------------

_OBEYED = "{who} gives what only the schema allows, “{value}”, against what the question asks for."
_HINTED = (
    "{who} takes the schema and answers with its fields, but with a value that it forbids ({found} in place of “{value}”): "
    "the model may be told of it, nothing enforces it."
)
_BESIDE = "{who} obeys the schema, but puts other text beside the JSON, twice: {text:quoted an empty answer}."
_DROPPED = "{who} takes the schema and answers as if there were none, twice: {text:quoted an empty answer}."
_SCHEMA_REFUSED = "{who} refuses a JSON schema: {cause:or it does not say why.}"


def _colour(random: Random) -> str:
    """A colour that does not exist."""
    return f"{random.choice(('blue', 'red', 'grey', 'pink'))}-{random.randint(100, 999)}"


def _schema(value: str) -> dict[str, object]:
    properties = {"colour": {"type": "string", "enum": [value]}}
    return {"type": "object", "properties": properties, "required": ["colour"], "additionalProperties": False}


async def _ask_schema(asker: Asker) -> None:
    value = _colour(asker.random())
    words = f"What is the usual colour of fresh grass in spring? Answer with the colour. ({asker.nonce})"
    options = Options(schema=_schema(value), strict=True)
    look_at = partial(_look_at_colour, value)
    await ask_until(asker, "schema", look_at, words, most=_JSON_TRIES, max_tokens=JSON_ROOM, options=options)


def _look_at_colour(value: str, one: Exchange) -> Look:
    wrong = why_not(one.reading.text, _schema(value))
    if wrong is None:
        return GOOD
    if isinstance(wrong, Mismatch) and wrong.keyword == "enum":
        return Look("hinted", {"found": wrong.found, "value": value})
    if wrong == "fenced":
        return Look("fenced", {"text": one.reading.text[:80]})
    return Look("beside" if _is_in(one.reading.text, value) else "dropped", {"text": one.reading.text[:80]})


def _is_in(text: str, value: str) -> bool:
    """Whether an object as the schema wants it stands in a text, with other words before or behind it."""
    begin, end = text.find("{"), text.rfind("}")
    return begin >= 0 and why_not(text[begin : end + 1], _schema(value)) is None


def _judge_schema(steps: Steps) -> Judged:
    value = _colour(steps.random())
    return judge_tries(
        steps,
        "schema",
        partial(_look_at_colour, value),
        passes=Judged(verdict=Verdict.PASS, reason="obeyed", sentence=_OBEYED, fields={"value": value}, short="“{value}”"),
        problems={
            "hinted": (_HINTED, "not enforced"),
            "dropped": (_DROPPED, "not obeyed"),
            "beside": (_BESIDE, message("text beside it")),
            "fenced": (_FENCED, message("fenced")),
        },
        unsupported=_SCHEMA_REFUSED,
        most=_JSON_TRIES,
    )


CHECKS = (
    Check(
        id="json_object",
        group=Group.JSON_OUTPUT,
        title="json_object",
        proves="The field for JSON makes JSON of an answer that would be prose without it.",
        loss="JSON mode does nothing",
        cost=Cost(3, 120, 300),
        steps={"without": "prose asked for", "object": "prose asked for, with json_object"},
        ask=_ask_object,
        judge=each(_judge_object),
        protocols=(CHAT, RESPONSES),
    ),
    Check(
        id="json_schema",
        group=Group.JSON_OUTPUT,
        title="json_schema",
        proves="A JSON schema is obeyed, also against the question.",
        loss="JSON schemas are not obeyed",
        cost=Cost(2, 160, 120),
        steps={"schema": "a question, with a schema that has one answer"},
        ask=_ask_schema,
        judge=each(_judge_schema),
    ),
)
