"""A failed or odd exchange to a cause and a fix in plain words."""

from app.diagnosis.model import Action, Context, Diagnosis, ProfileChange, Rule
from app.diagnosis.table import RULES, diagnose, may_be_on_other_path, own_fault, provoked, unanswered_calls, wants_address
from app.secrets.shapes import key_oddity, key_shape

__all__ = [
    "RULES",
    "Action",
    "Context",
    "Diagnosis",
    "ProfileChange",
    "Rule",
    "diagnose",
    "key_oddity",
    "key_shape",
    "may_be_on_other_path",
    "own_fault",
    "provoked",
    "unanswered_calls",
    "wants_address",
]
