"""`diptych mirror`: what a relay of your own does to requests and answers, seen from both of its sides."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.asking.caller import secrets_of
from app.asking.mirroring import Listening, Mirroring, base_url
from app.mirror.arrivals import Arrived
from app.mirror.probes import probes
from app.mirror.probes.probe import Probe
from app.mirror.result import Result
from app.protocols.registry import protocol_ids
from app.secrets.loopback import is_this_machine
from app.simulator.server.client import SimulatorError
from app.simulator.server.urls import PACE_NAMES
from app.store.keys import KeyStore
from app.store.profiles import Profile
from app.terminal.commands.simulate import port
from app.terminal.endpoint import (
    add_endpoint_options,
    add_limit_options,
    add_plain_text_option,
    choose_profile,
    key_for,
    refuse_plain_text,
    with_limits,
)
from app.terminal.mirror_table import print_arrival, print_result, print_summary, result_facts
from app.terminal.text import argument, complain, say, say_json, table
from app.terminal.usage import CantBeDoneError, UsageError
from app.text.json_text import decode_json
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.wire.client import WireClient

HELP = message("stand behind a relay of your own, and show what it makes of requests and answers")
YOURS = "yours"  # the name of a request that was given as a file
_PREFIX = "through-"
_LEAST_TOKEN_CHARS = 16
MAX_BODY_BYTES = 32 << 20


def add_options(parser: argparse.ArgumentParser) -> None:
    relay = parser.add_argument_group(tr("the relay, whose upstream is pointed at the address that is shown"))
    relay.add_argument(
        "--through", metavar="PROFILE", help=tr("the profile that asks the relay; without one, it is only listened")
    )
    add_endpoint_options(relay, _PREFIX)
    relay.add_argument("--through-model", type=argument, metavar="MODEL", help=tr("instead of the profile's model"))
    add_plain_text_option(parser)
    here = parser.add_argument_group(tr("the upstream on this machine"))
    here.add_argument("--port", type=port, default=0, metavar="N", help=tr("the port to listen on (any free one)"))
    here.add_argument(
        "--bind", default="127.0.0.1", metavar="ADDRESS", help=tr("listen on an address that others can reach too")
    )
    here.add_argument("--token", type=argument, default="", metavar="TOKEN", help=tr("in the address, instead of a random one"))
    here.add_argument("--pace", choices=PACE_NAMES, default=PACE_NAMES[0], help=tr("how fast its streams are"))
    here.add_argument(
        "--wait", type=_seconds, metavar="S", help=tr("give up where the relay has not come after so many seconds")
    )
    what = parser.add_argument_group(tr("what is sent"))
    what.add_argument("--probe", nargs="+", action="extend", default=[], metavar="NAME", help=tr("only these (see --list)"))
    what.add_argument("--body", type=Path, metavar="FILE", help=tr("a request of your own, as JSON, instead"))
    what.add_argument("--list", action="store_true", help=tr("what can be sent"))
    add_limit_options(parser)
    parser.add_argument("--all", action="store_true", help=tr("show also what arrived as it was sent"))
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object (schema 1)"))


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(tr("{text} is no number of seconds above 0", text=repr(text)))
    return value


def command(options: argparse.Namespace) -> int:
    """Run it. 0 where all arrived as it should and came back so, 1 where something did not."""
    if options.list:
        _list()
        return 0
    if options.token and (len(options.token) < _LEAST_TOKEN_CHARS or not options.token.replace("-", "").isalnum()):
        raise UsageError(
            tr("--token takes {least} letters, digits and hyphens or more: who knows it can ask", least=_LEAST_TOKEN_CHARS)
        )
    body = _read(options.body) if options.body is not None else b""
    return asyncio.run(_command(options, body))


def _list() -> None:
    for protocol_id in protocol_ids():
        found = probes(protocol_id)
        if found:
            say(protocol_id)
        for line in table([[f"  {one.name}", tr(one.title)] for one in found] or [[""]]):
            say(line)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BODY_BYTES + 1)
    except OSError as error:
        raise UsageError(tr("{file} can't be read: {why}", file=path, why=system_words(error))) from error
    if len(body) > MAX_BODY_BYTES or not isinstance(_parsed(body), dict):
        raise UsageError(tr("{file} is no JSON object that could be a request", file=path))
    return body


def _parsed(body: bytes) -> object:
    try:
        return decode_json(body)
    except ValueError:
        return None


async def _command(options: argparse.Namespace, body: bytes) -> int:
    chosen = _relay(options)
    wanted = _probes(options, chosen[0]) if chosen is not None else ()
    if chosen is None and (options.probe or body):
        raise UsageError(tr("--probe and --body need --through PROFILE, or --through-url URL and --through-protocol"))
    listening = Listening(
        host=options.bind,
        port=options.port,
        pace=options.pace,
        token=options.token,
        key=chosen[1] if chosen is not None else "",
        secrets=secrets_of(*chosen) if chosen is not None else (),
        on_arrived=print_arrival if chosen is None and not options.json else _tell_json if chosen is None else None,
    )
    try:
        await _start(listening, options)
        _announce(listening.root, options, chosen[0].protocol if chosen is not None else "")
        if chosen is None:
            return await _listen(listening, options)
        return await _ask(listening, options, chosen, wanted, body)
    finally:
        await listening.aclose()


def _relay(options: argparse.Namespace) -> tuple[Profile, str] | None:
    """The relay's profile and the key for it; None where it is only listened. Raises UsageError."""
    given = {name.removeprefix("through_"): one for name, one in vars(options).items() if name.startswith("through_")}
    if options.through is None and given.get("url") is None:
        if any(given.values()):
            raise UsageError(tr("--through PROFILE or --through-url URL is missing"))
        return None
    if options.through is not None and given.get("url") is not None:
        raise UsageError(tr("--through and --through-url exclude each other"))
    profile = with_limits(choose_profile(options.through, given, (), f"--{_PREFIX}"), options)
    profile = msgspec.structs.replace(profile, model=given.get("model") or profile.model)
    if not profile.model and options.body is None:
        raise UsageError(tr("a model is missing: --through-model MODEL, as the relay names it"))
    key = key_for(profile, given.get("key_env"), KeyStore(), f"--{_PREFIX}key-env")
    refuse_plain_text(profile, key, allowed=options.allow_insecure)
    return profile, key


def _probes(options: argparse.Namespace, profile: Profile) -> tuple[Probe, ...]:
    found = probes(profile.protocol)
    if not found:
        raise UsageError(tr("there are no requests for {protocol}", protocol=profile.protocol))
    names = {one.name for one in found}
    if unknown := [name for name in options.probe if name not in names]:
        raise UsageError(
            tr(
                "there is no request “{name}” for {protocol} (`diptych mirror --list` shows all)",
                name=unknown[0],
                protocol=profile.protocol,
            )
        )
    return tuple(one for one in found if not options.probe or one.name in options.probe)


async def _start(listening: Listening, options: argparse.Namespace) -> None:
    try:
        await listening.start()
    except SimulatorError as error:
        raise CantBeDoneError(
            tr("{host} port {port} can't be listened on: {why}", host=options.bind, port=options.port, why=error)
        ) from error


def _announce(root: str, options: argparse.Namespace, protocol_id: str) -> None:
    tell = complain if options.json else say
    tell(tr("Point the relay's upstream here; any key is good. Base URLs:"))
    for line in table([[f"  {one}", base_url(root, one)] for one in protocol_ids() if probes(one)]):
        tell(line)
    if not is_this_machine(options.bind):
        tell(tr("Others can reach this address: who knows the word in it can ask here, and nobody else."))
    if not protocol_id:
        tell(tr("What arrives is shown until Ctrl+C.\n"))


def _tell_json(one: Arrived) -> None:
    document = one.document
    say_json({
        "schema": 1, "number": one.number, "method": one.method, "path": one.path, "protocol": one.protocol or None,
        "headers": [list(pair) for pair in one.headers], "key": one.key, "refusal": one.refusal or None,
        "body": document if document is not None else one.body.decode("utf-8", "replace"),
    })  # fmt: skip


async def _listen(listening: Listening, options: argparse.Namespace) -> int:
    """Show what arrives until interrupted. 1 where nothing came in the time that `--wait` gives."""
    try:
        came = await listening.until(lambda: bool(listening.arrivals), options.wait)
        if came:
            await listening.until(lambda: False)
    except asyncio.CancelledError:
        if task := asyncio.current_task():
            task.uncancel()
        return 0
    _say_strangers(listening)
    return 0 if came else 1


async def _ask(
    listening: Listening, options: argparse.Namespace, chosen: tuple[Profile, str], wanted: Sequence[Probe], body: bytes
) -> int:
    profile, key = chosen
    results: list[Result] = []
    plain = probes(profile.protocol)[0]
    async with contextlib.aclosing(WireClient()) as wire:
        mirroring = Mirroring(wire, listening, profile, key, profile.model)
        try:
            if await _reached(mirroring, listening, options, plain):
                if body:
                    await mirroring.run_body(Probe(name=YOURS, title=message("your own request"), body=_object(body)), body)
                else:
                    await mirroring.run([one for one in wanted if one.name not in mirroring.results])
        except asyncio.CancelledError:  # Ctrl+C: what was seen is shown
            if task := asyncio.current_task():
                task.uncancel()
        names = (YOURS,) if body else tuple(one.name for one in wanted)
        results = [mirroring.results[name] for name in names if name in mirroring.results]
    return _report(results, mirroring.results.get(plain.name), listening, options)


async def _reached(mirroring: Mirroring, listening: Listening, options: argparse.Namespace, plain: Probe) -> bool:
    """Send the plainest request until it arrives, for as long as `--wait` says: the relay may not be pointed here yet.

    What does not arrive goes to another upstream, where it costs money: nothing else is sent then.
    """
    if options.wait is None and sys.stdin is not None and sys.stdin.isatty() and not options.json:
        say(tr("Press Enter when it points here."))
        await _enter()
    loop = asyncio.get_running_loop()
    end = loop.time() + (options.wait or 0.0)
    while True:
        await mirroring.run([plain])
        if mirroring.results[plain.name].times:
            return True
        if loop.time() >= end:
            said = tr("nothing arrived: does the relay's upstream point to {address}?", address=listening.root)
            complain(f"diptych: {said}")
            return False
        await listening.until(lambda: False, min(2.0, max(0.0, end - loop.time())))


async def _enter() -> None:
    """Until a line was typed. The descriptor is read, not `sys.stdin`, whose lock would be held when the program ends."""
    loop, typed = asyncio.get_running_loop(), asyncio.Event()

    def read() -> None:
        os.read(0, 4096)
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile, by Ctrl+C
            loop.call_soon_threadsafe(typed.set)

    threading.Thread(target=read, daemon=True).start()
    await typed.wait()


def _object(body: bytes) -> dict[str, object]:
    value = _parsed(body)
    assert isinstance(value, dict)
    return value


def _report(results: list[Result], plain: Result | None, listening: Listening, options: argparse.Namespace) -> int:
    if options.json:
        facts = [result_facts(one, plain) for one in results]
        say_json({"schema": 1, "results": facts, "strangers": listening.strangers})
    else:
        for one in results:
            print_result(one, plain, everything=options.all)
        if results:
            print_summary(results)
        _say_strangers(listening)
    return 1 if not results or any(one.loud for one in results) else 0


def _say_strangers(listening: Listening) -> None:
    if listening.strangers:
        complain(
            tr(
                "{count:plural request|requests} came without the word in the address and got 404: "
                "is the relay's base URL the whole one?",
                count=listening.strangers,
            )
        )
