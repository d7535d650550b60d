"""`diptych`: opens the window, or runs a command of the terminal."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

# A packaged build starts its own helper processes as `diptych _wire ...`, since there is no Python to call.
HELPERS = {"_wire": "app.wire.process", "_simulator": "app.simulator.server.process", "_client": "app.asking.client_driver"}


def main(argv: list[str] | None = None) -> int:
    """The program. Returns the exit code: 0 done, 1 a side did not complete, 2 wrong use."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments and arguments[0] in HELPERS:
        from importlib import import_module

        code: int = import_module(HELPERS[arguments[0]]).main(arguments[1:])
        return code
    from app.child_process import leave_no_core

    leave_no_core()
    from app.store.portable import portable_folder, use_portable

    error = use_portable(arguments)
    if (language := _language(arguments)) is None:
        return 2
    if error is not None:
        return _not_portable(error, portable_folder(), language)
    if arguments and arguments[0] == "--self-test":
        _speak(language, arguments)
        return _self_test(arguments)
    words = [argument for argument in arguments if not argument.startswith("-")]
    if set(arguments) - set(words) - {"--demo"} or (words and words[0] in _commands()):
        _speak(language, arguments)
        return _terminal(arguments)
    if strangers := [word for word in words if not os.path.exists(word) or os.path.isdir(word)]:
        _speak(language, arguments)
        return _refuse(strangers[0])
    return _window(demo="--demo" in arguments, files=words, language=language)


def _not_portable(error: OSError, folder: os.PathLike[str], language: str) -> int:
    """In the language that is asked for, else the session's: no settings are read, since they would be those of elsewhere."""
    from app.terminal.text import complain
    from app.text.languages import of_system, use_language
    from app.text.sentences import tr
    from app.text.system_words import system_words

    use_language(language or of_system())
    why = system_words(error)
    said = tr("--portable: nothing can be kept in the folder {folder} ({why}).", folder=os.fspath(folder), why=why)
    complain(f"diptych: {said}")
    return 1


def _language(arguments: list[str]) -> str | None:
    """The code of the language that `--lang`, which is taken out of `arguments`, or DIPTYCH_LANG asks for; "": neither does.

    None: `--lang` names one that Diptych does not speak, which is said. Of DIPTYCH_LANG it is said, and the rest goes on.
    """
    asked = any(one.partition("=")[0] == "--lang" for one in arguments)
    if asked:
        from argparse import ArgumentParser

        one_option = ArgumentParser(prog="diptych", add_help=False, allow_abbrev=False)
        one_option.add_argument("--lang", required=True)
        found, arguments[:] = one_option.parse_known_args(arguments)
        name: str = found.lang
    elif "--json" in arguments or not (name := os.environ.get("DIPTYCH_LANG", "")):
        return ""
    from app.terminal.text import complain
    from app.text.languages import LANGUAGES, known
    from app.text.sentences import tr

    if not (code := known(name)):
        said = tr(
            "{option}: “{name}” is none of the languages that Diptych speaks: {spoken:commas}.",
            option="--lang" if asked else "DIPTYCH_LANG",
            name=name,
            spoken=[f"{one} ({called})" for one, called in LANGUAGES.items()],
        )
        complain(f"diptych: {said}")
    return None if asked and not code else code


def _speak(language: str, arguments: list[str]) -> None:
    """The terminal's language: what was asked for, else what was chosen in the window, else the session's.

    `--json` is for programs, and English unless another is asked for.
    """
    from app.text.languages import of_system, use_language

    if not language and "--json" in arguments:
        return
    if not language:
        from app.store.settings import SettingsStore

        language = SettingsStore().load().language or of_system()
    use_language(language)


def _self_test(arguments: list[str]) -> int:
    """Without a display, too."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

    def window() -> str:
        from ui.shell.self_test import paint_window

        return paint_window()

    from app.terminal.self_test import self_test

    return _told(lambda: self_test(arguments, window))


def _commands() -> list[str]:
    from app.terminal.commands import command_names

    return command_names()


def _refuse(word: str) -> int:
    """Neither a command nor a file: a window that opens on it would be a surprise."""
    from difflib import get_close_matches

    from app.terminal.text import complain
    from app.text.sentences import tr

    if os.path.isdir(word):
        said = tr("“{word}” is a folder, not a file. `diptych --help` tells more.", word=word)
    elif os.path.dirname(word) or "." in word:
        said = tr("there is no file “{word}”. `diptych --help` tells more.", word=word)
    else:
        said = tr(
            "“{word}” is neither a command nor a file. "
            "{near:if Is “{near}” meant?|The commands are {commands:commas}.} `diptych --help` tells more.",
            word=word,
            near="".join(get_close_matches(word, _commands(), n=1)),
            commands=_commands(),
        )
    complain(f"diptych: {said}")
    return 2


def _terminal(arguments: list[str]) -> int:
    def command() -> int:
        from app.terminal.parser import parser

        options = parser().parse_args(arguments)
        code: int = options.command(options)
        _finish_history()
        return code

    return _told(command)


def _finish_history() -> None:
    """Wait for what was run to be in the history, and say so where it can't be."""
    if (keeping := sys.modules.get("app.asking.history_keeping")) is not None:
        keeping.KEEPER.wait()
        if keeping.KEEPER.problem:
            from app.terminal.text import complain

            complain(f"diptych: {keeping.KEEPER.problem}")


def _told(command: Callable[[], int]) -> int:
    """Its exit code; what it can't do is said in a sentence."""
    from app.terminal.text import complain
    from app.terminal.usage import CantBeDoneError, UsageError

    try:
        return command()
    except BrokenPipeError:
        # The reader went away (`diptych read | head`): nothing is left to say, not even at the interpreter's exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except UsageError as error:
        complain(f"diptych: {error}")
        return 2
    except CantBeDoneError as error:
        complain(f"diptych: {error}")
        return 1
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        from app.text.sentences import tr

        said = tr("too few files may be open at once for this; `ulimit -n` says how many, 64 are enough.")
        complain(f"diptych: {said}")
        return 1


def _window(*, demo: bool, files: list[str], language: str) -> int:
    from app.display import why_no_display

    if why_no_display():
        _speak(language, [])
        return _without_window(why_no_display(), demo=demo)  # asked again: in that language
    import gc

    gc.disable()  # a start makes no garbage worth the walks; from `ui.shell.warm_up` on `ui.shell.collector` collects
    # What needs no Qt comes before it, whose hook makes each import behind it slower.
    import app.exchange.timing
    import app.model_names
    import app.request_fields
    import app.scenarios
    import app.store.keys
    import app.store.presets
    import app.store.run_file
    import app.store.settings  # noqa: F401
    from ui.shell.light_imports import import_lightly

    import_lightly()
    from ui.shell.application import run_window

    return run_window(demo=demo, files=files, language=language)


def _without_window(reason: str, *, demo: bool) -> int:
    """Qt would abort the process without a display: say so, and show the demo here."""
    from app.terminal.text import complain
    from app.text.sentences import tr

    complain(f"diptych: {tr('no window can be opened here: {reason}', reason=reason)}")
    if not demo:
        complain(f"diptych: {tr('the terminal works: try `diptych run --help`, or `diptych --demo`.')}")
        return 1
    from app.terminal.demo import command

    return _told(command)


if __name__ == "__main__":
    sys.exit(main())
