"""The cards of the registered sources."""

from pathlib import Path

import pytest

from pipelines.crawl.canonical import target_of
from pipelines.crawl.families import load_families
from pipelines.crawl.listing import first_urls
from pipelines.paths import SAMPLES
from pipelines.registry.divisions import RegistryError
from pipelines.registry.sources import Card, load_cards

WEB = """\
# A comment, so that lines are not those of the card.
- source: lushi
  kind: web
  publisher: 卢氏县商务局
  division: "411224"
  family: trs
  lists:
    - http://www.lushi.gov.cn/nb/
    - http://www.lushi.gov.cn:8080/nb/index.html
  hosts: [www.lushi.gov.cn, "www.lushi.gov.cn:8080"]
  pace: 7
  parameters: {area: [114, b]}
  expect: {2022: 3, 2023: 4}
"""
LOCAL = "- {source: a, kind: local, publisher: 某县, path: somewhere}\n"


def written(folder: Path, text: str, name: str = "41.yml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_samples_are_registered() -> None:
    assert SAMPLES in [card.path for card in load_cards()]


def test_the_registered_cards_can_be_crawled() -> None:
    families = load_families()
    web = [card for card in load_cards() if card.kind == "web"]
    assert len(web) >= 16
    for card in web:
        assert card.note and card.status == "unverified"
        assert card.pace >= 3
        assert card.family is not None
        for request in first_urls(card, families[card.family], {2023}):
            assert families[card.family].shape(target_of(request.url)) is not None


def test_a_registered_card_lies_in_its_provinces_file() -> None:
    folder = Path(__file__).parents[2] / "data" / "registry" / "sources"
    for path in folder.glob("[0-9][0-9].yml"):
        names = {line.split(": ")[1].strip() for line in path.read_text("utf-8").splitlines() if "- source:" in line}
        provinces = {card.province or "00" for card in load_cards() if card.source in names}
        assert provinces == {path.stem}


def test_a_card_is_read_whole(tmp_path: Path) -> None:
    (card,) = load_cards(written(tmp_path, WEB))
    assert card == Card(
        source="lushi",
        kind="web",
        publisher="卢氏县商务局",
        division="411224",
        family="trs",
        lists=("http://www.lushi.gov.cn/nb/", "http://www.lushi.gov.cn:8080/nb/index.html"),
        hosts=frozenset({"www.lushi.gov.cn", "www.lushi.gov.cn:8080"}),
        pace=7.0,
        parameters={"area": ("114", "b")},
        expect={2022: 3, 2023: 4},
        status="unverified",
    )
    assert card.province == "41" and card.tls == "verified"
    (card,) = load_cards(written(tmp_path, WEB.replace("  pace: 7", "  tls: unverified")))
    assert (card.tls, card.pace) == ("unverified", 3.0)


def test_a_path_is_taken_from_the_root(tmp_path: Path) -> None:
    (card,) = load_cards(written(tmp_path, LOCAL), root=Path("/data"))
    assert (card.path, card.province, card.pace) == (Path("/data/somewhere"), None, 3.0)


def test_another_folder_of_cards_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_SOURCES", str(written(tmp_path, WEB)))
    assert [card.source for card in load_cards()] == ["lushi"]
    monkeypatch.setenv("GONGKAI_SOURCES", str(tmp_path / "none"))
    with pytest.raises(RegistryError, match="no folder of source cards"):
        load_cards()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  publisher: 卢氏县商务局\n", "", "41.yml, line 2, field publisher: is missing"),
        ("publisher: 卢氏县商务局", "publisher: 7", "line 4, field publisher: is to be a text"),
        ("  pace: 7", "  speed: 7", "line 11, field speed: is not known"),
        ("pace: 7", "pace: fast", "line 11, field pace: is to be a number"),
        ("pace: 7", "pace: 0.2", "line 2: pace is 0.2, and is to be 1.0 or more seconds"),
        ("pace: 7", "pace: .nan", "line 11, field pace"),
        ("pace: 7", "tls: never", "line 11, field tls: is 'never', and is to be one of 'verified' or 'unverified'"),
        ("kind: web", "kind: ftp", "line 3, field kind: is 'ftp', and is to be one of 'web' or 'local'"),
        ('"411224"', '"999999"', "line 5, field division: is '999999', which is no code of divisions.csv"),
        ("family: trs", "family: trx", "line 6, field family: is 'trx', and is to be one of hanweb"),
        ("http://www.lushi.gov.cn/nb/", "ftp://www.lushi.gov.cn/", "line 8, field lists.1: is 'ftp:"),
        ("http://www.lushi.gov.cn/nb/", "http://u:p@www.lushi.gov.cn/", "line 8, field lists.1: .*password"),
        ("http://www.lushi.gov.cn/nb/", "http://www.lushi.gov.cn:99999/", "line 8, field lists.1"),
        ("[www.lushi.gov.cn, ", "[http://www.lushi.gov.cn, ", "line 10, field hosts.*is to be a host"),
        ("[www.lushi.gov.cn, ", "[", "line 2: hosts is to name www.lushi.gov.cn, where the list"),
        ("  hosts:", "  path: x\n  hosts:", "line 2: path is for local cards"),
        ("2022: 3", "2022: 0", "line 13, field expect.2022"),
        ("2022: 3", "22: 3", "line 13, field expect.22"),
        ("source: lushi", "source: Lu Shi", "line 2, field source: is 'Lu Shi'"),
        ("  pace: 7", "  pace: 7\n  pace: 8", "line 12: field pace is there twice"),
        ("  family: trs\n", "", "line 2: family is missing"),
    ],
)
def test_an_error_names_file_line_and_field(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in WEB
    with pytest.raises(RegistryError, match=words):
        load_cards(written(tmp_path, WEB.replace(old, new)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source: a\n", "line 1: is to be a list"),
        ("- 7\n", "line 1: is to be a mapping"),
        (LOCAL + "- 7\n", "line 2: is to be a mapping"),
        (LOCAL.replace("}", ", speed: x}"), "speed: is not known"),
        (LOCAL.replace("somewhere", "''"), "path: is to be a text, and not empty"),
        (LOCAL.replace("path: somewhere", "family: trs"), "lists is missing, or a path"),
        (LOCAL + "\n" + LOCAL, "41.yml, line 3, field source: a is registered twice"),
        ("- {source: [\n", "no sound YAML"),
    ],
)
def test_an_error_of_a_whole_card(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RegistryError, match=words):
        load_cards(written(tmp_path, text))


def test_two_files_may_not_hold_one_source(tmp_path: Path) -> None:
    written(tmp_path, LOCAL, "11.yml")
    with pytest.raises(RegistryError, match=r"41.yml, line 1, field source: a is registered twice, and was in 11.yml"):
        load_cards(written(tmp_path, LOCAL))


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = WEB.replace("pace: 7", "pace: fast").replace("family: trs", "family: trx")
    with pytest.raises(RegistryError) as raised:
        load_cards(written(tmp_path, text))
    assert len(str(raised.value).splitlines()) == 2
