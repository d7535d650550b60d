"""The models the simulator serves, with what each of them accepts (PROTOCOLS 1A.3, 5.4 and 8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from app.simulator.model.tokens import CLAUDE as OLDER_TOKENIZER
from app.simulator.model.tokens import GPT as GPT_TOKENIZER
from app.simulator.model.tokens import NEWER_CLAUDE as NEWER_TOKENIZER
from app.simulator.model.tokens import Tokenizer


class Sampling(StrEnum):
    """What a model does with temperature, top_p and top_k."""

    OK = "ok"
    DEFAULT_ONLY = "default only"
    REFUSED = "refused"


class PrefixCheck(StrEnum):
    """What a model does with replayed thinking that was made behind another conversation (CHECKS 3.1)."""

    NONE = "none"  # keeps no record of it
    RECORDED = "recorded"  # says so where it is asked to
    ON_REQUEST = "on request"  # refuses or drops it where the request sets `block_binding`
    ENFORCED = "enforced"


ThinkingKind = Literal["enabled", "adaptive", "disabled"]


@dataclass(frozen=True)
class Model:
    """A model and what it accepts.

    Attributes:
        id: what an answer's `model` says.
        aliases: other names a request may use; the answer still says `id`.
        thinking: the `thinking.type` values it accepts (Claude).
        thinks: thinking is on when the request does not say (Claude); reasoning tokens are spent (OpenAI).
        omits: thinking text is left out unless `display` asks for it.
        prefix_check: what becomes of thinking from another conversation.
        binds_account: no other account's requests may replay its thinking.
        reads_own_only: thinking of any other model is dropped; else that of models of another generation.
        cache_minimum: how many tokens a cached prefix has at least.
    """

    id: str
    vendor: Literal["anthropic", "openai"]
    title: str
    created: str
    aliases: tuple[str, ...] = ()
    sampling: Sampling = Sampling.OK
    thinking: frozenset[ThinkingKind] = frozenset()
    thinks: bool = False
    omits: bool = False
    prefill: bool = True
    system_turns: bool = False
    tokenizer: Tokenizer = OLDER_TOKENIZER
    prefix_check: PrefixCheck = PrefixCheck.NONE
    binds_account: bool = False
    reads_own_only: bool = False
    cache_minimum: int = 1024
    max_input_tokens: int = 1_000_000
    max_output_tokens: int = 128_000

    def reads(self, model_id: str) -> bool:
        """May thinking of that model be shown to this one?"""
        return self.id == model_id or (not self.reads_own_only and _generation(self.id) == _generation(model_id))

    @property
    def line(self) -> str:
        """The family word of a Claude id: `opus` of `claude-opus-4-8`."""
        return self.id.split("-")[1]


def _generation(model_id: str) -> str:
    """The `4` of `claude-opus-4-8`."""
    return next((part for part in model_id.split("-") if part.isdecimal()), "")


_CLASSIC: frozenset[ThinkingKind] = frozenset({"enabled", "disabled"})
_BOTH: frozenset[ThinkingKind] = frozenset({"enabled", "adaptive", "disabled"})
_ADAPTIVE: frozenset[ThinkingKind] = frozenset({"adaptive", "disabled"})
_ALWAYS: frozenset[ThinkingKind] = frozenset({"adaptive"})


def _claude_4_5(model_id: str, title: str, created: str, cache_minimum: int = 1024) -> Model:
    return Model(
        model_id,
        "anthropic",
        title,
        created,
        aliases=(model_id.rsplit("-", 1)[0],),
        thinking=_CLASSIC,
        cache_minimum=cache_minimum,
        max_input_tokens=200_000,
        max_output_tokens=64_000,
    )


def _claude_4_6(model_id: str, title: str, created: str) -> Model:
    return Model(model_id, "anthropic", title, created, thinking=_BOTH, prefill=False)


def _claude_4_8(model_id: str, title: str, created: str) -> Model:
    return Model(
        model_id,
        "anthropic",
        title,
        created,
        sampling=Sampling.REFUSED,
        thinking=_ADAPTIVE,
        omits=True,
        prefill=False,
        system_turns=True,
        tokenizer=NEWER_TOKENIZER,
    )


def _claude_5(
    model_id: str, title: str, created: str, sampling: Sampling, thinking: frozenset[ThinkingKind], **more: Any
) -> Model:
    return Model(
        model_id,
        "anthropic",
        title,
        created,
        sampling=sampling,
        thinking=thinking,
        thinks=True,
        prefill=False,
        system_turns=True,
        tokenizer=NEWER_TOKENIZER,
        **more,
    )


def _gpt(model_id: str, created: str, *aliases: str, reasons: bool = False) -> Model:
    sampling = Sampling.REFUSED if reasons else Sampling.OK
    return Model(
        model_id,
        "openai",
        model_id,
        created,
        aliases,
        sampling,
        thinks=reasons,
        tokenizer=GPT_TOKENIZER,
        max_input_tokens=922_000,
    )


CLAUDE = (
    _claude_5(
        *("claude-haiku-5-5", "Claude Haiku 5.5", "2026-10-07", Sampling.DEFAULT_ONLY, _ADAPTIVE),
        binds_account=True,
        reads_own_only=True,
        cache_minimum=512,
    ),
    _claude_5(*("claude-sonnet-5-5", "Claude Sonnet 5.5", "2026-10-07", Sampling.DEFAULT_ONLY, _ADAPTIVE), binds_account=True),
    _claude_5(
        *("claude-opus-5-5", "Claude Opus 5.5", "2026-09-22", Sampling.REFUSED, _ALWAYS),
        prefix_check=PrefixCheck.ON_REQUEST,
        cache_minimum=512,
    ),
    _claude_5(
        *("claude-fable-5-1", "Claude Fable 5.1", "2026-08-19", Sampling.REFUSED, _ALWAYS), prefix_check=PrefixCheck.ENFORCED
    ),
    _claude_5(
        *("claude-mythos-5-1", "Claude Mythos 5.1", "2026-08-19", Sampling.REFUSED, _ALWAYS), prefix_check=PrefixCheck.RECORDED
    ),
    _claude_4_8("claude-opus-4-8", "Claude Opus 4.8", "2026-05-20"),
    _claude_4_8("claude-opus-4-7", "Claude Opus 4.7", "2026-04-14"),
    _claude_4_6("claude-sonnet-4-6", "Claude Sonnet 4.6", "2026-02-17"),
    _claude_4_6("claude-opus-4-6", "Claude Opus 4.6", "2026-02-05"),
    _claude_4_5("claude-opus-4-5-20251101", "Claude Opus 4.5", "2025-11-24"),
    _claude_4_5("claude-haiku-4-5-20251001", "Claude Haiku 4.5", "2025-10-15", 4096),
    _claude_4_5("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", "2025-09-29"),
)
GPT = (
    _gpt("gpt-5.5-2026-04-23", "2026-04-23", "gpt-5.5", reasons=True),
    _gpt("gpt-5.4-2026-03-05", "2026-03-05", "gpt-5.4", reasons=True),
    _gpt("gpt-5.4-mini", "2026-03-17"),
    _gpt("gpt-4.1", "2025-04-14"),
    _gpt("gpt-4o", "2024-05-13"),
    _gpt("gpt-4o-mini", "2024-07-18"),
)
_BY_NAME = {name: model for model in (*CLAUDE, *GPT) for name in (model.id, *model.aliases)}


def find_model(name: str, vendor: str) -> Model | None:
    """The vendor's model of that id or alias; None where it serves no such model. Case matters."""
    model = _BY_NAME.get(name)
    return model if model is not None and model.vendor == vendor else None
