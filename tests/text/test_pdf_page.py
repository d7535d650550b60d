"""A PDF of one page: its table of objects is true, and a real reader reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.simulator.model.eyes import read_document
from app.text.pdf_page import one_page

LINES = ("The word of this page is:", "KL (M) \\ N")


def test_the_table_points_at_the_objects() -> None:
    data = one_page(LINES)
    start = re.search(rb"startxref\n(\d+)\n%%EOF\n$", data)
    assert start is not None
    table = data[int(start[1]) :]
    assert table.startswith(b"xref\n0 6\n")
    entries = table[len(b"xref\n0 6\n") :].split(b"trailer")[0]
    assert len(entries) == 6 * 20
    for number in range(1, 6):
        place = int(entries[20 * number : 20 * number + 10])
        assert data[place:].startswith(f"{number} 0 obj\n".encode())
    length = re.search(rb"/Length (\d+) >>\nstream\n", data)
    assert length is not None
    assert data[length.end() + int(length[1]) :].startswith(b"\nendstream")


def test_its_text_is_read() -> None:
    assert read_document(one_page(LINES)) == " ".join(LINES)


def test_only_printable_ascii() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        one_page(("Grüße",))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext here")
def test_a_real_reader_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(one_page(LINES))
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout.split("\n")[:2], done.stderr) == (list(LINES), "")
