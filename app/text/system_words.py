"""What the system says of a file or a port that can't be used, in the language of now."""

from __future__ import annotations

from app.text.sentences import message, tr

KNOWN = frozenset(
    {
        message("No such file or directory"),
        message("Permission denied"),
        message("Operation not permitted"),
        message("Is a directory"),
        message("Not a directory"),
        message("File exists"),
        message("File name too long"),
        message("No space left on device"),
        message("Read-only file system"),
        message("Address already in use"),
    }
)


def system_words(error: Exception) -> str:
    """The words of an OSError, without its number and file, or of another exception; as they came where they are not known."""
    said = str(getattr(error, "strerror", None) or error)
    return tr(said) if said in KNOWN else said
