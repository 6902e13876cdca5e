"""OFD pages as their writers draw them, and files that mean harm."""

from __future__ import annotations

import io
import random
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from pipelines.extract import Unreadable, extract
from pipelines.extract.scan import can_recognise
from pipelines.model import Document, Grid, Paragraph
from tests.factory import ofd
from tests.factory.ofd import document, element, package, packed, rooted
from tests.factory.site import Plan, filed, reports
from tests.processor_time import at_most
from tests.reports.comparison import Tally, compare, read_file, the_report

POINT = 72 / 25.4


def read(*pages: str) -> Document:
    return extract(package("Pages", {"Doc_0": document("Doc_0", [[page] for page in pages])}))


def text(words: str, x: float = 20, y: float = 30, size: float = 4, **attributes: object) -> str:
    """A text object whose first character stands at (x, y) millimetres."""
    given = {key: attributes.pop(key) for key in ("DeltaX", "DeltaY", "inner") if key in attributes}
    inner = str(given.pop("inner", ""))
    code = element("TextCode", words, X=0, Y=size, **given)
    placed = {"Boundary": f"{x} {y - size} 90 {size}", "Font": 2, "Size": size, **attributes}
    return element("TextObject", inner + code, **placed)


def path(data: str, boundary: str = "0 0 210 297", **attributes: object) -> str:
    return element("PathObject", element("AbbreviatedData", data), Boundary=boundary, **attributes)


def picture(boundary: str) -> str:
    return element("ImageObject", ResourceID=7, Boundary=boundary)


def grid_lines(xs: list[float], ys: list[float]) -> str:
    across = "".join(path(f"M {xs[0]} {y} L {xs[-1]} {y}") for y in ys)
    return across + "".join(path(f"M {x} {ys[0]} L {x} {ys[-1]}") for x in xs)


def paragraphs(found: Document) -> list[str]:
    return [block.text for block in found.blocks if isinstance(block, Paragraph)]


def grids(found: Document) -> list[Grid]:
    return [block for block in found.blocks if isinstance(block, Grid)]


def codes(found: Document) -> list[str]:
    return [issue.code for issue in found.issues]


@pytest.mark.parametrize("style", [name for name in ofd.STYLES if name != "ofd_borderless"])
def test_reports_of_every_writer_are_read_to_the_digit(style: str) -> None:
    tally = Tally()
    for report in tuple(reports(Plan(28, 31, counties=2, fault_share=0.5)))[::9]:
        one = next(filed(Plan(1, 31, ("text_tab",)), [report]))
        data = ofd.write_ofd(report, random.Random(5), ofd.STYLES[style]).data
        compare(one.gold, the_report(read_file(data, "x.ofd", division=report.office.division)), None, tally)
    assert tally.readable > 400 and tally.right == tally.readable and not tally.silent, tally.lines()


def test_tables_without_rules_hide_no_number_and_invent_none() -> None:
    tally = Tally()
    for report in tuple(reports(Plan(28, 31, counties=2, fault_share=0.5)))[::9]:
        one = next(filed(Plan(1, 31, ("text_tab",)), [report]))
        data = ofd.write_ofd(report, random.Random(5), ofd.STYLES["ofd_borderless"]).data
        compare(one.gold, the_report(read_file(data, "x.ofd", division=report.office.division)), None, tally)
    assert tally.share > 0.98 and not tally.silent, tally.lines()


def test_the_shared_file_is_read_to_the_digit() -> None:
    shared = Path(__file__).resolve().parents[3] / "shared" / "made" / "d058.ofd"
    if not shared.exists():
        pytest.skip("the shared documents are not here")
    filed_report = the_report(read_file(shared.read_bytes(), shared.name))
    assert filed_report is not None
    values = {(c.table, c.row, c.column): c.value for c in filed_report.report.cells}
    assert values["disclosure", "licensing", "decisions"] == 2548
    assert values["review", "litigation_after_reconsideration", "total"] == 7


@pytest.mark.parametrize(
    "offsets",
    [
        {"DeltaX": "4 4 4 4"},
        {"DeltaX": "g 4 4"},
        {"DeltaX": "4 g 2 4 4"},
        {"DeltaX": "g 999999999 4"},
        {"DeltaX": "4 4"},
        {},
    ],
)
def test_offsets_place_each_character(offsets: dict[str, str]) -> None:
    (line,) = read(text("主动公开件", x=20, y=30, size=4, **offsets)).blocks
    assert isinstance(line, Paragraph) and line.text == "主动公开件"
    assert line.box is not None and line.page == 1
    assert line.box[0] == pytest.approx(20 * POINT, abs=0.05)
    assert line.box[2] == pytest.approx(40 * POINT, abs=0.05)
    assert line.box[1] < 30 * POINT < line.box[3]


def test_a_matrix_scales_moves_and_turns() -> None:
    scaled = text("收到申请", x=30, y=40, size=4, CTM="2 0 0 2 10 0", DeltaX="4 4 4")
    (line,) = (b for b in read(scaled).blocks if isinstance(b, Paragraph))
    assert line.box is not None
    assert line.box[0] == pytest.approx(40 * POINT, abs=0.05)
    assert line.box[2] == pytest.approx(72 * POINT, abs=0.05)
    turned = "".join(
        text(words, x=50, y=y, size=4, CTM="0 1 -1 0 0 0", DeltaX="g 3 4")
        for words, y in (("第一行字", 40), ("第二行字", 60), ("第三行字", 80))
    )
    assert paragraphs(read(turned)) == ["第一行字 第二行字 第三行字"]


def test_characters_one_below_another_in_a_cell() -> None:
    upright = text("不予公开", x=22, y=26, size=4, DeltaY="g 3 4.5", ReadDirection=90)
    (grid,) = grids(read(grid_lines([20, 30, 60], [20, 50]) + upright + text("37", x=40, y=35)))
    assert [cell.text.replace("\n", "") for cell in grid.cells] == ["不予公开", "37"]
    sideways = text("信息处理", x=24, y=26, size=4, DeltaY="g 3 4.5", CharDirection=90)
    (grid,) = grids(read(grid_lines([20, 30, 60], [20, 50]) + sideways + text("41", x=40, y=35)))
    assert [cell.text for cell in grid.cells] == ["信息处理", "41"]


def test_glyphs_that_stand_for_several_characters() -> None:
    inner = element("CGTransform", element("Glyphs", "5"), CodePosition=0, CodeCount=2, GlyphCount=1)
    assert paragraphs(read(text("1260", DeltaX="2 2", inner=inner))) == ["1260"]


def test_escaped_and_unknown_characters() -> None:
    found = read(text(r"本\0020机关\4e00", DeltaX="4 2 4 4"), text("¤¤¤¤12", DeltaX="g 4 4 2"))
    assert paragraphs(found) == ["本 机关一", "¤¤¤¤12"]
    assert [(issue.code, issue.where) for issue in found.issues] == [("text_without_unicode", "page 2")]
    assert paragraphs(read(text("\\2021", DeltaX="2 2 2 2"))) == ["\\2021"]


def test_line_breaks_of_the_xml_are_not_printed() -> None:
    assert paragraphs(read(text("\n   公开 63 件\n  ", DeltaX="4 4 2 2 2 2"))) == ["公开 63 件"]


def test_what_is_not_shown_is_not_read() -> None:
    layer = element("Layer", text("隐藏的层"), Visible="false")
    block = element("PageBlock", element("PageBlock", text("里层的字", y=50)))
    clear = text("透明的字", y=60, Alpha=0) + text("无色的字", y=70, Fill="false")
    found = read(block + layer + clear + text("隐藏的字", y=80, Visible="false") + text("页外的字", x=900, y=90))
    assert paragraphs(found) == ["里层的字"]


def test_hidden_text_behind_a_picture_is_doubted() -> None:
    page = picture("0 0 210 297") + text("识别出来的文字有二十个以上才算得上一页正文内容", Alpha=0)
    found = read(page)
    assert paragraphs(found) == ["识别出来的文字有二十个以上才算得上一页正文内容"]
    assert "hidden_text" in codes(found)


def test_pictures_are_told() -> None:
    words = text("这一页上有许多字可以读因此只有图中的内容没有读到", y=20)
    found = read(words + picture("20 60 150 120"), picture("0 0 210 297"))
    assert [(i.code, i.where) for i in found.issues] == [("picture_in_page", "page 1"), ("page_is_image", "page 2")]
    with pytest.raises(Unreadable) as refused:
        read(picture("0 0 210 297"))
    assert refused.value.issue.code == ("picture_unreadable" if can_recognise() else "ocr_missing")


def test_pictures_where_nothing_recognises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.extract.ofd.can_recognise", lambda: False)
    monkeypatch.setattr("pipelines.extract.recognition.can_recognise", lambda: False)
    with pytest.raises(Unreadable) as refused:
        read(picture("0 0 210 297"))
    assert refused.value.issue.code == "ocr_missing"
    found = read(text("这一页上有许多字可以读因此只有图中的内容没有读到", y=20), picture("0 0 210 297"))
    assert [(i.code, i.where) for i in found.issues] == [("page_is_image", "page 2"), ("ocr_missing", "page 2")]


def test_unknown_glyphs_beside_a_picture_stay_told() -> None:
    found = read(text("¤" * 30, y=20) + picture("20 60 150 220"))
    assert "text_without_unicode" in codes(found) and paragraphs(found) == ["¤" * 30]


@pytest.mark.skipif(not can_recognise(), reason="the packages that recognise text are not installed")
@pytest.mark.parametrize("matrix", ["210 0 0 297 0 0", "0 297 210 0 0 0", "210 0 0 -297 0 297"])
def test_scanned_pages_are_recognised(matrix: str) -> None:
    """However the picture is turned in its file, its matrix puts it upright."""
    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    for x in (100, 500, 900):
        pen.line((x, 200, x, 500), 0, 3)
    for y in (200, 350, 500):
        pen.line((100, y, 900, y), 0, 3)
    font = ImageFont.load_default(48)
    for i, number in enumerate(("2041", "375", "86", "1190")):
        pen.text((250 + 400 * (i % 2), 245 + 150 * (i // 2)), number, 0, font)
    if matrix.startswith("0"):
        image = image.transpose(Image.Transpose.TRANSPOSE)
    elif "-" in matrix:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    data = io.BytesIO()
    image.save(data, "PNG")
    parts = document("Doc_0", [[element("ImageObject", ResourceID=7, Boundary="0 0 210 297", CTM=matrix)]])
    media = element("MultiMedia", element("MediaFile", "scan.png"), ID=7, Type="Image", Format="PNG")
    parts["Doc_0/PublicRes.xml"] = rooted("Res", element("MultiMedias", media), BaseLoc="Res")
    found = extract(package("Scan", {"Doc_0": {**parts, "Doc_0/Res/scan.png": data.getvalue()}}))
    (grid,) = grids(found)
    assert [(c.row, c.column, c.text, c.reading) for c in grid.cells] == [
        (0, 0, "2041", "ocr"),
        (0, 1, "375", "ocr"),
        (1, 0, "86", "ocr"),
        (1, 1, "1190", "ocr"),
    ]
    assert codes(found) == ["ocr_used"]
    assert grid.cells[0].box == pytest.approx([v * 72 / 150 for v in (100, 200, 500, 350)], abs=2.5)


@pytest.mark.parametrize("kind", ["lines", "boxes", "areas", "dashes", "joined"])
def test_rules_however_drawn(kind: str) -> None:
    xs, ys = [20.0, 60.0, 100.0], [20.0, 30.0, 40.0, 50.0]
    drawn = grid_lines(xs, ys)
    if kind == "boxes":
        drawn = "".join(path("M 0 0 L 40 0 L 40 10 L 0 10 C", f"{x} {y} 40 10") for x in xs[:-1] for y in ys[:-1])
    elif kind == "areas":
        sides = [(xs[0], y, 80.0, 0.25) for y in ys] + [(x, ys[0], 0.25, 30.0) for x in xs]
        drawn = "".join(
            path(f"M0 0L{w} 0L{w} {h}L0 {h}C", f"{x} {y} {w} {h}", Fill="true", Stroke="false") for x, y, w, h in sides
        )
    elif kind == "dashes":
        drawn = "".join(path(f"M {xs[0] + at} {y} L {xs[0] + at + 0.8} {y}") for y in ys for at in range(0, 80))
        drawn += "".join(path(f"M {x} {ys[0]} L {x} {ys[-1]}", DashPattern="1 1") for x in xs)
    elif kind == "joined":
        pieces = [f"M {xs[0]} {y} L {xs[-1]} {y}" for y in ys] + [f"M {x} {ys[0]} L {x} {ys[-1]}" for x in xs]
        drawn = path(" ".join(pieces))
    numbers = ("11", "12", "13", "14", "15", "16")
    words = "".join(text(n, x=30 + 40 * (i % 2), y=27 + 10 * (i // 2)) for i, n in enumerate(numbers))
    (grid,) = grids(read(drawn + words))
    assert [(c.row, c.column, c.text) for c in grid.cells] == [(i // 2, i % 2, n) for i, n in enumerate(numbers)]
    assert grid.cells[0].box == pytest.approx((20 * POINT, 20 * POINT, 60 * POINT, 30 * POINT), abs=0.8)


def test_shading_curves_and_unpainted_paths_are_no_rules() -> None:
    shading = path("M 20 35 L 100 35", LineWidth=9)
    curve = path("M 20 33 B 40 33 60 34 100 33 Q 60 34 20 33 A 5 5 0 0 1 90 60", Stroke="true")
    clip = path("M 20 33 L 100 33", Stroke="false", Fill="false")
    words = text("21", x=30, y=35) + text("22", x=70, y=35)
    (grid,) = grids(read(grid_lines([20, 60, 100], [20, 50]) + shading + curve + clip + words))
    assert (grid.row_count, [c.text for c in grid.cells]) == (1, ["21", "22"])


def test_templates_and_composites_are_part_of_the_page() -> None:
    unit = element("CompositeGraphicUnit", element("Content", text("单元内的字", x=0, y=4)), ID=60, Width=50, Height=9)
    composite = element("CompositeObject", ResourceID=60, Boundary="30 100 50 9")
    parts = document("Doc_0", [[composite, text("底版文字", y=50), text("顶版文字", y=70)]], templates=2)
    parts["Doc_0/PublicRes.xml"] = rooted("Res", element("CompositeGraphicUnits", unit))
    found = extract(package("Parts", {"Doc_0": parts}))
    assert paragraphs(found) == ["底版文字", "顶版文字", "单元内的字"]
    (line,) = (b for b in found.blocks if isinstance(b, Paragraph) and b.text == "单元内的字")
    assert line.box is not None and line.box[0] == pytest.approx(30 * POINT, abs=0.05)


def test_documents_follow_one_another() -> None:
    table = grid_lines([20, 60, 100], [20, 30, 40]) + "".join(
        text(n, x=30 + 40 * (i % 2), y=27 + 10 * (i // 2)) for i, n in enumerate(("51", "52", "53", "54"))
    )
    first, second = document("Doc_0", [[text("封面")], [table]]), document("Doc_1", [[table], [text("末页")]])
    found = extract(package("Two", {"Doc_0": first, "Doc_1": second}))
    assert found.page_count == 4 and found.metadata == {"title": "Two"}
    assert [(block.page, block.index) for block in found.blocks] == [(1, 0), (2, 0), (3, 1), (4, 1)]
    assert [b.page_break for b in found.blocks if isinstance(b, Paragraph)] == [False, True]


def test_references_from_the_root_in_other_cases_and_backward() -> None:
    parts = document("Doc_0", [[text("找得到的页")]])
    moved = {name.replace("Pages/Page_0/Content.xml", "pages/page_0/content.XML"): c for name, c in parts.items()}
    assert paragraphs(extract(package("A", {"Doc_0": moved}))) == ["找得到的页"]
    for location in (
        "/Doc_0/Pages/Page_0/Content.xml",
        "Pages\\Page_0\\Content.xml",
        "./Pages/../Pages/Page_0/Content.xml",
    ):
        changed = parts["Doc_0/Document.xml"].replace(b"Pages/Page_0/Content.xml", location.encode())
        assert paragraphs(extract(package("A", {"Doc_0": {**parts, "Doc_0/Document.xml": changed}}))) == ["找得到的页"]


def test_a_lost_page_is_told_and_the_rest_is_read() -> None:
    parts = document("Doc_0", [[text("第一页")], [text("第二页")], [text("第三页")]])
    del parts["Doc_0/Pages/Page_1/Content.xml"]
    parts["Doc_0/Pages/Page_2/Content.xml"] = b"<ofd:Page"
    found = extract(package("A", {"Doc_0": parts}))
    assert paragraphs(found) == ["第一页"] and found.page_count == 3
    assert [(i.code, i.where) for i in found.issues] == [("page_damaged", "page 2"), ("page_damaged", "page 3")]


def _refused(data: bytes) -> str:
    with at_most(5), pytest.raises(Unreadable) as refused:
        extract(data)
    assert refused.value.issue.message
    return refused.value.issue.code


def _with_page(page: bytes) -> bytes:
    parts = document("Doc_0", [[text("一页")]])
    return package("A", {"Doc_0": {**parts, "Doc_0/Pages/Page_0/Content.xml": page}})


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    assert _refused(_with_page(bomb + b"<Page><Content><Layer>&b;&c;</Layer></Content></Page>")) == "damaged"
    assert _refused(packed({"OFD.xml": bomb + b"<OFD>&b;</OFD>"})) == "damaged"


@pytest.mark.parametrize(
    "location", ["../../../etc/passwd", "/etc/passwd", "/../secret.xml", "file:///etc/passwd", ".."]
)
def test_references_never_leave_the_package(location: str) -> None:
    parts = document("Doc_0", [[text("一页")]])
    changed = parts["Doc_0/Document.xml"].replace(b"Pages/Page_0/Content.xml", location.encode())
    data = package(
        "A", {"Doc_0": {**parts, "Doc_0/Document.xml": changed, "../secret.xml": parts["Doc_0/Document.xml"]}}
    )
    assert _refused(data) == "damaged"
    body = element("DocBody", element("DocRoot", location))
    assert _refused(packed({"OFD.xml": rooted("OFD", body), "../secret.xml": b"<Document/>"})) == "damaged"


def test_zip_bombs_and_broken_packages_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("OFD.xml", rooted("OFD", ""))
        bomb.writestr("Doc_0/Document.xml", b" " * (300 << 20))
    assert _refused(buffer.getvalue()) == "too_large"
    whole = package("A", {"Doc_0": document("Doc_0", [[text("一页")]])})
    assert _refused(whole[: len(whole) // 2]) in ("damaged", "unsupported_format")
    assert _refused(packed({"OFD.xml": rooted("OFD", "")})) == "damaged"


def test_cyclic_units_end() -> None:
    inner = element(
        "Content", text("环中的字", x=0, y=4) + 3 * element("CompositeObject", ResourceID=60, Boundary="1 1 9 9")
    )
    parts = document("Doc_0", [[element("CompositeObject", ResourceID=60, Boundary="30 100 50 9")]])
    parts["Doc_0/PublicRes.xml"] = rooted("Res", element("CompositeGraphicUnit", inner, ID=60))
    assert _refused(package("A", {"Doc_0": parts})) == "too_complex"


@pytest.mark.parametrize(
    "content",
    [
        "<a/>" * 1_000_000,
        "<a/>" * 2_000_000,
        path("M 0 0 " + "L 9 9 " * 1_000_000),
        text("字" * 3_000_000),
        "<a>" * 5000 + "</a>" * 5000,
    ],
    ids=["objects", "tags", "segments", "letters", "depth"],
)
def test_pages_beyond_all_measure_are_refused(content: str) -> None:
    loose = io.BytesIO()
    packed_tight = io.BytesIO(_with_page(rooted("Page", element("Content", content))))
    with zipfile.ZipFile(packed_tight) as tight, zipfile.ZipFile(loose, "w") as stored:
        for name in tight.namelist():
            stored.writestr(name, tight.read(name))
    assert _refused(loose.getvalue()) == "too_complex"


def test_many_pages_are_refused() -> None:
    assert _refused(package("A", {"Doc_0": document("Doc_0", [[]] * 301)})) == "too_many_pages"


def test_numbers_that_no_page_holds_do_no_harm() -> None:
    odd = ("nan", "inf", "1e999", "-1e300", "", "x", "0x10", "٣", "9" * 4000)
    objects = "".join(
        text("一二三", Size=n, DeltaX=f"{n} g {n} {n}", CTM=f"1 0 0 1 {n} 0", HScale=n, CharDirection=n)
        + path(f"M {n} 0 L 5 {n} A {n}", LineWidth=n)
        + picture(f"0 0 {n} {n}")
        for n in odd
    )
    assert "好的字" in paragraphs(read(text("好的字", y=200) + objects))


def test_an_encrypted_package_says_so() -> None:
    parts = document("Doc_0", [[text("一页")]])
    parts["Doc_0/Document.xml"] = b"\x8f\x01\x99 not XML"
    body = element("DocBody", element("DocRoot", "Doc_0/Document.xml"))
    data = packed({"OFD.xml": rooted("OFD", body), "Encryptions.xml": b"<Encryptions/>", **parts})
    assert _refused(data) == "encrypted"


WHOLE = {
    name: ofd.write_ofd(next(iter(reports(Plan(2, 3, counties=1)))), random.Random(1), ofd.STYLES[name]).data
    for name in ("ofd", "ofd_template", "ofd_two", "ofd_scaled")
}
SPOILS = st.sampled_from((b"", b"0", b"-1", b"nan", b"1e308", b"g 9 9", b"999999999", b"<", b">", b'"', b"..", b"\xff"))


@settings(max_examples=40)
@given(
    st.sampled_from(sorted(WHOLE)), st.lists(st.tuples(st.integers(0), st.integers(0), SPOILS), min_size=1, max_size=4)
)
def test_spoiled_files_are_read_or_refused(style: str, spoils: list[tuple[int, int, bytes]]) -> None:
    """Nothing but Unreadable is ever raised, and what is read lies on the page."""
    with zipfile.ZipFile(io.BytesIO(WHOLE[style])) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    for which, where, spoil in spoils:
        name = sorted(parts)[which % len(parts)]
        numbers = list(re.finditer(rb"-?\d+(?:\.\d+)?|[<>\"/ ]", parts[name]))
        found = numbers[where % len(numbers)]
        parts[name] = parts[name][: found.start()] + spoil + parts[name][found.end() :]
    try:
        document_read = extract(packed(parts))
    except Unreadable as error:
        assert error.issue.code and error.issue.message
        return
    assert document_read.format == "ofd"
    for grid in grids(document_read):
        assert all(cell.row + cell.row_span <= grid.row_count for cell in grid.cells)
        assert all(cell.column + cell.column_span <= grid.column_count for cell in grid.cells)
