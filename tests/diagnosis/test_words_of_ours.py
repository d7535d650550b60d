"""What a diagnosis puts into its sentences: facts, what came from outside, and words of ours only where they are translated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.diagnosis import diagnose
from app.text.sentences import Phrase
from tests.diagnosis.cases import CASES
from tests.diagnosis.made import Case

_TIDIED = {"message", "withheld_for"}  # the endpoint's own words, joined or without what no sentence holds
_WORDS = re.compile(r"[ (][a-z]{2,}\b|\b[a-z]{2,}[ )]")  # names of products and protocols are in capitals


def test_words_of_ours_come_into_sentences_as_phrases() -> None:
    fields = [(case, name, text) for case in CASES for name, text in _texts(case)]
    assert [
        (case.rule, name, text) for case, name, text in fields if not isinstance(text, Phrase) and _is_ours(case, name, text)
    ] == []
    assert {"gzip data", "message_stop event", "A gateway (Envoy or Istio)"} <= {
        text for _, _, text in fields if isinstance(text, Phrase)
    }


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    """The texts in the fields of a case's diagnosis, by name."""
    found = diagnose(case.exchange, case.context)
    for name, value in found.fields.items() if found is not None else ():
        yield from ((name, one) for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str))


def _is_ours(case: Case, name: str, text: str) -> bool:
    """Whether a text is words that the exchange did not bring."""
    return bool(_WORDS.search(text)) and name not in _TIDIED and text.strip("“”…").lower() not in _came(case)


def _came(case: Case) -> str:
    """All that was asked and that came, as one text in lower case."""
    kept = case.exchange.recording
    outside = (kept.request, kept.head, kept.end, kept.connection, kept.envelope, case.context, kept.asked)
    bodies = (kept.request.body, bytes(case.exchange.decoded.data))
    text = " ".join([*map(repr, outside), *(one.decode("utf-8", "replace") for one in bodies)])
    return re.sub(r"\s+", " ", text).lower()
