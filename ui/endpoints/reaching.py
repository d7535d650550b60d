"""Gets an endpoint ready to be asked from its page: an address, its key, and the user's leave where that would be readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.asking.caller import Caller
from app.store.keys import KeyStoreUnavailable
from app.text.sentences import tr
from ui.shared.demo import DemoError

if TYPE_CHECKING:
    from app.store.profiles import Profile
    from ui.shared.services import Services


class NotReached(Exception):  # noqa: N818  # nothing failed: nothing was asked
    """Why nothing was asked. `title` is "" where the user did not want it; `about_key`: another key may help."""

    def __init__(self, title: str = "", sentence: str = "", *, about_key: bool = False) -> None:
        super().__init__(sentence)
        self.title, self.sentence, self.about_key = title, sentence, about_key


async def reach(services: Services, profile: Profile, over: QWidget) -> Caller:
    """Who asks this endpoint. A question to the user stands over `over`. Raises NotReached."""
    if not profile.base_url.strip():
        raise NotReached(tr("There is no address to ask"), tr("Fill in the base URL first."))
    try:
        key = await services.keys.key_for(profile)
        if not await services.plain_text.may_send(profile, key, over):
            raise NotReached
        return Caller(services.wire, await services.demo.started(profile), key)
    except KeyStoreUnavailable as error:
        raise NotReached(tr("The key can't be read"), error.sentence, about_key=True) from error
    except DemoError as error:
        raise NotReached(tr("The demo did not start"), str(error)) from error
