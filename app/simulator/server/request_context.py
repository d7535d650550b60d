"""One request to the simulator: what was asked, of which endpoint, with which faults in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.simulator.model.host import Host
from app.simulator.model.memory import Memory
from app.simulator.model.seals import NO_ORIGIN, Origin
from app.simulator.shared.events import Pace
from app.simulator.shared.refusals import CHAT, RESPONSES, RefusalError, error_document
from app.simulator.shared.validation import JsonObject


@dataclass
class RequestContext:
    """A request, and all that its response depends on.

    Attributes:
        protocol: a protocol's id, or `models`; for a path that belongs to none, the vendor's that fits its headers.
        path: below the endpoint's prefix, such as `/v1/messages`.
        headers: of the request, names in lower case.
        chosen: the faults in force, each with its value (0 where it takes none).
        host: who answers.
        relay: answers as a relay's host does, with a relay's headers.
        body: the JSON request, `{}` until it was read.
        origin: what reasoning in the answer is sealed with.
        kept: what one step of a fault leaves for a later one.
    """

    protocol: str
    path: str
    method: str
    headers: Mapping[str, str]
    chosen: Mapping[str, int]
    host: Host
    request_id: str
    pace: Pace
    relay: bool = False
    counting: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    body: JsonObject = field(default_factory=dict)
    origin: Origin = NO_ORIGIN
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def memory(self) -> Memory:
        """What the host remembers."""
        return self.host.memory

    def has(self, fault: str) -> bool:
        """Is this fault in force?"""
        return fault in self.chosen

    def value(self, fault: str) -> int:
        """The fault's number: its own default, or what was asked for (`cut_after_n=9`)."""
        return self.chosen[fault]

    @property
    def anthropic(self) -> bool:
        """Does the vendor speak Anthropic's shapes here? For the model list the request's headers tell."""
        if self.protocol in (CHAT, RESPONSES):
            return False
        return self.protocol != "models" or "anthropic-version" in self.headers or "x-api-key" in self.headers

    @property
    def streamed(self) -> bool:
        """Does the request ask for a stream?"""
        return self.body.get("stream") is True and not self.counting

    @property
    def keys(self) -> list[str]:
        """The keys the request carries: of `x-api-key`, then of `authorization`; an empty one counts as none."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer").strip()
        return [key for key in (self.headers.get("x-api-key", "").strip(), bearer) if key]

    def error(self, refusal: RefusalError) -> JsonObject:
        """The refusal's document in this vendor's shape."""
        return error_document(refusal, anthropic=self.anthropic, request_id=self.request_id)
