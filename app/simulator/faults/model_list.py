"""The model lists: both vendors' shapes, Anthropic's pages, and the ways in which relays differ (PROTOCOLS 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.simulator.faults.registry import MODELS, Stage, add_fault
from app.simulator.model.models import CLAUDE, GPT, Model, find_model
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.refusals import RefusalError
from app.simulator.shared.validation import JsonObject

_GROUP = "models"
_DEFAULT_PAGE, _LARGEST_PAGE, _SMALL_PAGE = 20, 1000, 2
_LINES = {
    "models_paginated": "The list comes in pages of two, whatever the limit.",
    "models_openai_shape": "The list has OpenAI's shape, whatever the headers.",
    "models_anthropic_shape": "The list has Anthropic's shape, whatever the headers.",
    "models_hybrid": "The list has both vendors' fields and `success: true`.",
    "models_bare_list": "The list is a bare JSON array.",
    "models_ollama_shape": "The list stands in `models`, with `name` for `id`.",
    "models_empty": "The list is empty.",
    "models_other": "The list has models that are not served, and lacks those that are.",
    "models_404": "There is no model list: 404.",
    "models_unauthenticated": "The list is given without a look at the key.",
}
for _name, _line in _LINES.items():
    add_fault(_name, Stage.SWITCH, _GROUP, _line, (MODELS,))
add_fault("models_slow", Stage.SWITCH, _GROUP, "The list comes after 5000 ms, or as many as given.", (MODELS,), default=5000)


def model_list(context: RequestContext) -> Any:
    """The list, or one model where the path goes on with its id. Raises RefusalError."""
    if context.has("models_404"):
        raise RefusalError(404, "Not found")
    wanted = context.path.removeprefix("/v1/models").strip("/")
    if wanted:
        return _one(wanted, context)
    if context.has("models_other"):
        return _others(context)
    if context.has("models_empty"):
        return {"object": "list", "data": []}
    for name, build in _SHAPES.items():
        if context.has(name):
            return build(context)
    return _anthropic_page(context) if context.anthropic else _openai_list(context)


def _one(name: str, context: RequestContext) -> JsonObject:
    model = find_model(name, "anthropic" if context.anthropic else "openai")
    if model is None:
        message = f"model: {name}" if context.anthropic else f"The model '{name}' does not exist"
        raise RefusalError(404, message, param="model")
    return _anthropic_entry(model) if context.anthropic else _openai_entry(name, model)


def _anthropic_page(context: RequestContext) -> JsonObject:
    limit = _SMALL_PAGE if context.has("models_paginated") else _page_size(context.query.get("limit"))
    entries = [_anthropic_entry(model) for model in CLAUDE]
    ids = [entry["id"] for entry in entries]
    after, before = context.query.get("after_id"), context.query.get("before_id")
    start = _place(after, ids, "after_id") + 1 if after is not None else 0
    if before is not None:
        end = _place(before, ids, "before_id")
        start = max(0, end - limit)
        page, more = entries[start:end], start > 0
    else:
        page, more = entries[start : start + limit], start + limit < len(entries)
    first, last = (page[0]["id"], page[-1]["id"]) if page else (None, None)
    return {"data": page, "has_more": more, "first_id": first, "last_id": last}


def _page_size(raw: str | None) -> int:
    if raw is None:
        return _DEFAULT_PAGE
    if not raw.isdecimal() or not 1 <= int(raw) <= _LARGEST_PAGE:
        raise RefusalError(400, f"limit: Input should be between 1 and {_LARGEST_PAGE}")
    return int(raw)


def _place(wanted: str, ids: list[str], name: str) -> int:
    if wanted not in ids:
        raise RefusalError(400, f"{name}: Invalid cursor")
    return ids.index(wanted)


def _anthropic_entry(model: Model) -> JsonObject:
    return {
        "type": "model",
        "id": model.id,
        "display_name": model.title,
        "created_at": f"{model.created}T00:00:00Z",
        "lifecycle": "active",
        "line": model.line,
        "max_input_tokens": model.max_input_tokens,
        "max_tokens": model.max_output_tokens,
        "capabilities": {"image_input": {"supported": True}, "structured_outputs": {"supported": True}},
        "deprecated_at": None,
        "retires_at": None,
    }


def _openai_list(context: RequestContext) -> JsonObject:
    return {"object": "list", "data": [_openai_entry(name, model) for model in GPT for name in (*model.aliases, model.id)]}


def _openai_entry(name: str, model: Model) -> JsonObject:
    created = int(datetime.fromisoformat(model.created).replace(tzinfo=UTC).timestamp())
    return {"id": name, "object": "model", "created": created, "owned_by": "system"}


def _others(context: RequestContext) -> JsonObject:
    if not context.anthropic:
        return {"object": "list", "data": [_openai_entry(f"{model.id}-turbo", model) for model in GPT]}
    entries = [_anthropic_entry(model) | {"id": f"{model.id}-turbo"} for model in CLAUDE]
    return {"data": entries, "has_more": False, "first_id": entries[0]["id"], "last_id": entries[-1]["id"]}


def _all_entries(context: RequestContext) -> list[JsonObject]:
    models = CLAUDE if context.anthropic else GPT
    return [_openai_entry(name, model) for model in models for name in (*model.aliases, model.id)]


def _hybrid(context: RequestContext) -> JsonObject:
    entries = [entry | {"type": "model", "display_name": entry["id"]} for entry in _all_entries(context)]
    return {"success": True, "object": "list", "data": entries, "has_more": False}


def _openai_paged(context: RequestContext) -> JsonObject:
    if context.anthropic:
        return _anthropic_page(context)
    entries = _all_entries(context)
    after = context.query.get("after")
    start = [entry["id"] for entry in entries].index(after) + 1 if after else 0
    return {
        "object": "list",
        "data": entries[start : start + _SMALL_PAGE],
        "has_more": start + _SMALL_PAGE < len(entries),
    }


_SHAPES: dict[str, Callable[[RequestContext], Any]] = {
    "models_paginated": _openai_paged,
    "models_openai_shape": lambda context: {"object": "list", "data": _all_entries(context)},
    "models_anthropic_shape": _anthropic_page,
    "models_hybrid": _hybrid,
    "models_bare_list": _all_entries,
    "models_ollama_shape": lambda context: {"models": [{"name": entry["id"]} for entry in _all_entries(context)]},
}
