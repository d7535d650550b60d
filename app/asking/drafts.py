"""What the Endpoints page edits: the saved profiles, the changes to them that are not saved yet, and new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from app.diagnosis.address import Address, spoken_at
from app.formats.curl import Pasted
from app.protocols.registry import info
from app.store.presets import Preset, is_demo, profile_of
from app.store.profiles import Profile, ProfileStore, Removed, fault_of, free_name, new_uid
from app.text.sentences import text_in_a_row, tr

if TYPE_CHECKING:
    from app.formats.endpoint_files import Found


class Taken(NamedTuple):
    """A profile that is gone: what the file said of it, and the changes that were not saved; None where there were none."""

    removed: Removed | None
    draft: Profile | None


class Offered(NamedTuple):
    """An endpoint that was found, and the profile that it would be.

    `why_not` is a clause, "" where it can be taken; `same_as` the name of a profile of the same address, protocol and model.
    """

    found: Found
    profile: Profile
    why_not: str
    same_as: str


def offered(found: Iterable[Found], there: Sequence[Profile]) -> list[Offered]:
    """Each with a name that neither one of `there` nor one before it has, and without its key, which goes to the keyring."""
    taken, rows = list(there), []
    for one in found:
        profile = with_pasted(Profile(name=free_name(one.name, taken)), one.pasted)
        why = one.why_not or ("" if profile.base_url else tr("it names no address")) or fault_of(profile)
        alike = (profile.base_url.rstrip("/"), profile.protocol, profile.model)
        same = next((had.name for had in there if (had.base_url.rstrip("/"), had.protocol, had.model) == alike), "")
        rows.append(Offered(one, profile, why, "" if why else same))
        taken.append(profile)
    return rows


class Drafts:
    """Profiles as they are on screen. A draft lives until it is saved or taken back; nothing here writes but `save`."""

    def __init__(self, store: ProfileStore) -> None:
        self._store = store
        self._changed: dict[str, Profile] = {}

    @property
    def profiles(self) -> list[Profile]:
        """The user's profiles as they are on screen: the saved ones in their order, then the new ones."""
        saved = [self._changed.get(one.uid, one) for one in self._store.profiles]
        return [*saved, *(one for uid, one in self._changed.items() if self.saved(uid) is None)]

    @property
    def unsaved(self) -> list[Profile]:
        """Those with changes that are not saved."""
        return list(self._changed.values())

    def saved(self, uid: str) -> Profile | None:
        """The profile as it is in the file; None for a new one."""
        return next((one for one in self._store.profiles if one.uid == uid), None)

    def get(self, uid: str) -> Profile | None:
        """The profile as it is on screen; None where there is none of that uid."""
        return self._changed.get(uid) or self.saved(uid)

    def is_unsaved(self, uid: str) -> bool:
        """Whether it is new or changed."""
        return uid in self._changed

    def put(self, profile: Profile) -> None:
        """Take over what is on screen; a profile that is as in the file is no draft any more."""
        assert not is_demo(profile)
        if self.saved(profile.uid) == profile:
            self._changed.pop(profile.uid, None)
        else:
            self._changed[profile.uid] = profile

    def revert(self, uid: str) -> Taken:
        """Forget the changes; a new profile is gone. What `put_back` takes."""
        return Taken(None, self._changed.pop(uid, None))

    def save(self, uid: str) -> None:
        """Write one. Raises StoreError, a sentence; the draft stays then."""
        if (profile := self._changed.get(uid)) is not None:
            self._store.save(profile)
            del self._changed[uid]

    def remove(self, uid: str) -> Taken:
        """Delete it, from the file too; what `put_back` takes. Raises StoreError."""
        removed = self._store.remove(uid) if self.saved(uid) is not None else None
        return Taken(removed, self._changed.pop(uid, None))

    def put_back(self, taken: Taken) -> None:
        """Have one that was deleted or taken back as it was, its unsaved changes with it. Raises StoreError."""
        if taken.removed is not None:
            self._store.put_back(taken.removed)
        if taken.draft is not None:
            self.put(taken.draft)

    def fault(self, uid: str) -> str:
        """Why it can't be saved, as a clause; "" where it can."""
        profile = self.get(uid)
        if profile is None:
            return ""
        if any(one.uid != uid and one.name.casefold() == profile.name.casefold() for one in self.profiles):
            return tr("there is another endpoint called “{name}”", name=profile.name)
        return fault_of(profile)

    def move(self, uid: str, step: int) -> bool:
        """Move a saved profile in the list and write the order; False where it can't go there. Raises StoreError."""
        order = [one.uid for one in self._store.profiles]
        if uid not in order or not 0 <= order.index(uid) + step < len(order):
            return False
        at = order.index(uid)
        order.insert(at + step, order.pop(at))
        self._store.arrange(order)
        return True

    # -- new ones -----------------------------------------------------------------------------------------------------

    def free_name(self, wanted: str) -> str:
        """The name, with a number behind it where it is taken."""
        return free_name(wanted, self.profiles)

    def add_preset(self, preset: Preset) -> Profile:
        """A new profile from a preset."""
        return self._add(profile_of(preset, self.free_name(tr("New endpoint") if preset.name == "Custom" else preset.name)))

    def add_copy(self, profile: Profile) -> Profile:
        """A new profile like that one; it has no key yet."""
        return self._add(
            msgspec.structs.replace(profile, uid=new_uid(), name=self.free_name(tr("{name} copy", name=profile.name)))
        )

    def add_url(self, url: str) -> Profile:
        """A new profile for a typed address: the protocol is the one its host or path speaks for."""
        spoken = spoken_at(url)
        address = Address(url, "", spoken)
        base_url = address.with_scheme if address.lacks_scheme else url.strip()
        bare = Address(base_url, "", spoken)
        base_url = bare.without_endpoint if bare.pasted else base_url
        return self._add(
            Profile(
                name=self.free_name(self._name_at(bare)), protocol=spoken, base_url=base_url, auth=info(spoken).default_auth
            )
        )

    def add_pasted(self, pasted: Pasted) -> Profile:
        """A new profile from a curl command, without its key."""
        return self.add_named(self._name_at(Address(pasted.base_url, "", pasted.protocol)), pasted)

    def _name_at(self, address: Address) -> str:
        """What an endpoint at an address is called: its host; with the port where another endpoint is called so."""
        host = address.host
        if address.names_port and address.port and free_name(host, self.profiles) != host:
            return f"{host}:{address.port}"
        return host or tr("New endpoint")

    def add_named(self, name: str, pasted: Pasted) -> Profile:
        """The same, called so."""
        return self._add(with_pasted(Profile(name=self.free_name(name)), pasted))

    def _add(self, profile: Profile) -> Profile:
        self._changed[profile.uid] = profile
        return profile


def with_pasted(profile: Profile, pasted: Pasted) -> Profile:
    """The profile with what a curl command says; what it does not say stays."""
    kept = tuple(h for h in profile.headers if h[0].lower() not in {name.lower() for name, _ in pasted.headers})
    return msgspec.structs.replace(
        profile,
        base_url=pasted.base_url,
        protocol=pasted.protocol,
        auth=pasted.auth or (profile.auth if profile.protocol == pasted.protocol else info(pasted.protocol).default_auth),
        model=pasted.model or profile.model,
        headers=(*kept, *pasted.headers),
        anthropic_version=pasted.anthropic_version or profile.anthropic_version,
        anthropic_beta=pasted.anthropic_beta or profile.anthropic_beta,
        proxy=pasted.proxy or profile.proxy,
        ca_file=pasted.ca_file or profile.ca_file,
    )


def taken_over(pasted: Pasted, of: str = "") -> str:
    """What was taken out of a curl command, or out of what `of` names, as a sentence, without its key."""
    parts = [
        tr("address") if pasted.base_url else "",
        tr("model") if pasted.model else "",
        tr("how the key is sent") if pasted.auth else "",
        tr("headers") if pasted.headers or pasted.anthropic_beta else "",
        tr("proxy") if pasted.proxy else "",
    ]
    taken = tr(
        "Taken from {of:or the curl command}: {parts:commas}.{variable:if  Its key is in the variable {variable}.}",
        of=of,
        parts=[one for one in parts if one],
        variable=pasted.key_variable,
    )
    return text_in_a_row([taken, *pasted.notes])
