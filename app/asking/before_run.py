"""What is looked at before a request leaves: is there an endpoint, an address, a key, a model, and is it the model's name?"""

from __future__ import annotations

from enum import Enum, auto

from app.model_names import Suggestion, is_claude_endpoint, suggest
from app.store.profiles import Profile
from app.text.urls import split_url


class Missing(Enum):
    """What keeps a request from being sent."""

    ENDPOINT = auto()
    ADDRESS = auto()
    KEY = auto()
    MODEL = auto()


def what_is_missing(profile: Profile | None, model: str, *, has_key: bool, needs_model: bool = True) -> tuple[Missing, ...]:
    """All that nothing can be sent without, in the order in which it is filled in; () where all is there.

    `has_key`: there is one, or none is needed.
    """
    if profile is None:
        return (Missing.ENDPOINT,)
    lacks = {
        Missing.ADDRESS: not split_url(profile.base_url).scheme.startswith("http"),
        Missing.KEY: not has_key,
        Missing.MODEL: needs_model and not model,
    }
    return tuple(one for one, lacking in lacks.items() if lacking)


def model_warning(profile: Profile, model: str, models: tuple[str, ...] | None) -> Suggestion:
    """What to say of a model before it is sent; its sentence is "" where there is nothing to say."""
    claude = is_claude_endpoint(profile.protocol, profile.base_url, models or ())
    return suggest(model, models or (), claude_endpoint=claude) if model else Suggestion()
