"""Tests of words as plain text."""

from omr.page import Box, Page, Text


def test_txt_joins_syllables_and_keeps_lines() -> None:
    texts = (
        Text("Abendlied", Box(400, 10, 600, 40), kind="title"),
        Text("Der", Box(100, 200, 130, 215), kind="lyrics", verse=1),
        Text("Mon-", Box(150, 201, 180, 216), kind="lyrics", verse=1),
        Text("de_", Box(200, 199, 220, 214), kind="lyrics", verse=1),
    )
    assert Page(800, 600, texts=texts).export("txt") == "Abendlied\nDer Monde\n\f"


def test_txt_of_a_page_without_words_is_a_form_feed() -> None:
    assert Page(800, 600).export("txt") == "\f"
