"""Which tools the simulated model calls, and the arguments it fills in from the prompt and the tool's JSON Schema."""

from __future__ import annotations

import json
import re
from typing import Any

from app.simulator.model.conversation import Offer, ParsedRequest

_KNOWN = (
    "Amsterdam|Athens|Bangkok|Barcelona|Beijing|Berlin|Boston|Brest|Brussels|Budapest|Buenos Aires|Cairo|Chicago|Copenhagen|"
    "Delhi|Dubai|Dublin|Hamburg|Helsinki|Hong Kong|Istanbul|Jakarta|Lagos|Lima|Lisbon|London|Los Angeles|Lyon|Madrid|Manila|"
    "Melbourne|Mexico City|Milan|Montreal|Moscow|Mumbai|Munich|Nairobi|New York|Osaka|Oslo|Paris|Prague|Rio de Janeiro|Rome|"
    "San Francisco|Santiago|São Paulo|Seattle|Seoul|Shanghai|Shenzhen|Singapore|Stockholm|Sydney|Taipei|Tokyo|Toronto|Vienna|"
    "Warsaw|Zurich|Zürich|東京|东京|北京|上海|深圳|广州|杭州|大阪|巴黎|伦敦|柏林|纽约|서울"
)
_CITY = re.compile(rf"(?<![^\W\d_])(?:{_KNOWN})(?![A-Za-zÀ-ÿ])", re.I)
_NAMED_PLACE = re.compile(r"\b(?:in|at|for|of|near)\s+([A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+)*)")
_PLACE_WORDS = ("city", "location", "place", "town", "port")
_DEFAULT_CITY = "Paris"
_MAX_DEPTH = 8


def places_in(prompt: str) -> list[str]:
    """The cities a prompt names, in its order, each once: known ones, else a capitalised name behind `in`, `for` ..."""
    found = [match[0] for match in _CITY.finditer(prompt)] or [match[1] for match in _NAMED_PLACE.finditer(prompt)]
    return list(dict.fromkeys(found))


def chosen_calls(parsed: ParsedRequest) -> list[tuple[str, dict[str, Any]]]:
    """The calls of the answer, as (tool name, arguments). Two cities or two tools named in the prompt give parallel calls."""
    calls = [(offer.name, arguments) for offer in _chosen_offers(parsed) for arguments in _argument_sets(offer, parsed.prompt)]
    return calls if parsed.parallel else calls[:1]


def fill_json(schema: dict[str, Any], prompt: str, *, enforced: bool) -> str:
    """JSON for a schema. Where it is not enforced, a value that leaves no choice gives way to what a model would say."""
    return json.dumps(fill(schema if enforced else loosened(schema, prompt), prompt), ensure_ascii=False)


def loosened(schema: Any, prompt: str) -> Any:
    """A schema as a model follows it that nothing forces: a single value that the prompt does not name is overlooked."""
    if isinstance(schema, dict):
        only = schema.get("enum", [schema["const"]] if "const" in schema else [])
        if len(only) == 1 and str(only[0]).lower() not in prompt.lower():
            return {name: value for name, value in schema.items() if name not in ("enum", "const")}
        return {name: loosened(value, prompt) for name, value in schema.items()}
    return [loosened(value, prompt) for value in schema] if isinstance(schema, list) else schema


def fill(schema: dict[str, Any], prompt: str, name: str = "", place: str = "", depth: int = 0) -> Any:
    """A value that is valid for a JSON Schema (its common keywords), taken from the prompt where that makes sense."""
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return _listed(schema["enum"], prompt)
    for keyword in ("anyOf", "oneOf", "allOf"):
        if schema.get(keyword):
            return fill(schema[keyword][0], prompt, name, place, depth + 1)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            return _fill_object(schema, prompt, place, depth)
        case "array":
            return [fill(schema.get("items") or {}, prompt, name, place, depth + 1)] if depth < _MAX_DEPTH else []
        case "integer":
            return int(_within(schema, _number_in(prompt)))
        case "number":
            return float(_within(schema, _number_in(prompt)))
        case "boolean":
            return True
        case "null":
            return None
    return _fill_text(prompt, name, place)


def _listed(values: list[Any], prompt: str) -> Any:
    """The value of a list that the prompt names, else the first."""
    named = [one for one in values if isinstance(one, str) and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", prompt, re.I)]
    return named[0] if named else values[0]


def _within(schema: dict[str, Any], number: float) -> float:
    least = max(number, schema.get("minimum", 0))
    return float(min(least, schema.get("maximum", least)))


def _chosen_offers(parsed: ParsedRequest) -> list[Offer]:
    if parsed.choice.startswith("tool:"):
        wanted = parsed.choice.removeprefix("tool:")
        return [offer for offer in parsed.tools if offer.name == wanted]
    prompt = parsed.prompt.lower()
    named = [offer for offer in parsed.tools if any(word in prompt for word in _words(offer.name))]
    return named or list(parsed.tools[:1])


def _words(tool_name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", tool_name.lower()) if len(word) > 3]


def _argument_sets(offer: Offer, prompt: str) -> list[dict[str, Any]]:
    schema = offer.schema if offer.strict else loosened(offer.schema, prompt)
    takes_place = any(_is_place(name) for name in schema.get("properties", {}))
    places = (places_in(prompt) or [_DEFAULT_CITY]) if takes_place else [""]
    return [_fill_object(schema, prompt, place, 0) for place in places]


def _fill_object(schema: dict[str, Any], prompt: str, place: str, depth: int) -> dict[str, Any]:
    properties: dict[str, Any] = schema.get("properties") or {}
    wanted = schema.get("required") or list(properties)
    if depth >= _MAX_DEPTH:
        return {}
    return {name: fill(properties.get(name) or {}, prompt, name, place, depth + 1) for name in wanted}


def _is_place(name: str) -> bool:
    return any(word in name.lower() for word in _PLACE_WORDS)


def _fill_text(prompt: str, name: str, place: str) -> str:
    if _is_place(name):
        return place or next(iter(places_in(prompt)), _DEFAULT_CITY)
    quoted = re.search(r"[\"“]([^\"”]+)[\"”]", prompt)
    return quoted[1] if quoted else " ".join(prompt.split())[:80] or "example"


def _number_in(prompt: str) -> int:
    found = re.search(r"\d{1,9}", prompt)
    return int(found[0]) if found else 1
