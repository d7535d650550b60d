"""The languages in which Diptych says what it says: a catalogue of gettext's each, `resources/translations/LANGUAGE.mo`."""

from __future__ import annotations

from importlib.resources import files

from app.text.sentences import translate_with


def use_language(language: str) -> bool:
    """From now on sentences are made in this language (`zh_CN`); "" or "en": as they are written. False: it is not there."""
    if language in ("", "en"):
        translate_with(None)
        return True
    import gettext

    catalogue = files("resources").joinpath("translations", f"{language}.mo")
    try:
        with catalogue.open("rb") as file:
            translate_with(gettext.GNUTranslations(file).gettext)
    except OSError:  # there is none, or the name is no language's
        return False
    return True
