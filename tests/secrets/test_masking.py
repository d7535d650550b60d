"""From which length on a secret is also looked for as encodings write it."""

from __future__ import annotations

import pytest

from app.secrets.masking import Masker


@pytest.mark.parametrize(("secret", "found"), [(b"ab-cd-e", False), (b"ab-cd-ef", True)])
def test_a_short_secret_is_looked_for_as_it_is_alone(secret: bytes, found: bool) -> None:
    """What a short one is in hexadecimal stands in many an answer by chance."""
    masker = Masker((secret.decode(),))
    assert secret not in masker.mask(b"key: " + secret)[0]
    encoded = secret.hex().encode()
    assert (encoded not in masker.mask(b"key: " + encoded)[0]) is found
