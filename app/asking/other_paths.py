"""Asks the same origin on other paths where an exchange ended as if its path or protocol were wrong; nothing is generated.

The requests go to the origin of the profile's own base URL, with its own key, headers and network, on lines of their own; no
redirect is followed. What came is kept in the recording (`Asked`), without a word of the endpoint's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from app.asking.caller import Caller, Purpose
from app.asking.changes import in_protocol
from app.diagnosis.candidates import EMPTY_REQUEST, PathToAsk, judge, may_be_there, paths_to_ask
from app.protocols.registry import protocol
from app.recording.records import Asked
from app.secrets.masking import Masker
from app.secrets.names import MASK, shown_url
from app.store.profiles import ProfileLimits
from app.text.sentences import tr
from app.wire.commands import LineName

LINES: tuple[LineName, LineName] = ("paths-1", "paths-2")
LIMITS = ProfileLimits(connect_s=5.0, first_byte_s=5.0, silence_s=3.0, total_s=8.0)
BODY_BYTES = 64 << 10
ALL_S = 15.0
MAX_REQUESTS = 9

OnAsked = Callable[[Asked], None]


async def ask_other_paths(caller: Caller, on_asked: OnAsked, all_s: float = ALL_S) -> None:
    """Ask until a path answers, none is left, or `all_s` seconds are over; `on_asked` is told each as it is known.

    Never raises for what the endpoint does. Cancelling closes the sockets.
    """
    search = _Search(caller, on_asked)
    try:
        async with asyncio.timeout(all_s):
            await search.run(paths_to_ask(caller.profile.base_url, caller.profile.protocol))
    except TimeoutError:
        return


class _Search:
    def __init__(self, caller: Caller, on_asked: OnAsked) -> None:
        """`caller` is for the address that did not answer."""
        self._caller, self._on_asked = caller, on_asked
        self._sent = 0
        self._controls: dict[str, Asked] = {}
        self._masker = Masker(caller.secrets)
        self._profile = msgspec.structs.replace(caller.profile, limits=LIMITS, keep_connection=False)

    async def run(self, wanted: list[PathToAsk]) -> None:
        """Two at a time. The first path is the address itself: where it speaks after all, there is nothing to look for."""
        for at in range(0, len(wanted), len(LINES)):
            pair = wanted[at : at + len(LINES)][: MAX_REQUESTS - self._sent]
            if not pair:
                return
            came = await asyncio.gather(*(self._ask(one, one.url, line) for one, line in zip(pair, LINES, strict=False)))
            if await self._is_enough(pair, came) or all(not one.status for one in came):
                return

    async def _is_enough(self, pair: list[PathToAsk], came: list[Asked]) -> bool:
        """Tell what came. A path that speaks counts where a neighbour that no server has is absent, and so does one that fails
        in JSON. The first that is proven is enough, and so is one that speaks, where nothing can be proven.
        """
        proven = False
        for path, one in zip(pair, came, strict=True):
            known = path.control_url in self._controls
            tried = not proven and (one.verdict == "speaks" or may_be_there(one))
            if tried:
                proven = await self._is_absent(path)
            speaks = tried and proven
            if one.verdict != "absent":
                one = msgspec.structs.replace(one, verdict="speaks" if speaks else "unclear")
            self._on_asked(one)
            if tried and not known and path.control_url in self._controls:
                self._on_asked(self._controls[path.control_url])
        return proven or any(one.verdict == "speaks" for one in came)

    async def _is_absent(self, path: PathToAsk) -> bool:
        """Whether the path's neighbour, which no server has, is absent; False where no request is left to ask for it."""
        url = path.control_url
        if url not in self._controls and self._sent < MAX_REQUESTS:
            self._controls[url] = await self._ask(path, url, LINES[0], control=True)
        return url in self._controls and self._controls[url].verdict == "absent"

    async def _ask(self, path: PathToAsk, url: str, line: LineName, *, control: bool = False) -> Asked:
        self._sent += 1
        caller = self._caller.at(in_protocol(self._profile, path.protocol, path.base_url))
        request = protocol(path.protocol).build_raw(EMPTY_REQUEST, caller.target)
        assert urlsplit(url)[:2] == urlsplit(request.url)[:2], tr("the key stays with the origin it was meant for")
        request = msgspec.structs.replace(request, url=url)
        one = await caller.exchange(request, Purpose(line, "paths", body_bytes=BODY_BYTES))
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
