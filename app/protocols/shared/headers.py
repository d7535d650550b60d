"""The headers of every request, whatever the protocol."""

from __future__ import annotations

from app import __version__
from app.protocols.base import Target
from app.recording.records import Headers

_CREDENTIALS = ("authorization", "x-api-key")


def request_headers(target: Target, *, body: bool, vendor: Headers = (), one_credential: bool = False) -> Headers:
    """Content type (of a request with a `body`), accept, user agent, the vendor's own, and the key as `target.auth` says.

    Those of `vendor` that are empty are left out. The profile's extra headers take the place of ours of the same name.
    `one_credential`: where the profile brings a credential of its own under any name, ours is left out.
    """
    content_type: Headers = (("content-type", "application/json"),) if body else ()
    ours = (("accept", "application/json"), ("user-agent", f"Diptych/{__version__}"))
    said = tuple((name, text) for name, value in vendor if (text := _one_line(value)))
    extra = tuple((name.strip(), _one_line(value)) for name, value in target.headers if name.strip())
    brings_own = one_credential and any(name.lower() in _CREDENTIALS for name, _ in extra)
    return _merged((*content_type, *ours, *said, *(() if brings_own else _credential(target))), extra)


def _merged(ours: Headers, extra: Headers) -> Headers:
    named = {name.lower() for name, _ in extra}
    return (*((name, value) for name, value in ours if name not in named), *extra)


def _credential(target: Target) -> Headers:
    key = "".join(target.key.split())  # a pasted key often brings a line end along
    if not key:
        return ()
    return (("x-api-key", key) if target.auth == "x-api-key" else ("authorization", f"Bearer {key}"),)


def _one_line(value: str) -> str:
    return " ".join(value.split())
