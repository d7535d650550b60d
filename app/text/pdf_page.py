"""A PDF of one page with a few lines of text, in a font that every reader has (PDF 32000-1, 7.5 and 9.6)."""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 72  # A4, in points
_SIZE, _LEADING = 24, 36


def one_page(lines: Sequence[str]) -> bytes:
    """The file. Raises ValueError for a line that is not printable ASCII."""
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise ValueError("only printable ASCII")
    content = _content(lines)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")  # four bytes that tell tools that it is no text
    places: list[int] = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)  # each entry has 20 bytes
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def _content(lines: Sequence[str]) -> bytes:
    shown = " T*\n".join(f"({_escaped(line)}) Tj" for line in lines)
    return f"BT\n/F1 {_SIZE} Tf\n{_LEADING} TL\n{_MARGIN} {_HEIGHT - _MARGIN - _SIZE} Td\n{shown}\nET".encode()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
