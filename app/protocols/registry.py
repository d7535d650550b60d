"""The protocols that Diptych speaks, by id. What they are seen from outside is light; what reads them is loaded when needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.protocols.base import Protocol
from app.protocols.chat.info import INFO as CHAT_INFO
from app.protocols.info import ProtocolInfo
from app.protocols.messages.info import INFO as MESSAGES_INFO
from app.protocols.responses.info import INFO as RESPONSES_INFO

Make = Callable[[], Protocol]


def _messages() -> Protocol:
    from app.protocols.messages.protocol import AnthropicMessages

    return AnthropicMessages()


def _chat() -> Protocol:
    from app.protocols.chat.protocol import OpenAIChat

    return OpenAIChat()


def _responses() -> Protocol:
    from app.protocols.responses.protocol import OpenAIResponses

    return OpenAIResponses()


_known: dict[str, tuple[ProtocolInfo, Make]] = {}
_made: dict[str, Protocol] = {}


def register(info: ProtocolInfo, make: Make) -> None:
    """Let Diptych speak a protocol; `make` is called when it is first needed."""
    _known[info.id] = (info, make)
    _made.pop(info.id, None)


def unregister(protocol_id: str) -> None:
    """Forget a protocol."""
    _known.pop(protocol_id, None)
    _made.pop(protocol_id, None)


def protocol_ids() -> tuple[str, ...]:
    """All ids, in the order in which they are offered."""
    return tuple(_known)


def info(protocol_id: str) -> ProtocolInfo:
    """What a protocol is seen from outside; KeyError for an id that is not known."""
    return _known[protocol_id][0]


def protocol(protocol_id: str) -> Protocol:
    """What builds its requests and reads its answers; KeyError for an id that is not known."""
    if protocol_id not in _made:
        _made[protocol_id] = _known[protocol_id][1]()
    return _made[protocol_id]


def title(protocol_id: str) -> str:
    """The protocol's name for people; the id itself where it is not known."""
    return _known[protocol_id][0].title if protocol_id in _known else protocol_id


def answered_in(document: Mapping[str, object]) -> str:
    """The protocol that a document, or a stream's first event, is an answer in; "" where it is none of them."""
    return next((one for one, (about, _) in _known.items() if about.is_answer(document)), "")


for _info, _make in ((MESSAGES_INFO, _messages), (CHAT_INFO, _chat), (RESPONSES_INFO, _responses)):
    register(_info, _make)
