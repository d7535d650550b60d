"""Why nothing can be sent to an endpoint, in words: all of it at once, and what is to be written."""

from __future__ import annotations

import pytest

from app.store.profiles import Profile
from ui.shared.before_run import notice_before
from ui.shared.key_states import UNKNOWN


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("127.0.0.1:8000/v1", "Write it as http://127.0.0.1:8000/v1."),
        ("relay.example", "Write it as https://relay.example."),
        ("ftp://relay.example", "Correct it: it begins with http:// or https://."),
        ("", "Fill it in."),
    ],
)
def test_an_address_that_is_none_is_told_as_it_could_be(base_url: str, told: str) -> None:
    notice = notice_before(Profile("Mine", base_url=base_url), "m", UNKNOWN, ())
    assert notice is not None
    assert (notice.title, notice.fix) == ("There is no address to send to", told)


def test_all_that_is_missing_is_told_at_once_with_a_button_each() -> None:
    notice = notice_before(Profile("Mine"), "", UNKNOWN, ())
    assert notice is not None
    assert notice.title == "Nothing was sent: the address and the model are missing"
    assert [label for label, _ in notice.actions] == ["Edit the endpoint…", "Choose a model…"]
