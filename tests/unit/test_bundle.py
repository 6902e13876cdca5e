"""Several files in one: archives and saved pages, in order, bounded, each named where it cannot be read."""

from __future__ import annotations

import base64
import io
import random
import zipfile
from collections.abc import Mapping

import pytest
import xlsxwriter

from pipelines.extract import Unreadable, extract
from pipelines.extract.joining import joined
from pipelines.model import Document, Grid, GridCell, Issue, Paragraph
from tests.processor_time import at_most


def archive(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return buffer.getvalue()


def workbook(number: int) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as target:
        sheet = target.add_worksheet()
        sheet.write_row(0, 0, ["kind", "made"])
        sheet.write_row(1, 0, ["rules", number])
    return buffer.getvalue()


def refusal(data: bytes) -> Issue:
    with pytest.raises(Unreadable) as caught:
        extract(data)
    return caught.value.issue


def texts(document: Document) -> list[object]:
    return [b.text if isinstance(b, Paragraph) else [c.text for c in b.cells] for b in document.blocks]


PAGE = (
    "<html><head><title>Report of 2023</title></head><body><p>Words</p><table><tr><td>own<td>10</table></body></html>"
)


def test_members_follow_each_other_by_name() -> None:
    document = extract(
        archive({"b10.xlsx": workbook(13), "a.html": PAGE, "b2.xlsx": workbook(12), "b9.txt": "lines\nof text"})
    )
    assert document.format == "zip"
    assert texts(document) == [
        "Words",
        ["own", "10"],
        ["kind", "made", "rules", "12"],
        "lines",
        "of text",
        ["kind", "made", "rules", "13"],
    ]
    assert document.metadata["title"] == "Report of 2023"
    assert [b.index for b in document.blocks if isinstance(b, Grid)] == [0, 1, 2]
    paragraphs = [b.index for b in document.blocks if isinstance(b, Paragraph)]
    assert paragraphs == sorted(set(paragraphs))


def test_names_are_shown_as_their_writer_saw_them() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("a.txt", "words")
        target.writestr("XXXX.7z", b"7z\xbc\xaf\x27\x1c" + b"x" * 50)
    data = buffer.getvalue().replace(b"XXXX.7z", "图表".encode("gb18030") + b".7z")
    (issue,) = extract(data).issues
    assert (issue.code, issue.where) == ("nested_archive", "图表.7z")


def test_what_cannot_be_read_is_an_issue() -> None:
    document = extract(
        archive({"a.txt": "words", "b.bin": random.Random(1).randbytes(900), "c.txt": "", "d.zip": archive({"x": "y"})})
    )
    assert texts(document) == ["words"]
    assert [(issue.code, issue.where) for issue in document.issues] == [
        ("unknown_format", "b.bin"),
        ("empty", "c.txt"),
        ("nested_archive", "d.zip"),
    ]


def test_debris_is_no_member() -> None:
    data = archive({"a.txt": "words", "__MACOSX/._a.txt": "x", ".DS_Store": "x", "Thumbs.db": "x", "in/~$a.docx": "x"})
    assert texts(extract(data)) == ["words"]
    assert not extract(data).issues


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "in/../../a.txt", "..\\a.txt"])
def test_names_that_leave_the_archive_are_not_read(name: str) -> None:
    assert refusal(archive({name: "words"})).code == "empty"


def test_archives_without_a_readable_member() -> None:
    assert refusal(archive({})).code == "empty"
    issue = refusal(archive({"a.bin": random.Random(2).randbytes(900)}))
    assert (issue.code, issue.where) == ("unknown_format", "a.bin")


def test_archives_are_not_opened_in_archives() -> None:
    data = archive({"a.txt": "words"})
    for _ in range(20):
        data = archive({"inner.zip": data})
    assert refusal(data).code == "nested_archive"


def test_bombs_are_refused() -> None:
    big, many = archive({"a.txt": b"0" * 200_000_000}), archive({f"{n}.txt": "words" for n in range(41)})
    with at_most(3):
        assert refusal(big).code == "too_large"
        assert refusal(many).code == "too_large"


def test_damaged_archives_are_refused_or_read() -> None:
    whole = archive({"a.html": PAGE, "b.xlsx": workbook(14)})
    draw = random.Random(3)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 8)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        try:
            extract(bytes(data))
        except Unreadable as error:
            assert error.issue.code and error.issue.message


def test_joined_documents_count_pages_and_blocks_through() -> None:
    def document(pages: int | None, key: str) -> Document:
        page = pages and 1
        grid = Grid(0, 1, 1, (GridCell(0, 0, key, page=page),), page)
        return Document(
            "x", (Paragraph(4, key, (key,), page=page), grid), {key: key}, (Issue("c", "m", "row 1"),), pages
        )

    whole = joined("y", [("one", document(2, "a")), ("two", document(3, "b")), ("three", document(None, "c"))])
    assert [(b.index, b.page) for b in whole.blocks] == [(4, 1), (0, 1), (9, 3), (1, 3), (14, None), (2, None)]
    assert [c.page for b in whole.blocks if isinstance(b, Grid) for c in b.cells] == [1, 3, None]
    assert whole.metadata == {"a": "a", "b": "b", "c": "c"}
    assert whole.page_count == 5
    assert [issue.where for issue in whole.issues] == ["one: row 1", "two: row 1", "three: row 1"]


def mhtml(*parts: tuple[str, str, bytes]) -> bytes:
    lines = ["MIME-Version: 1.0", 'Content-Type: multipart/related; boundary="=part"', ""]
    for kind, encoding, body in parts:
        lines += ["--=part", f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", "", body.decode(), ""]
    return "\r\n".join([*lines, "--=part--", ""]).encode()


def test_pages_saved_as_one_file() -> None:
    chinese = "<html><p>编号</p><table><tr><td>规章<td>15</table></html>".encode("gb18030")
    frames = b'<html><frameset><frame src="x"></frameset></html>'
    data = mhtml(
        ("text/html", "7bit", frames),
        ('text/html; charset="gb2312"', "base64", base64.b64encode(chinese)),
        ("image/png", "base64", base64.b64encode(b"\x89PNG")),
        ("text/html", "quoted-printable", b"<p>second =3D 16</p>"),
    )
    document = extract(data, "report.doc")
    assert document.format == "mhtml"
    assert texts(document) == ["编号", ["规章", "15"], "second = 16"]


def test_a_saved_page_without_text() -> None:
    assert refusal(mhtml(("text/html", "7bit", b"<html></html>"))).code == "empty"
    assert refusal(mhtml(("image/png", "base64", b"iVBO"))).code == "damaged"


def test_a_saved_page_that_nests_without_end() -> None:
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b0\n\n"
    body = "".join(f"--b{n}\nContent-Type: multipart/related; boundary=b{n + 1}\n\n" for n in range(3000))
    assert refusal((head + body).encode()).code in {"too_deep", "damaged"}
