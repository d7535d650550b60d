"""Leave to send a key in plain text: asked for once for each key and machine, whatever page sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.store.profiles import Profile


class PlainTextLeave:
    """Remembers for as long as the window lives what the user allowed."""

    def __init__(self) -> None:
        self._given: set[tuple[str, str]] = set()

    def host_to_ask_about(self, profile: Profile, key: str) -> str:
        """The machine that would get the key in plain text without leave; "" where none would."""
        from app.asking.plain_text import plain_text_host

        host = plain_text_host(profile, key)
        return "" if (profile.uid, host) in self._given else host

    async def may_send(self, profile: Profile, key: str, over: QWidget) -> bool:
        """Whether the key may go to where the profile leads. Where it must be asked, the question stands over `over`."""
        host = self.host_to_ask_about(profile, key)
        if not host:
            return True
        from ui.shared.confirm import confirm_plain_text

        if await confirm_plain_text(over, profile.name, host):
            self._given.add((profile.uid, host))
            return True
        return False
