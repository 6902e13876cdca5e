"""The cards of the registered sources."""

from pathlib import Path

import pytest

from pipelines.paths import SAMPLES
from pipelines.registry.divisions import RegistryError
from pipelines.registry.sources import load_cards

CARD = "- {source: a, kind: local, publisher: 某县, path: somewhere}\n"


def test_the_samples_are_registered() -> None:
    assert SAMPLES in [card.path for card in load_cards()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source: a\n", "list of cards"),
        ("- 7\n", "card 1"),
        ("- {source: a, kind: local, path: x}\n", "publisher is missing"),
        (CARD.replace("}", ", hosts: x}"), "hosts is not known"),
        (CARD.replace("local", "web"), "kind is 'web'"),
        (CARD.replace("somewhere", "''"), "path is to be a text"),
        (CARD + CARD, "a is registered twice"),
        ("- {source: [\n", "no sound YAML"),
    ],
)
def test_a_card_with_an_error_names_its_file_and_field(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "99.yml").write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError, match=words):
        load_cards(tmp_path)
