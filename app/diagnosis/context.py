"""What a diagnosis may know besides the recording."""

from __future__ import annotations

import msgspec


class Context(msgspec.Struct, frozen=True):
    """Everything may be left out.

    `base_url`, `auth` and `protocol` default to those in the recording's envelope. `key_sent` None: judged by the request's
    headers. `key_shape` and `key_oddity` come from the functions of these names; the key itself never comes along. `models`
    is the endpoint's list, None where it is not known.
    """

    base_url: str = ""
    auth: str = ""
    protocol: str = ""
    key_sent: bool | None = None
    key_shape: str = ""
    key_oddity: str = ""
    models: tuple[str, ...] | list[str] | None = None
