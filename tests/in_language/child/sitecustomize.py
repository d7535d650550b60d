"""Python imports this in what the tests start; only what is Diptych itself says anything."""

import sys

if "app" in sys.orig_argv:
    from tests.in_language.notes import note_what_is_said, tell_in_folder

    note_what_is_said()
    tell_in_folder()
