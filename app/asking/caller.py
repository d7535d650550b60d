"""Asks one endpoint: what is between a profile with its key and a finished exchange, whatever is asked and by whom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from app import __version__
from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.recording.body import BODY_LIMIT_BYTES
from app.recording.recording import Recording
from app.recording.records import Envelope, ProfileNote, Record, Request, SideName, Wanted
from app.secrets.masking import Masker, request_secrets
from app.secrets.names import header_secrets, shown_url, url_secrets
from app.store.presets import is_demo
from app.store.profiles import Profile, price_table
from app.wire.client import Call, Journal, WireClient
from app.wire.commands import Limits, LineName, Network

READ_S = 0.002

OnExchange = Callable[[Exchange], None]
"""Called after each batch of records that reached an exchange, and once at its end. Do little in it."""


class Purpose(msgspec.Struct, frozen=True):
    """What a request is sent for: the line that it goes out on, what its recording says of it, and how large an answer may be.

    `model`, `side`, `round`, `streamed`, `check`, `step`, `attempt` and `wanted` as in `Envelope`; `body_bytes` as in
    `app.wire.commands.Limits`.
    """

    line: LineName
    scenario: str
    model: str = ""
    side: SideName | None = None
    round: int = 1
    streamed: bool = False
    body_bytes: int = BODY_LIMIT_BYTES
    check: str = ""
    step: str = ""
    attempt: int = 1
    wanted: Wanted = Wanted.ANSWER


class Caller:
    """One endpoint that can be asked: its profile and key, over a wire process.

    Attributes:
        profile, key: the endpoint; the key is "" where none is sent.
        target: the same, as protocols take it to build a request.
        secrets: what is masked in all that is stored of an exchange.
    """

    def __init__(self, wire: WireClient, profile: Profile, key: str = "", more_secrets: tuple[str, ...] = ()) -> None:
        """`more_secrets` are masked besides those of the profile and the key."""
        self._wire = wire
        self.profile, self.key = profile, key
        self.target = to_target(profile, key)
        self._masker: Masker | None = None  # the last one, kept for the next request
        self.secrets = tuple(dict.fromkeys((*secrets_of(profile, key), *more_secrets)))

    def at(self, profile: Profile) -> Caller:
        """The same caller for its profile at another address; what was secret stays so."""
        return Caller(self._wire, profile, self.key, self.secrets)

    async def exchange(
        self, request: Request, purpose: Purpose, on_change: OnExchange | None = None, journal: Journal | None = None
    ) -> Exchange:
        """One exchange, read to its end. Never raises for what the endpoint does; see `WireClient.exchange` for the rest.

        While it runs, its reader is whoever is told by `on_change`: a window calls `Exchange.advance` at its own pace.
        """
        self._masker = masker = Masker.shared((*self.secrets, *request_secrets(request)))
        opened: list[Exchange] = []

        def on_records(recording: Recording, _records: list[Record]) -> None:
            if not opened:
                opened.append(Exchange(recording, masker, purpose.body_bytes))
            if on_change is not None:
                on_change(opened[0])

        limits = to_limits(self.profile, purpose.body_bytes)
        call = Call(self.envelope(purpose), request, purpose.line, limits, to_network(self.profile), self.secrets)
        on_records(await self._wire.exchange(call, on_records, journal), [])
        one = opened[0]
        while one.advance_for(READ_S):  # noqa: ASYNC110 -- it yields and waits for nothing
            await asyncio.sleep(0)  # a long answer takes many slices; the loop stays free between them
        return one

    def envelope(self, purpose: Purpose) -> Envelope:
        """What a recording says of a request of this endpoint that begins now."""
        return Envelope(
            self.profile.protocol,
            to_note(self.profile),
            purpose.scenario,
            purpose.model,
            purpose.side,
            purpose.round,
            purpose.streamed,
            utc_now(),
            __version__,
            purpose.check,
            purpose.step,
            purpose.attempt,
            purpose.wanted,
        )


def utc_now() -> str:
    """Now, as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def secrets_of(profile: Profile, key: str) -> tuple[str, ...]:
    """What must be masked in all that is stored of an exchange: the key, and those in the profile's headers and addresses."""
    in_urls = (*url_secrets(profile.base_url), *url_secrets(profile.proxy))
    secrets = (key.strip(), *header_secrets(profile.headers), *in_urls)
    return tuple(secret for secret in dict.fromkeys(secrets) if secret)


def to_target(profile: Profile, key: str) -> Target:
    """Where and how a request goes out; `key` may be empty."""
    return Target(
        base_url=profile.base_url,
        auth=profile.auth,
        key=key,
        headers=profile.headers,
        anthropic_version=profile.anthropic_version,
        anthropic_beta=profile.anthropic_beta,
    )


def to_note(profile: Profile) -> ProfileNote:
    """What a recording remembers of the profile: no key, login or secret parameter inside the address."""
    return ProfileNote(
        name=profile.name,
        base_url=shown_url(profile.base_url),
        protocol=profile.protocol,
        auth=profile.auth,
        label=profile.label,
        verify_tls=profile.verify_tls,
        prices=price_table(profile.prices),
        client=profile.client,
        demo=profile.uid if is_demo(profile) else "",
    )


def to_limits(profile: Profile, body_bytes: int = BODY_LIMIT_BYTES) -> Limits:
    """The limits of one exchange: those of time are the profile's."""
    limits = profile.limits
    return Limits(limits.connect_s, limits.first_byte_s, limits.silence_s, limits.total_s, body_bytes)


def to_network(profile: Profile) -> Network:
    """How to reach the endpoint."""
    return Network(
        proxy=profile.proxy,
        ca_file=profile.ca_file,
        verify_tls=profile.verify_tls,
        http2=profile.http2,
        keep_connection=profile.keep_connection,
    )
