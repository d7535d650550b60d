"""What becomes of replayed thinking: whom a block was made for, by which model, and behind which conversation (CHECKS 3.1)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from app.simulator.model.host import THINKING_CONTROLS, Host
from app.simulator.model.models import Model, PrefixCheck, find_model
from app.simulator.model.seals import Origin, unseal
from app.simulator.shared.refusals import ThinkingRefusedError
from app.simulator.shared.validation import JsonObject

THINKING = ("thinking", "redacted_thinking")
_MARKS = ("cache_control", "caller", "citations")


class Binding:
    """The checks of one request's thinking blocks.

    Attributes:
        transformations: what was dropped, or shown though it does not fit, in the request's order.
    """

    def __init__(self, host: Host, model: Model, body: JsonObject, on_mismatch: str | None) -> None:
        """`on_mismatch` is what the request sets for thinking from another conversation: `error`, `drop_block` or None."""
        self._host = host
        self._model = model
        self._on_mismatch = on_mismatch
        self._opening = [_plain(body.get("system") or []), _plain(body.get("tools") or [])]
        self.transformations: list[dict[str, str]] = []

    def prefix(self, turns: list[tuple[str, list[JsonObject]]]) -> str:
        """The digest of system, tools and these turns. Thinking is no part of it: it may be left out of earlier turns."""
        told = [(role, [_plain(block) for block in blocks if block.get("type") not in THINKING]) for role, blocks in turns]
        return hashlib.sha256(json.dumps([*self._opening, told], sort_keys=True).encode()).hexdigest()[:24]

    def origin(self, prefix: str) -> Origin:
        """What the answer's own thinking is sealed with."""
        recorded = "" if self._model.prefix_check is PrefixCheck.NONE else prefix
        return Origin(self._model.id, self._host.account, recorded)

    def admit(self, block: JsonObject, path: str, prefix: str) -> int | None:
        """What a block counts that reaches the model; None for one that is dropped. Raises ThinkingRefusedError."""
        kind = str(block["type"])
        field = "signature" if kind == "thinking" else "data"
        text = str(block.get("thinking", ""))
        origin = unseal(str(block[field]), text)
        if not self._host.signatures_checked:
            return origin.tokens if origin is not None else self._host.tokenizer(self._model).count(text)
        if origin is None:
            raise ThinkingRefusedError(400, f"{path}: Invalid `{field}` in `{kind}` block")
        reason = self._mismatch(origin, prefix)
        if reason == "prefix_binding_mismatch":
            if not self._enforced:
                self._note("thinking_mismatch_allowed", path, reason)
                return origin.tokens
            if self._on_mismatch != "drop_block":
                raise ThinkingRefusedError(
                    400, f"{path}: Invalid `{field}` in `{kind}` block: the block is bound to a different conversation"
                )
        if reason:
            self._note("thinking_dropped", path, reason)
            return None
        return origin.tokens

    @property
    def reported(self) -> tuple[dict[str, str], ...] | None:
        """The transformations, where the request asks for them."""
        return tuple(self.transformations) if THINKING_CONTROLS in self._host.betas else None

    @property
    def _enforced(self) -> bool:
        check = self._model.prefix_check
        return check is PrefixCheck.ENFORCED or (check is PrefixCheck.ON_REQUEST and self._on_mismatch is not None)

    def _mismatch(self, origin: Origin, prefix: str) -> str:
        """The check that fails, by the vendor's precedence; "" for none."""
        made_by = find_model(origin.model, "anthropic")
        if made_by is not None and made_by.binds_account and origin.account != self._host.account:
            return "organization_binding_mismatch"
        if not self._model.reads(origin.model):
            return "model_binding_mismatch"
        if self._model.prefix_check is not PrefixCheck.NONE and origin.prefix != prefix:
            return "prefix_binding_mismatch"
        return ""

    def _note(self, kind: str, path: str, reason: str) -> None:
        self.transformations.append({"type": kind, "path": path, "reason": reason})


def _plain(value: Any) -> Any:
    """A value without what says nothing to the model; a text is one block, as the vendor takes it."""
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if isinstance(value, list):
        return [_plain_block(item) for item in value]
    return _plain_block(value)


def _plain_block(value: Any) -> Any:
    return {name: item for name, item in value.items() if name not in _MARKS} if isinstance(value, dict) else value
