"""`diptych import`: endpoints out of the settings of other programs, listed, and saved where that is asked for."""  # noqa: N999

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.asking.drafts import with_pasted
from app.formats.endpoint_files import Found, endpoints_in
from app.secrets.key_text import mask_key
from app.secrets.names import shown_url
from app.store.files import StoreError, read_regular
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.store.profiles import Profile, ProfileStore
from app.terminal.text import complain, say, say_json
from app.terminal.usage import UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words

HELP = message(
    "list the endpoints in .env, Claude Code's, Codex's, LiteLLM's, Postman's or Bruno's files, and save them as profiles"
)
MAX_FILE_BYTES = 1 << 22


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
    code, found = 0, []
    for file in options.files:
        try:
            here = endpoints_in(_text(file))
        except OSError as error:
            complain(f"diptych: {file}: {system_words(error)}")
            code = 1
            continue
        if not here:
            said = tr(
                "{file}: no endpoint is in it, neither variables as ANTHROPIC_BASE_URL nor settings that are read", file=file
            )
            complain(f"diptych: {said}")
            code = 1
        found += [(file, one) for one in here]
    chosen = [(number, *one) for number, one in enumerate(found, start=1) if options.only is None or number in options.only]
    store = ProfileStore()
    store.load()
    for number, file, one in chosen:
        name, said = store.free_name(one.name), ""
        if options.save and not one.why_not:
            said, saved = _save(store, one, name, with_key=options.keys)
            code = code if saved else 1
        _tell(number, file, one, name, said, as_json=options.json)
    return code


def _text(file: str) -> str:
    data = sys.stdin.buffer.read(MAX_FILE_BYTES) if file == "-" else read_regular(Path(file), MAX_FILE_BYTES)
    return data.decode("utf-8-sig", "replace")


def _save(store: ProfileStore, one: Found, name: str, *, with_key: bool) -> tuple[str, bool]:
    """What was done, as a sentence, and whether all of it could be."""
    profile = with_pasted(Profile(name=name), one.pasted)
    try:
        store.save(profile)
    except StoreError as error:
        return tr("Not saved: {why}", why=error), False
    if not one.pasted.key:
        return tr("Saved."), True
    if not with_key:
        return tr("Saved, without its key (--keys puts it into the keyring)."), True
    try:
        KeyStore().set(profile.uid, one.pasted.key)
    except KeyStoreUnavailable as error:
        return tr("Saved, without its key: {why}", why=error.sentence), False
    return tr("Saved, and its key in the keyring."), True


def _tell(number: int, file: str, one: Found, name: str, said: str, *, as_json: bool) -> None:
    pasted = one.pasted
    key = mask_key(pasted.key) if pasted.key else ""
    if as_json:
        facts = {"number": number, "file": file, "origin": one.origin, "name": name, "protocol": pasted.protocol}
        facts |= {"base_url": shown_url(pasted.base_url), "model": pasted.model, "auth": pasted.auth, "key": key}
        say_json({**facts, "key_variable": pasted.key_variable, "notes": pasted.notes, "why_not": one.why_not, "done": said})
        return
    say(f"{number}  {name}")
    url, model = shown_url(pasted.base_url) or tr("no address"), pasted.model or tr("no model")
    say(f"   {pasted.protocol}  {url}  {model}  {tr('key: {key:or none}', key=key)}")
    say(f"   {tr('from {file}: {origin}', file=file, origin=one.origin)}")
    for sentence in (tr("Can't be taken: {why}.", why=one.why_not) if one.why_not else "", *pasted.notes, said):
        if sentence:
            say(f"   {sentence}")
