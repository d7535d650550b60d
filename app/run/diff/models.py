"""The lists of models of both endpoints, as far as they were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.model_names import same_model
from app.recording.records import SideName
from app.run.diff.facts import ModelsDiff, Why
from app.run.side import Side

ModelLists = Mapping[SideName, Sequence[str] | None]
"""Each side's list of models; None, or missing, where it was not asked for."""


def compare_models(a: Side, b: Side, lists: ModelLists) -> ModelsDiff:
    """What one list has beyond the other, in its own order, and whether the models asked for are in them."""
    ours, theirs = lists.get("a"), lists.get("b")
    asked_a, asked_b = (one.first.recording.envelope.model if one.first is not None else "" for one in (a, b))
    if ours is None or theirs is None:
        missing: list[SideName] = [name for name, one in (("a", ours), ("b", theirs)) if one is None]  # type: ignore[misc]
        side = missing[0] if len(missing) == 1 else None
        return ModelsDiff(asked_a=asked_a, asked_b=asked_b, why=Why.NOT_FETCHED, side=side)
    here, there = set(ours), set(theirs)
    return ModelsDiff(
        tuple(one for one in dict.fromkeys(ours) if one not in there),
        tuple(one for one in dict.fromkeys(theirs) if one not in here),
        tuple(one for one in dict.fromkeys(ours) if one in there),
        asked_a,
        asked_b,
        _lists(ours, asked_a),
        _lists(theirs, asked_b),
    )


def _lists(names: Sequence[str], asked: str) -> bool:
    """Whether a list has the model, under its name or under another of the same model."""
    return asked in names or any(same_model(asked, one) for one in names[:2000])
