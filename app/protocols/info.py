"""What varies by protocol, as data: everything that code outside a protocol's room asks of it.

Nothing here has a default that would be another vendor's: who adds a protocol says all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec


class Sdk(msgspec.Struct, frozen=True, kw_only=True):
    """The official SDKs, as snippets write them and as keys in the environment are named (PROTOCOLS 6.1).

    `styles` gives the client's argument for the way in which a key is sent: "" (no key), "x-api-key" or "bearer"; a way that is
    missing can't be sent by the SDK. `node_styles` are those of Node. `variables` are the environment variables by the same
    ways, the usual one first. `arguments` are the fields that the Python method takes by name.
    """

    python: str
    node: str
    client: str
    method: str
    styles: Mapping[str, str]
    node_styles: Mapping[str, str]
    variables: Mapping[str, str]
    base_url_variable: str
    arguments: frozenset[str]
    user_agent: str


class ProtocolInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One wire protocol, seen from outside.

    Attributes:
        id: as profiles and recordings hold it.
        title, short_title: for people; the short one where there is little room.
        base_url_hint: an example of a base URL as the official SDK takes it, a message.
        version_in_base_url: it ends in /v1; else the SDK adds that itself.
        paths: what stands behind a base URL in a full address, the longest first.
        own_folder: the folder under which relays offer this protocol beside others, "" for none.
        also_without_version: servers offer it without /v1 too.
        alternatives: the protocols that an endpoint may speak instead, the likeliest first.
        default_auth: how a new profile sends its key: "x-api-key" or "bearer".
        version_header: the request names a version of the API in a header, and features of it in another.
        error_format: whose error documents its first party sends.
        end_mark: what ends an answer, as a message.
        done_mark: a stream ends with `data: [DONE]`.
        ended_by_itself: the stop reason of an answer that was not cut.
        blocks_by_name: SDKs read the events that have a name and skip those without; else they read every block of a stream.
        model_required: an answer without a model's name is found by the reader already.
        has_reasoning: its answers have a place for reasoning; where they have none, the reader finds one that is nothing else.
        lacks: the fields of `app.protocols.base.Options` that it has no field for.
        cache_in_input: cached tokens are in the count of input tokens.
        model_prefix: how all of the first party's models begin, "" where they don't share a beginning.
        demo_model: the model that the simulator serves under this protocol, "" where it does not speak it.
        demo_suffix: what tells the demo's profiles of this protocol from the others.
        sdk: None where there is no official one.
        is_answer: whether a document, or a stream's first event, is an answer in this protocol.
        is_whole: whether a document that is an answer is a whole one, not an event of a stream.
        says_end: whether the data of an event says why the answer ended.
        is_end: whether the data of an event ends the answer, and brings nothing of it.
    """

    id: str
    title: str
    short_title: str
    base_url_hint: str
    version_in_base_url: bool
    paths: tuple[str, ...]
    own_folder: str
    also_without_version: bool
    alternatives: tuple[str, ...]
    default_auth: str
    version_header: bool
    error_format: Literal["anthropic-error", "openai-error"]
    end_mark: str
    done_mark: bool
    ended_by_itself: str
    blocks_by_name: bool
    model_required: bool
    has_reasoning: bool
    lacks: frozenset[str]
    cache_in_input: bool
    model_prefix: str
    demo_model: str
    demo_suffix: str
    sdk: Sdk | None
    is_answer: Callable[[Mapping[str, object]], bool]
    is_whole: Callable[[Mapping[str, object]], bool]
    says_end: Callable[[Mapping[str, object]], bool]
    is_end: Callable[[Mapping[str, object]], bool]
