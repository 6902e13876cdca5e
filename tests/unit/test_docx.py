"""DOCX as Word shows it: merged cells, accepted changes, hidden text, boxes, fields; hostile packages."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipelines.extract import Unreadable, extract
from pipelines.model import Document, Grid, Paragraph
from tests.processor_time import at_most

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def package(document: str | bytes, **others: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        for name, content in others.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def word(body: str, **others: bytes) -> Document:
    return extract(package(f"<w:document {NAMES}><w:body>{body}</w:body></w:document>", **others))


def p(*runs: str, properties: str = "") -> str:
    written = "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{written}</w:p>"


def tc(*content: str, properties: str = "") -> str:
    inner = "".join(part if part.startswith("<") else p(part) for part in content) or p()
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(c if c.startswith('<') else tc(c) for c in cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def span(n: int) -> str:
    return f'<w:gridSpan w:val="{n}"/>'


TOP, MERGED = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grid(document: Document) -> Grid:
    (found,) = [block for block in document.blocks if isinstance(block, Grid)]
    return found


def shown(document: Document) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in grid(document).cells]


def texts(document: Document) -> list[str]:
    return [cell.text for cell in grid(document).cells]


def test_cells_merged_down_and_across() -> None:
    document = word(
        tbl(
            tr(tc("h", properties=span(2)), "v"),
            tr(tc("a", properties=TOP), "b", "11"),
            tr(tc(properties=MERGED), "c", "12"),
            tr(tc(properties=MERGED), "d", "13"),
            tr(tc("e", properties=span(2)), "14"),
        )
    )
    assert shown(document) == [
        (0, 0, 1, 2, "h"),
        (0, 2, 1, 1, "v"),
        (1, 0, 3, 1, "a"),
        (1, 1, 1, 1, "b"),
        (1, 2, 1, 1, "11"),
        (2, 1, 1, 1, "c"),
        (2, 2, 1, 1, "12"),
        (3, 1, 1, 1, "d"),
        (3, 2, 1, 1, "13"),
        (4, 0, 1, 2, "e"),
        (4, 2, 1, 1, "14"),
    ]


def test_a_merged_cell_without_one_above_stands_for_itself() -> None:
    document = word(tbl(tr("a", "21"), tr(tc("b", properties=span(2))), tr("c", tc("22", properties=MERGED))))
    assert texts(document) == ["a", "21", "b", "c", "22"]


def test_text_that_a_merged_cell_hides_is_an_issue() -> None:
    document = word(tbl(tr(tc("a", properties=TOP), "31"), tr(tc("99", properties=MERGED), "32")))
    assert texts(document) == ["a", "31", "32"]
    assert [issue.code for issue in document.issues] == ["hidden_text"]


def test_skipped_grid_columns_and_short_rows() -> None:
    document = word(tbl(tr("a", "b", "41"), tr("42", "43", properties='<w:gridBefore w:val="1"/>'), tr("c")))
    assert shown(document)[3:] == [(1, 1, 1, 1, "42"), (1, 2, 1, 1, "43"), (2, 0, 1, 1, "c")]


def test_tracked_changes_are_accepted() -> None:
    gone = "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>"
    new = "<w:ins><w:r><w:t>51</w:t></w:r></w:ins>"
    moved = "<w:moveFrom><w:r><w:t>8</w:t></w:r></w:moveFrom>"
    document = word(
        tbl(
            tr("a", tc(p(gone, new, moved))),
            tr("gone", "7", properties="<w:del/>"),
            tr("b", tc("6", properties="<w:cellDel/>"), tc("52", properties="<w:cellIns/>"), properties="<w:ins/>"),
        )
        + p("one ", properties="<w:rPr><w:del/></w:rPr>")
        + p("line")
        + f"<w:moveTo>{p('moved')}</w:moveTo>"
    )
    assert texts(document) == ["a", "51", "b", "52"]
    assert lines(document) == ["one line", "moved"]


def test_content_controls_at_every_level() -> None:
    def sdt(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    document = word(
        sdt(p("block"))
        + tbl(
            sdt(tr("a", sdt(tc("61")), tc(sdt(p("62"))), tc(p(sdt("<w:r><w:t>63</w:t></w:r>"))))),
            tr("b", "64", "65", "66"),
        )
    )
    assert lines(document) == ["block"]
    assert texts(document) == ["a", "61", "62", "63", "b", "64", "65", "66"]


def test_hidden_text_by_run_style_and_row() -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="Ghost"><w:name w:val="ghost"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style>"
        '<w:style w:styleId="2"><w:name w:val="heading 2"/></w:style></w:styles>'
    ).encode()
    document = word(
        tbl(
            tr("a", tc(p("71", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r>"))),
            tr("b", tc(p('<w:r><w:rPr><w:rStyle w:val="Ghost"/></w:rPr><w:t>8</w:t></w:r>', "72"))),
            tr("c", "7", properties="<w:hidden/>"),
            tr("d", tc(p('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>73</w:t></w:r>'))),
        )
        + p("head", properties='<w:pStyle w:val="2"/>'),
        word__styles=styles,
    )
    assert texts(document) == ["a", "71", "b", "72", "d", "73"]
    assert document.blocks[-1] == Paragraph(0, "head", ("head",), heading=True)


def test_a_field_shows_its_result() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    nested = (
        mark("begin")
        + "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        + mark("separate")
        + "<w:r><w:t>9</w:t></w:r>"
        + mark("end")
    )
    field = mark("begin") + "<w:r><w:instrText>= 1</w:instrText></w:r>" + nested + mark("separate")
    simple = '<w:fldSimple w:instr="X"><w:r><w:t>82</w:t></w:r></w:fldSimple>'
    document = word(p(field, "81", mark("end"), " and ", simple) + p(mark("begin"), "never closed") + p("83"))
    assert lines(document) == ["81 and 82", "83"]


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{p('in the box')}</w:txbxContent>"
    run = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(word(p("be", run, "fore"))) == ["before", "in the box"]


def test_tabs_breaks_symbols_and_marks() -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
    document = word(
        p("a", "<w:r><w:tab/><w:t>91</w:t><w:tab/></w:r>")
        + p("one", "<w:r><w:br/></w:r>", "two", '<w:r><w:br w:type="page"/></w:r>', "three")
        + p(
            "x",
            "<w:r><w:noBreakHyphen/><w:softHyphen/><w:t>y</w:t></w:r>",
            "<m:oMath><m:r><m:t>92</m:t></m:r></m:oMath>",
        )
        + tbl(tr("b", tc(p("93", raised, "<w:r><w:footnoteReference w:id='1'/></w:r>"))), tr("c", tc("d", "e")))
    )
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert paragraphs[0].fields == ("a", "91", "")
    assert [(q.text, q.page_break) for q in paragraphs[1:]] == [
        ("one", False),
        ("two", False),
        ("three", True),
        ("x-y92", False),
    ]
    assert texts(document) == ["b", "93", "c", "d\ne"]
    assert [issue.code for issue in document.issues] == ["note_mark_dropped"]


def test_a_lowered_note_mark_is_no_part_of_a_number() -> None:
    lowered = '<w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>2</w:t></w:r>'
    document = word(tbl(tr("b", tc(p("93", lowered))), tr("c", "94")))
    assert texts(document) == ["b", "93", "c", "94"]
    assert [issue.code for issue in document.issues] == ["note_mark_dropped"]


def test_a_nested_table_stays_beside_its_cell() -> None:
    rows = [tr(f"row {n} with a long enough label", str(n), str(n + 50), f"x{n}") for n in range(101, 106)]
    document = word(tbl(*rows, tr("the last row", tc(tbl(tr("i", "107")), p()), "108", "109")))
    outer, inner = (block for block in document.blocks if isinstance(block, Grid))
    assert [c.text for c in outer.cells[-4:]] == ["the last row", "i\t107", "108", "109"]
    assert [c.text for c in inner.cells] == ["i", "107"]


def test_pictures_and_embedded_parts_are_issues() -> None:
    picture = '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="table 3"/></wp:inline></w:drawing></w:r>'
    document = word(p("x", picture, "<w:r><w:object/></w:r>") + "<w:altChunk/>")
    assert [issue.code for issue in document.issues] == ["image_in_document", "embedded_document", "embedded_document"]
    assert "table 3" in document.issues[0].message


def test_the_title_of_the_package() -> None:
    core = (
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title> A title </dc:title></cp:coreProperties>'
    )
    assert word(p("x"), docProps__core=core).metadata == {"title": "A title"}


def refused(data: bytes) -> str:
    with at_most(8), pytest.raises(Unreadable) as refusal:
        extract(data)
    return refusal.value.issue.code


def test_entities_and_document_types_are_refused() -> None:
    document = f"<w:document {NAMES}><w:body>{p('&b;')}</w:body></w:document>"
    bomb = '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;">]>' + document
    outside = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + document
    assert refused(package(bomb)) == "damaged"
    assert refused(package(outside)) == "damaged"
    assert refused(package(bomb.replace("<!DOCTYPE", " " * 10_000 + "<!DOCTYPE"))) == "damaged"
    assert refused(package(outside.encode("utf-16"))) == "damaged"


def test_packages_that_unpack_to_too_much_are_refused() -> None:
    assert refused(package(b"<w:t/>" * 10_000_000)) == "too_large"
    assert refused(package(f"<w:document {NAMES}><w:body>{'<w:p/>' * 2_000_000}</w:body></w:document>")) == "too_large"


def test_deep_nesting_is_refused() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 400 + p("x") + "</w:tc></w:tr></w:tbl>" * 400
    assert refused(package(f"<w:document {NAMES}><w:body>{deep}</w:body></w:document>")) == "too_deep"
    boxes = "<w:ins>" * 200 + p("x") + "</w:ins>" * 200
    assert lines(word(boxes)) == ["x"]


def test_broken_packages() -> None:
    whole = package(f"<w:document {NAMES}><w:body>{p('x' * 5000)}</w:body></w:document>")
    assert refused(whole[: len(whole) // 2]) == "damaged"
    assert refused(package("<w:document>")) == "damaged"
    assert refused(package(f"<w:document {NAMES}/>")) == "damaged"
    assert refused(package(f"<w:document {NAMES}><w:body/></w:document>")) == "empty"
    garbled = bytearray(whole)
    at = whole.index(b"word/document.xml") + 20
    garbled[at : at + 8] = b"\xff" * 8
    assert refused(bytes(garbled)) == "damaged"


def test_members_that_would_leave_the_package_are_ignored() -> None:
    buffer = io.BytesIO(package(f"<w:document {NAMES}><w:body>{p('x')}</w:body></w:document>"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("../../word/document.xml", "<evil/>")
        archive.writestr("/word/styles.xml", "<evil/>")
    assert lines(extract(buffer.getvalue())) == ["x"]


MACRO_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>
<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>
</Types>"""


@pytest.mark.parametrize("name", ["report.doc", "report.docm", "report.docx"])
def test_macros_are_not_even_unpacked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document with macros is read by this project's own reader; its macros are broken here, so that touching them
    would tell, and no other program may be started."""

    def started(*_: object, **__: object) -> None:
        raise AssertionError("a program was started for a document with macros")

    monkeypatch.setattr("subprocess.Popen", started)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", MACRO_TYPES)
        archive.writestr(
            "word/document.xml", f"<w:document {NAMES}><w:body>{p('Report of 2023')}</w:body></w:document>"
        )
        archive.writestr("word/vbaProject.bin", b"Sub AutoOpen(): Shell Environ(1): End Sub" * 40)
        archive.writestr("word/vbaData.xml", "<vbaSuppData><docEvents><eventDocOpen/></docEvents></vbaSuppData>")
    data = buffer.getvalue().replace(b"AutoOpen", b"AutoExec", 1)
    with zipfile.ZipFile(io.BytesIO(data)) as archive, pytest.raises(zipfile.BadZipFile):
        archive.read("word/vbaProject.bin")
    document = extract(data, name)
    assert document.format == "docx"
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["Report of 2023"]
    assert document.issues == ()


def test_figures_struck_out_or_white_on_white_are_not_read_into_their_neighbours() -> None:
    def run(text: str, properties: str) -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    white = '<w:color w:val="FFFFFF"/>'
    dark = '<w:tc><w:tcPr><w:shd w:fill="1F4E79"/></w:tcPr>' + p(run("74", white)) + "</w:tc>"
    document = word(
        tbl(
            tr("a", tc(p("41", run("7", "<w:strike/>")))),
            tr("b", tc(p(run("8", "<w:dstrike/>"), "52"))),
            tr("c", tc(p("63", run("9", white)))),
            f"<w:tr>{tc(p('d'))}{dark}</w:tr>",
            tr("e", tc(p(run("名称", white)))),
        )
    )
    assert texts(document) == ["a", "41", "b", "52", "c", "63", "d", "74", "e", "名称"]
    assert [issue.code for issue in document.issues] == ["hidden_text"] * 3
