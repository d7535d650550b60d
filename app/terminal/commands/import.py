"""`diptych import`: endpoints out of the settings of other programs, listed, and saved where that is asked for."""  # noqa: N999

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.asking.drafts import Offered, offered
from app.formats.endpoint_files import Found
from app.secrets.key_text import mask_key
from app.secrets.names import shown_url
from app.store.files import StoreError, read_regular
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.store.profiles import ProfileStore
from app.terminal.text import complain, say, say_json
from app.terminal.usage import UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.transfer.settings_files import MAX_FILE_BYTES, endpoints_of

HELP = message(
    "list the endpoints in .env, Claude Code's, Codex's, LiteLLM's, Postman's or Bruno's files, and save them as profiles"
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help=tr("settings, a file with a ccswitch:// link; - for standard input")
    )
    parser.add_argument("--save", action="store_true", help=tr("save them as profiles; without it they are listed alone"))
    parser.add_argument("--only", type=_numbers, metavar="N,...", help=tr("those with these numbers in the list"))
    parser.add_argument("--keys", action="store_true", help=tr("with --save: put their keys into the system's keyring"))
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object a line; keys are masked in it too"))


def _numbers(text: str) -> set[int]:
    try:
        return {int(one) for one in text.split(",")}
    except ValueError:
        raise argparse.ArgumentTypeError(tr("{text} are no numbers, such as 1,3", text=repr(text))) from None


def command(options: argparse.Namespace) -> int:
    """List or save them. 0 when all of the files say of an endpoint and all that was asked for is saved, else 1."""
    if options.keys and not options.save:
        raise UsageError(tr("--keys goes with --save"))
    code, files, found = 0, list[str](), list[Found]()
    for file in options.files:
        here, why = _endpoints(file)
        if why:
            complain(f"diptych: {tr('{where}: {why}', where=file, why=why)}")
            code = 1
        files += [file] * len(here)
        found += here
    store = ProfileStore()
    store.load()
    for number, (file, one) in enumerate(zip(files, offered(found, store.profiles), strict=True), start=1):
        if options.only is not None and number not in options.only:
            continue
        said = ""
        if options.save and one.same_as and options.only is None:
            said = tr("Not saved: it is there already (--only {number} saves it all the same).", number=number)
        elif options.save and not one.why_not:
            said, saved = _save(store, one, with_key=options.keys)
            code = code if saved else 1
        _tell(number, file, one, said, as_json=options.json)
    return code


def _endpoints(file: str) -> tuple[list[Found], str]:
    """What is in a file, or why nothing is, as a clause."""
    try:
        data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1) if file == "-" else read_regular(Path(file), MAX_FILE_BYTES)
    except OSError as error:
        return [], str(system_words(error))
    return endpoints_of(data)


def _save(store: ProfileStore, one: Offered, *, with_key: bool) -> tuple[str, bool]:
    """What was done, as a sentence, and whether all of it could be."""
    profile, key = one.profile, one.found.pasted.key
    try:
        store.save(profile)
    except StoreError as error:
        return tr("Not saved: {why}", why=error), False
    if not key:
        return tr("Saved."), True
    if not with_key:
        return tr("Saved, without its key (--keys puts it into the keyring)."), True
    try:
        KeyStore().set(profile.uid, key)
    except KeyStoreUnavailable as error:
        return tr("Saved, without its key: {why}", why=error.sentence), False
    return tr("Saved, and its key in the keyring."), True


def _tell(number: int, file: str, one: Offered, said: str, *, as_json: bool) -> None:
    pasted, name = one.found.pasted, one.profile.name
    key = mask_key(pasted.key) if pasted.key else ""
    if as_json:
        facts = {"number": number, "file": file, "origin": one.found.origin, "name": name, "protocol": pasted.protocol}
        facts |= {"base_url": shown_url(pasted.base_url), "model": pasted.model, "auth": pasted.auth, "key": key}
        facts |= {"key_variable": pasted.key_variable, "notes": pasted.notes, "why_not": one.why_not, "same_as": one.same_as}
        say_json({**facts, "done": said})
        return
    say(f"{number}  {name}")
    url, model = shown_url(pasted.base_url) or tr("no address"), pasted.model or tr("no model")
    say(f"   {pasted.protocol}  {url}  {model}  {tr('key: {key:or none}', key=key)}")
    say(f"   {tr('from {file}: {origin}', file=file, origin=one.found.origin)}")
    there = tr("“{name}” has this address already.", name=one.same_as) if one.same_as else ""
    for sentence in (tr("Can't be taken: {why}.", why=one.why_not) if one.why_not else "", there, *pasted.notes, said):
        if sentence:
            say(f"   {sentence}")
