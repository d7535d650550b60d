"""Addresses that people type and files hold, taken apart: also those that are none."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def split_url(url: str) -> SplitResult:
    """Its parts; empty ones for what can't be taken apart, such as an IPv6 address without its second bracket."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return SplitResult("", "", "", "", "")
