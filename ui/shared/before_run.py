"""Why nothing can be sent to an endpoint yet, in words and with buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.asking.before_run import Missing, what_is_missing
from app.text.sentences import message, said, text_in_a_row, tr
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from app.diagnosis.model import ProfileChange
    from app.store.profiles import Profile
    from ui.shared.key_states import KeyState


_CALLED = {Missing.ADDRESS: message("the address"), Missing.KEY: message("the key"), Missing.MODEL: message("the model")}


def notice_before(
    profile: Profile | None,
    model: str,
    state: KeyState,
    offered: tuple[tuple[str, object], ...],
    *,
    needs_model: bool = True,
) -> Notice | None:
    """Why nothing can be sent, all of it at once, and what helps, the button for the first thing first.

    None where all is there. What is not known of a key yet counts as there.
    """
    missing = what_is_missing(profile, model, has_key=not state.is_lacking, needs_model=needs_model)
    if not missing:
        return None
    if profile is None:
        fix = tr("Choose one above, or add one on the Endpoints page.")
        return Notice(tr("No endpoint is chosen"), fix=fix, actions=(_change("edit", message("Edit the endpoint…")),))
    notices = [_notice_of(one, profile, state, offered) for one in missing]
    return notices[0] if len(notices) == 1 else _together(tuple(said(_CALLED[one]) for one in missing), notices)


def _notice_of(missing: Missing, profile: Profile, state: KeyState, offered: tuple[tuple[str, object], ...]) -> Notice:
    """The notice of one thing that is missing."""
    if missing is Missing.ADDRESS:
        from app.diagnosis.address import Address  # neither before something is wrong
        from app.secrets.names import shown_url

        empty, address = not profile.base_url.strip(), Address(profile.base_url, "", profile.protocol)
        whole = shown_url(address.with_scheme) if address.lacks_scheme else ""
        cause = tr("The base URL of “{name}” is {empty:if empty|no http address}.", name=profile.name, empty=empty)
        return Notice(
            tr("There is no address to send to"),
            cause,
            tr(
                "{whole:if Write it as {whole}.|{empty:if Fill it in.|Correct it: it begins with http:// or https://.}}",
                whole=whole,
                empty=empty,
            ),
            actions=(_change("edit", message("Edit the endpoint…")),),
        )
    if missing is Missing.KEY:
        return _no_key(profile, state, offered)
    fix = tr("Type a model's name above, or choose one from the endpoint's list.")
    return Notice(tr("No model is chosen"), fix=fix, role="warn", actions=(_change("models", message("Choose a model…")),))


def _together(things: tuple[str, ...], notices: list[Notice]) -> Notice:
    """Several of one side as one: who fills in the first would else be told of the next, one press of Run after the other."""
    lines = [text_in_a_row((one.cause, one.fix)) for one in notices]
    title = tr("Nothing was sent: {things:list} are missing", things=things)
    about = next((one.about for one in notices if one.about), "")
    actions = tuple(action for one in notices for action in one.actions)
    return Notice(title, lines[0], text_in_a_row(lines[1:]), about=about, actions=actions)


def _no_key(profile: Profile, state: KeyState, offered: tuple[tuple[str, object], ...]) -> Notice:
    cause = state.trouble or tr("No key is saved for “{name}”, and it needs one.", name=profile.name)
    fix = tr("Enter it: it is kept in this system's keyring and sent to this endpoint only.")
    if state.kind == "unavailable":
        fix = tr("Enter it, and choose to keep it in memory.")
    if offered:
        fix = tr("Enter it, or use the one that your environment offers.")
    return Notice(
        tr("No key, so nothing was sent"),
        cause,
        fix,
        about="key",
        actions=(_change("key", message("Enter the key…")), *offered),
    )


def _change(field: str, label: str) -> tuple[str, ProfileChange]:
    from app.diagnosis.model import ProfileChange

    change = ProfileChange(field, "", label)
    return change.label, change
