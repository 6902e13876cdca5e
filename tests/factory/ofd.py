"""Reports as OFD, in the ways in which its writers differ: lines as runs or letter by letter, rules as lines or filled
areas, coordinates in millimetres or scaled points, templates, several documents in one file."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from tests.factory.drawing import A4, Layout, draw_report, text_width
from tests.factory.report import Report
from tests.factory.written import Written

NAMESPACE = "http://www.ofdspec.org/2016"
_MM = 25.4 / 72
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_COVER = "本文件另附年度报告一份，请查收。"


@dataclass(frozen=True, slots=True)
class Style(Layout):
    """`text`: a text object holds a line, its offsets as one list or as repetitions, or a single character; `scaled`:
    everything is in points under a matrix; `template`: running head and page number lie on template pages; `cover`: a
    document of one page stands before the report's."""

    text: Literal["list", "runs", "letters"] = "runs"
    filled: bool = False
    scaled: bool = False
    template: bool = False
    cover: bool = False


STYLES: dict[str, Style] = {
    "ofd": Style(),
    "ofd_letters": Style(text="letters", page_number="{n}"),
    "ofd_filled": Style(text="list", filled=True, top_gap=170.0, page_number="- {n} -"),
    "ofd_scaled": Style(scaled=True, landscape=True, number_width=0.07),
    "ofd_template": Style(template=True, filled=True, label_shares=(0.055, 0.055, 0.89)),
    "ofd_two": Style(text="list", cover=True, split_review=True),
    "ofd_borderless": Style(ruled=False, page_number="第 {n} 页"),
}


def element(name: str, content: str = "", **attributes: object) -> str:
    """An element in OFD's namespace, its content as it stands."""
    listed = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<ofd:{name}{listed}>{content}</ofd:{name}>"


def rooted(name: str, content: str, **attributes: object) -> bytes:
    """A part of the package: a root element with the namespace."""
    listed = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f'{_HEAD}<ofd:{name} xmlns:ofd="{NAMESPACE}"{listed}>{content}</ofd:{name}>'.encode()


def packed(parts: dict[str, bytes]) -> bytes:
    """The package; the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2021, 1, 20, 8, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def deltas(widths: list[float], runs: bool) -> str:
    """Offsets as a list, or with `g n w` for repeated ones."""
    if not runs:
        return " ".join(f"{width:.4g}" for width in widths)
    parts = ((f"{width:.4g}", len(list(same))) for width, same in groupby(widths))
    return " ".join(width if count == 1 else f"g {count} {width}" for width, count in parts)


@dataclass
class _Pages:
    style: Style
    pages: list[list[str]] = field(default_factory=list)

    def begin(self) -> None:
        self.pages.append([])

    def end(self) -> None:
        if self.style.template:
            self.text(56.0, 30.0, "政府信息公开", 9)

    def _frame(self, x: float, y: float, w: float, h: float) -> tuple[float, dict[str, object]]:
        """How long a point is in the object's own space, and the attributes that place it."""
        boundary = " ".join(f"{v * _MM:.4f}" for v in (x, y, w, h))
        if self.style.scaled:
            return 1.0, {"Boundary": boundary, "CTM": f"{_MM:.6f} 0 0 {_MM:.6f} 0 0"}
        return _MM, {"Boundary": boundary}

    def text(self, x: float, baseline: float, text: str, size: float) -> None:
        if self.style.text == "letters":
            for c in text:
                self._run(x, baseline, c, size)
                x += text_width(c, size)
        else:
            self._run(x, baseline, text, size)

    def _run(self, x: float, baseline: float, text: str, size: float) -> None:
        unit, placed = self._frame(x, baseline - size, text_width(text, size), size * 1.3)
        attributes: dict[str, object] = {"X": 0, "Y": f"{size * unit:.4f}"}
        if len(text) > 1:
            widths = [text_width(c, size) * unit for c in text[:-1]]
            attributes["DeltaX"] = deltas(widths, self.style.text == "runs")
        code = element("TextCode", escape(text), **attributes)
        self.pages[-1].append(element("TextObject", code, Font=2, Size=f"{size * unit:.4f}", **placed))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        unit, placed = self._frame(x0, y0, x1 - x0, y1 - y0)
        if self.style.filled:
            w, h = max(x1 - x0, 0.6) * unit, max(y1 - y0, 0.6) * unit
            data = f"M 0 0 L {w:.4f} 0 L {w:.4f} {h:.4f} L 0 {h:.4f} C"
            paint: dict[str, object] = {"Fill": "true", "Stroke": "false"}
        else:
            data = f"M 0 0 L {(x1 - x0) * unit:.4f} {(y1 - y0) * unit:.4f}"
            paint = {"LineWidth": f"{0.5 * unit:.4f}"}
        self.pages[-1].append(element("PathObject", element("AbbreviatedData", data), **placed, **paint))


def _content(objects: str, inner: str = "") -> bytes:
    return rooted("Page", inner + element("Content", element("Layer", objects, Type="Body")))


def document(
    folder: str, pages: list[list[str]], size: tuple[float, float] = A4, templates: int = 0
) -> dict[str, bytes]:
    """A document's parts under its folder. `size` in points; the last `templates` objects of each page stand on a
    template page of its own."""
    box = element("PageArea", element("PhysicalBox", f"0 0 {size[0] * _MM:.4f} {size[1] * _MM:.4f}"))
    parts: dict[str, bytes] = {}
    listed, named = "", ""
    for number, objects in enumerate(pages):
        own, inner = objects, ""
        if templates:
            own, template = objects[:-templates], objects[-templates:]
            named += element("TemplatePage", ID=900 + number, BaseLoc=f"Tpls/Tpl_{number}/Content.xml")
            parts[f"{folder}/Tpls/Tpl_{number}/Content.xml"] = _content("".join(template))
            inner = element("Template", TemplateID=900 + number, ZOrder="Background")
        listed += element("Page", ID=10 + number, BaseLoc=f"Pages/Page_{number}/Content.xml")
        parts[f"{folder}/Pages/Page_{number}/Content.xml"] = _content("".join(own), inner)
    common = element("CommonData", box + element("PublicRes", "PublicRes.xml") + named)
    fonts = element("Fonts", element("Font", ID=2, FontName="宋体"))
    return {
        f"{folder}/Document.xml": rooted("Document", common + element("Pages", listed)),
        f"{folder}/PublicRes.xml": rooted("Res", fonts, BaseLoc="Res"),
        **parts,
    }


def package(title: str, documents: dict[str, dict[str, bytes]]) -> bytes:
    """A file of several documents, by their folders."""
    info = element("DocInfo", element("Title", escape(title)))
    bodies = "".join(element("DocBody", info + element("DocRoot", f"{folder}/Document.xml")) for folder in documents)
    parts = {name: content for document in documents.values() for name, content in document.items()}
    return packed({"OFD.xml": rooted("OFD", bodies, DocType="OFD", Version="1.1"), **parts})


def write_ofd(report: Report, draw: random.Random, style: Style) -> Written:
    """The report as an OFD in that style; the same bytes every time."""
    pages = _Pages(style)
    draw_report(report, pages, style)
    documents: dict[str, dict[str, bytes]] = {}
    if style.cover:
        cover = _Pages(style)
        cover.begin()
        cover.text(90.0, 130.0, _COVER, 11.0)
        documents["Doc_0"] = document("Doc_0", cover.pages)
    folder = f"Doc_{len(documents)}"
    documents[folder] = document(folder, pages.pages, style.page, 2 if style.template else 0)
    return Written(package(report.prose.title, documents))
