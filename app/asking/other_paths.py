"""Asks the same origin on other paths where an exchange ended as if its path or protocol were wrong; nothing is generated.

The requests go to the origin of the profile's own base URL, with its own key, headers and network, on lines of their own; no
redirect is followed. What came is kept in the recording (`Asked`), without a word of the endpoint's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from app import __version__
from app.diagnosis.other_paths import EMPTY_REQUEST, PathToAsk, judge, paths_to_ask
from app.exchange.exchange import Exchange
from app.protocols import protocol
from app.recording.records import Asked, Envelope
from app.secrets.masking import Masker
from app.secrets.names import MASK, shown_url
from app.store.profiles import Profile, to_network, to_note, to_target
from app.wire.frames import Limits, LineName

if TYPE_CHECKING:
    from app.wire.client import WireClient

LINES: tuple[LineName, LineName] = ("paths-1", "paths-2")
LIMITS = Limits(connect_s=5.0, first_byte_s=5.0, silence_s=3.0, total_s=8.0, body_bytes=64 << 10)
ALL_S = 15.0

OnAsked = Callable[[Asked], None]


def in_protocol(profile: Profile, protocol_id: str, base_url: str) -> Profile:
    """The profile in a protocol at a base URL: its auth style follows where it was the old protocol's usual."""
    auth = profile.auth
    if auth == protocol(profile.protocol).default_auth:
        auth = protocol(protocol_id).default_auth
    return msgspec.structs.replace(profile, protocol=protocol_id, auth=auth, base_url=base_url)


async def ask_other_paths(
    wire: WireClient, profile: Profile, key: str, secrets: tuple[str, ...], on_asked: OnAsked, all_s: float = ALL_S
) -> None:
    """Ask until a path answers, none is left, or `all_s` seconds are over; `on_asked` is told each as it is known.

    Never raises for what the endpoint does. Cancelling closes the sockets.
    """
    search = _Search(wire, profile, key, secrets, on_asked)
    try:
        async with asyncio.timeout(all_s):
            await search.run(paths_to_ask(profile.base_url, profile.protocol))
    except TimeoutError:
        return


class _Search:
    def __init__(self, wire: WireClient, profile: Profile, key: str, secrets: tuple[str, ...], on_asked: OnAsked) -> None:
        self._wire, self._profile, self._key = wire, profile, key
        self._secrets, self._masker = secrets, Masker(secrets)
        self._on_asked = on_asked

    async def run(self, wanted: list[PathToAsk]) -> None:
        """Two at a time. The first path is the address itself: where it speaks after all, there is nothing to look for."""
        for at in range(0, len(wanted), len(LINES)):
            pair = wanted[at : at + len(LINES)]
            came = await asyncio.gather(*(self._ask(one, one.url, line) for one, line in zip(pair, LINES, strict=False)))
            if await self._is_enough(pair, came) or all(not one.status for one in came):
                return

    async def _is_enough(self, pair: list[PathToAsk], came: list[Asked]) -> bool:
        """Tell what came. A path that speaks counts where a neighbour that no server has is absent."""
        hits = [path for path, one in zip(pair, came, strict=True) if one.verdict == "speaks"]
        if not hits:
            for one in came:
                self._on_asked(one)
            return False
        control = await self._ask(hits[0], hits[0].control_url, LINES[0], control=True)
        for path, one in zip(pair, came, strict=True):
            proven = control.verdict == "absent" and path is hits[0]
            self._on_asked(one if proven or one.verdict != "speaks" else msgspec.structs.replace(one, verdict="unclear"))
            if path is hits[0]:
                self._on_asked(control)
        return True

    async def _ask(self, path: PathToAsk, url: str, line: LineName, *, control: bool = False) -> Asked:
        profile = in_protocol(self._profile, path.protocol, path.base_url)
        request = protocol(path.protocol).build_raw(EMPTY_REQUEST, to_target(profile, self._key))
        assert urlsplit(url)[:2] == urlsplit(request.url)[:2], "the key stays with the origin it was meant for"
        note = to_note(profile)
        recording = await self._wire.exchange(
            Envelope(path.protocol, note, "paths", app_version=__version__),
            msgspec.structs.replace(request, url=url),
            side=line,
            limits=LIMITS,
            network=msgspec.structs.replace(to_network(profile), keep_connection=False),
            secrets=self._secrets,
        )
        one = Exchange(recording, decoded_limit_bytes=LIMITS.body_bytes).finish()
        answer, verdict = judge(one, path.protocol)
        if control and verdict == "speaks":
            verdict = "unclear"  # what answers there too says nothing of any path
        base_url = shown_url(path.base_url)
        return Asked(
            path.protocol,
            base_url if MASK not in base_url and self._masker.mask_text(base_url) == base_url else "",
            self._masker.mask_url(urlsplit(url).path),
            one.status,
            answer,
            verdict,
            control,
        )
