"""Dialogs; each is imported when it is first asked for."""
