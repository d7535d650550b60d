"""Addresses taken apart, also those that are none."""

from __future__ import annotations

from app.text.urls import split_url


def test_what_can_t_be_taken_apart_has_no_parts() -> None:
    assert tuple(split_url("https://[x/v1/messages")) == ("", "", "", "", "")
    assert split_url(" https://a.example/x?y ").hostname == "a.example"
