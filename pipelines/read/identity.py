"""Whose report it is, of which year, published when: what the document says of itself, with the place that says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from pipelines.model import Document, Grid, Issue, Paragraph, Source, YearMention
from pipelines.read.headings import title as title_of
from pipelines.read.outline import Outline
from pipelines.read.places import places_in
from pipelines.read.prose import prose
from pipelines.read.wording import simplified, squeezed
from pipelines.read.years import narrative_years, period_years, title_year

_KIND = (
    r"(?:人民政府|政府|局|委员会|委|办公室|政府办|办|法院|检察院|研究院|院|会|处|服务中心|中心|镇|乡|街道|苏木|厅|站|所|队|公司|学校|大学"
    r"|医院|部|社|馆|园区|开发区|新区|区|县|市|集团|总社|库|园|公积金|大队|支队)"
)
_AGENCY = re.compile(rf"[㐀-鿿（）()、·]{{1,40}}{_KIND}(?:[（(][㐀-鿿、]{{1,24}}[)）])?")
_GENERIC = re.compile(
    r"(?:我|本|全|各|该|贵|县|市|区|镇|乡|省|州)?(?:局|委|办|单位|机关|部门|政府|人民政府|县|市|区|镇|乡|街道|中心|处|院|网站|办公室)?"
    r"|.{0,8}(?:门户网站|政府网|信息网|政务网)|国务院.{0,20}|.*[*＊×XＸ?？].*|.*(?:模板|格式|年度|信息公开|条例).*"
)
_OPEN = r"(?:政府信息公开|政务信息公开|信息公开|政务公开|(?:政府)?信息主动公开)"
_YEAR_WORDS = r"(?:[（(]?(?:[12]\d{3}|二[〇○零Oo0]?[〇○零Oo0一二三四五六七八九]{2,3})(?:年度|年)?[)）]?)"
_TITLE_AGENCY = re.compile(
    rf"(?:关于)?{_YEAR_WORDS}?(?:度)?(?:关于)?(?P<name>.*?)(?:的|关于)*{_YEAR_WORDS}?(?:度)?的?{_OPEN}"
)
_STATED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:现|特|予以)?(?:将|公布|发布|编制)(?:了|的)?《?(?P<name>[^，。；：《》]{{2,40}}?)(?:关于)?{_YEAR_WORDS}年?度?的?{_OPEN}",
        r"与(?P<name>[^，。；：]{2,40}?)(?:政务公开|政府信息公开|信息公开|行政)?(?:工作)?(?:办公室|科|股|办)?(?:[（(][^（）()]{0,30}[)）])?联系",
        r"(?:本报告|本年度报告|年度报告)?由(?P<name>[^，。；：]{2,40}?)(?:根据|按照|依据|编制)",
        rf"^(?P<name>[^，。；：]{{2,40}}?){_YEAR_WORDS}{_OPEN}工作年度报告[，,]",
    )
)
_PUBLISHER = re.compile(
    r"(?:来源|信息来源|发布机构|发文机关|发布单位|公开机构|发文单位|制作单位|填报单位|单位)(?:[（(]盖章[)）])?[:：]([㐀-鿿（）()、]{3,40})"
)
_PUBLISHER_LABEL = re.compile(
    r"(?:信息)?(?:来源|发布机构|发文机关|发布单位|公开机构|发文单位|公开主体|责任部门|制作单位)[:：]?"
)
_DATE = r"(20[0-3]\d)\s{0,3}[-年/.]\s{0,3}(\d{1,2})\s{0,3}[-月/.]\s{0,3}(\d{1,2})"
_DATED = re.compile(rf"(?:发布|公开|发文|生成|成文|更新|采集)?(?:日期|时间)[:：]?\s{{0,3}}{_DATE}")
_WIDE_GAP = re.compile(r"[ \u3000]{2,}|\u3000|\t")
_DATE_ONLY = re.compile(rf"[（(]?{_DATE}日?[)）]?(?:\s{{0,3}}\d{{1,2}}:\d\d(?::\d\d)?)?")
_SIGNED = re.compile(rf"(?P<name>.{{2,60}}) (?P<date>{_DATE}日?)")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a report says of itself. `agency` is its name as printed, at its fullest; `places` the likeliest first."""

    title: str | None
    agency: str | None
    year: int | None
    year_source: Literal["title", "period", "narrative"] | None
    years: tuple[YearMention, ...]
    published: date | None
    places: tuple[str, ...]
    issues: tuple[Issue, ...]


def identify(outline: Outline, document: Document, source: Source) -> Identity:
    """A report and what stands around it -> its title, agency, year. What nothing states is None, with an issue."""
    texts = {
        section.code: squeezed_lines(prose(section)) for section in outline.sections if section.code != "statistics"
    }
    opening = "\n".join((texts.get("preamble", ""), texts.get("overview", "")))[:3000]
    title = outline.title or _metadata_title(document)
    header = tuple(_header(outline, document))
    agency, agency_issues = _agency(title, opening, header, outline, document, source)
    years = tuple(_years(title, texts))
    year, year_source, year_issues = _year(years)
    return Identity(
        title=title,
        agency=agency,
        year=year,
        year_source=year_source,
        years=years,
        published=_published(header, outline, document),
        places=_places(title, agency, opening, header, document, source),
        issues=(*agency_issues, *year_issues),
    )


def squeezed_lines(text: str) -> str:
    """The text simplified and without spaces, line by line."""
    return "\n".join("".join(line.split()) for line in simplified(text).splitlines())


def agency_in_title(title: str) -> str | None:
    """The agency that a title names, before or behind the year; None where it names none."""
    bare = re.sub(r"^[【\[].{1,10}?[】\]]|^(?:附件|标题)\d?[:：]", "", title)
    match = _TITLE_AGENCY.match(bare)
    if match is None:
        return None
    name = match["name"].strip("·-—:：、,.的")
    if name.endswith("人民"):
        name += "政府"
    return name if _named(name) else None


def _named(name: str) -> bool:
    return len(name) >= 2 and not _GENERIC.fullmatch(name)


def _metadata_title(document: Document) -> str | None:
    for key in ("article_title", "title"):
        for part in re.split(r"[-_|—]", document.metadata.get(key, "")):
            if part and (found := title_of([part])):
                return found
    return None


def _agency(
    title: str | None,
    opening: str,
    header: tuple[str, ...],
    outline: Outline,
    document: Document,
    source: Source,
) -> tuple[str | None, tuple[Issue, ...]]:
    stated = tuple(_stated(opening))
    signing = [name for name, _ in _signatures(outline)]
    name = agency_in_title(title) if title else None
    if name is not None:
        if places_in(name):
            return name, ()
        fuller = next(
            (other for other in stated if other.endswith(name.lstrip("省市县区州")) and places_in(other)), None
        )
        return fuller or name, ()
    if stated:
        signed = next((name for name in signing if name.startswith(stated[0]) and name in opening), None)
        return signed or stated[0], ()
    for printed in (*_publishers(header), *signing):
        return printed, (
            Issue("agency_from_publisher", f"title and text name no agency; {printed} is said to publish it"),
        )
    for hint in (document.metadata.get("publisher", ""), *reversed(source.hints)):
        name = squeezed(hint)
        if _named(name) and _AGENCY.fullmatch(name) and not re.search("[省市县区州]$", name):
            return name, (
                Issue("agency_from_context", f"the text names no agency; {name} is taken from where it stood"),
            )
    return None, (Issue("agency_not_stated", "neither title, text nor publisher name an agency: register its source"),)


def _stated(opening: str) -> Iterator[str]:
    """The agencies that the text names as its own: whose report it publishes, whom to ask."""
    for pattern in _STATED:
        for line in opening.splitlines()[:6]:
            for match in pattern.finditer(line[:900]):
                name = match["name"].removesuffix("的")
                if _AGENCY.fullmatch(name) and _named(name):
                    yield name


def _header(outline: Outline, document: Document) -> Iterator[str]:
    """The lines around the title: those of the outline, and the page's block of metadata above it."""
    for block in (*outline.title_blocks, *document.blocks[:80]):
        if isinstance(block, Paragraph):
            if len(block.text) <= 200:
                yield " ".join(block.text.split())
        else:
            yield from _rows(block)


def _rows(grid: Grid) -> Iterator[str]:
    """A small grid's pairs of label and value, as `label：value`."""
    if len(grid.cells) > 40:
        return
    texts = [" ".join(cell.text.split()) for cell in grid.cells if len(cell.text) <= 80]
    for label, value in pairwise(texts):
        if _PUBLISHER_LABEL.fullmatch(squeezed(label)) or label.endswith(("日期", "时间", "日期：", "时间：")):
            yield f"{squeezed(label).rstrip(':：')}：{value}"


def _publishers(header: tuple[str, ...]) -> Iterator[str]:
    for line in header:
        for match in _PUBLISHER.finditer(squeezed(line)):
            name = re.split("浏览|访问|字体|发布|时间|日期|作者|点击|阅读|【", match[1])[0]
            if _AGENCY.fullmatch(name) and _named(name):
                yield name


def _signatures(outline: Outline) -> Iterator[tuple[str, str]]:
    """A name above a date: under the text, or at the end of a page that its tables follow as attachments."""
    told = [b.text for section in outline.sections for b in section.blocks if isinstance(b, Paragraph)]
    for lines in (_closing(outline), told):
        for above, below in pairwise(lines):
            name = squeezed(above)
            if _DATE_ONLY.fullmatch(below.strip()) and _AGENCY.fullmatch(name) and _named(name):
                yield name, below.strip()


def _closing(outline: Outline) -> list[str]:
    """The last lines under the text; of a text on one line what stands behind its last stop, parted at wide gaps and
    between an agency's name and a date."""
    last = [b for section in outline.sections[-1:] for b in section.blocks[-4:] if isinstance(b, Paragraph)]
    last += [b for b in outline.trailing[:4] if isinstance(b, Paragraph)]
    ends = [block.text[-200:].rpartition("。")[2] for block in last]
    pieces = [piece.strip() for end in ends for piece in _WIDE_GAP.split(end) if piece.strip()]
    return [part for piece in pieces for part in _signature_and_date(piece)]


def _signature_and_date(piece: str) -> tuple[str, ...]:
    match = _SIGNED.fullmatch(piece)
    return match.group("name", "date") if match and _AGENCY.fullmatch(squeezed(match["name"])) else (piece,)


def _years(title: str | None, texts: dict[str, str]) -> Iterator[YearMention]:
    if title and (year := title_year(title)):
        yield YearMention("title", year, title)
    for text in texts.values():
        yield from period_years(text)
    for code, text in texts.items():
        yield from narrative_years(code, text)


def _year(
    years: tuple[YearMention, ...],
) -> tuple[int | None, Literal["title", "period", "narrative"] | None, tuple[Issue, ...]]:
    roles: tuple[Literal["title", "period", "narrative"], ...] = ("title", "period", "narrative")
    for role in roles:
        counted = Counter(mention.year for mention in years if mention.role == role).most_common(2)
        if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
            continue
        if role == "title":
            return counted[0][0], role, ()
        words = {"period": "statistics period", "narrative": "text"}[role]
        return (
            counted[0][0],
            role,
            (Issue("year_not_in_title", f"the title names no year; {words} says {counted[0][0]}"),),
        )
    return (
        None,
        None,
        (Issue("year_not_stated", "neither title, statistics period nor text say which year is reported"),),
    )


def _published(header: tuple[str, ...], outline: Outline, document: Document) -> date | None:
    """The date that the page prints beside the title; then the file's; then the one under the text."""
    for line in header:
        if (match := _DATED.search(line)) and (found := _date(match)):
            return found
    if match := re.match(_DATE, document.metadata.get("published", "")):
        return _date(match)
    for block in outline.title_blocks:
        if isinstance(block, Paragraph) and (match := _DATE_ONLY.fullmatch(block.text.strip())):
            return _date(match)
    for line in (*_closing(outline), *(when for _, when in _signatures(outline))):
        if match := _DATE_ONLY.fullmatch(line):
            return _date(match)
    return None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _places(
    title: str | None, agency: str | None, opening: str, header: tuple[str, ...], document: Document, source: Source
) -> tuple[str, ...]:
    around = [document.metadata.get(key, "") for key in ("publisher", "site", "breadcrumb", "column")]
    texts = (agency or "", title or "", opening, *around, *reversed(source.hints), *header[:60])
    found = (place for text in texts for place in places_in(squeezed_lines(text)))
    return tuple(dict.fromkeys(found))[:24]
