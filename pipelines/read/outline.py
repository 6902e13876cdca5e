"""Finds the reports in a document: title, preamble, sections by the words of their headings, and what comes behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.model import Block, Document, Grid, Issue, Paragraph, Section
from pipelines.read.headings import (
    Heading,
    heading,
    loose_title,
    title,
)
from pipelines.read.prose import is_sentence, is_table_line, prose
from pipelines.read.unfolding import unfolded
from pipelines.read.wording import squeezed

__all__ = ["Outline", "classify", "looks_blank", "outline", "prose"]

TITLE_LINES = 4
"""A title is wrapped over at most so many lines."""

_META = re.compile(
    r"^(?:[【\[]?(?:发布|发文|成文|生成|公开|采集|更新|录入)?(?:日期|时间|机构|单位)[:：]|来源[:：]|索引号|文号|[【\[]?字[体号]|"
    r"浏览|访问|阅读|点击|作者|编辑|分享|打印|(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2})"
)
_FOOT = re.compile(
    r"^(?:主办(?:单位)?|承办(?:单位)?|版权|网站标识|备案|.{0,8}ICP备|扫一扫|相关(?:附件|文章|链接|阅读|信息|解读)|上一[篇条]|下一[篇条]|"
    r"打印|【?打印|【?关闭|分享|责任编辑|友情链接|联系我们|附件\d?[:：]|附表?[:：]|您是第|浏览次数|网站地图|技术支持|返回|收藏)"
)
_SOME_YEAR = r"(?:20\d{2}|二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2})年?度?"
_ABOVE_TITLE = re.compile(
    rf"(?:{_SOME_YEAR})?(?P<agency>[㐀-鿿（）()、·]{{2,40}}(?:政府|局|委|办|室|会|院|处|中心|镇|乡|街道|厅|站|所|队|公司|学校|大学|部|社|馆|区|县|市)"
    rf"(?:[（(][㐀-鿿、]{{1,20}}[)）])?)(?:关于)?(?:{_SOME_YEAR})?|{_SOME_YEAR}"
)
_YEAR_BEGINS = re.compile(r"(?<!\d)2\d{0,3}$|二[〇○零Oo0]?[〇○零Oo0一二三四五六七八九]{0,2}$")
_YEAR_ENDS = re.compile(r"\d{1,3}(?:年|政府|政务|信息)|[〇○零Oo0一二三四五六七八九]{0,3}年")
_PLACE_ENDS = tuple("省市州县区旗盟")
_NAME_ENDS = (*_PLACE_ENDS, *"局委办室会院处心镇乡道厅站所队司校学部社馆府年度网页闻")
_COLUMN_ENDS = re.compile(
    "(?:部门|单位|栏目|专栏|频道|平台|服务|互动|导航|机构|领导|文件|动态|目录|年报|报告|新闻|要闻|公告|通知|信息|系统)$"
)
_NAME_TAILS = "员会|会|公室|室|民政府|府|心|道办事处|办事处|事处|处|局|厅|委|办|合社|联合社|社"
_OPENS_TITLE = re.compile(
    rf"《?(?:{_SOME_YEAR})?(?:关于)?(?!.*(?:公开|首页|位置|网))(?P<place>[㐀-鿿]{{1,9}}?[省市州县区旗盟镇乡])(?:[㐀-鿿（）()]|20\d\d){{0,30}}"
)
"""What may be the beginning of a title that names a place."""
_LABEL = re.compile("正文|详情|内容|首页|文章(?:正文|内容|标题)|信息(?:名称|内容|详情)|标题|名称|年报|.{0,4}详细信息")
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Outline:
    """One report of a document. `title` has no spaces; `title_blocks` are its lines and what stands between them and
    the text; `sections` begin with the `preamble` where there is one; `trailing` are attachments, links and footers."""

    title: str | None
    title_blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    trailing: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    """A title in the list of blocks: its first block, the one behind its last, its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands between a title and the next one."""

    hit: _Hit | None
    start: int
    end: int
    codes: frozenset[str]
    table_lines: int
    sentences: int

    @property
    def formal(self) -> bool:
        return len(self.codes) >= 2 or self.table_lines >= 6

    @property
    def told(self) -> bool:
        """Whether there is a report in words alone."""
        return self.hit is not None and (bool(self.codes) or self.sentences >= 3)


def outline(document: Document) -> tuple[Outline, ...]:
    """The document's reports, in their order; none where nothing in it looks like a report's body."""
    blocks = tuple(unfolded(document.blocks))
    hits = _titles(blocks)
    parts = [_part(blocks, None, 0, hits[0].start if hits else len(blocks))]
    ends = [hit.start for hit in (*hits[1:], _Hit(len(blocks), len(blocks), ""))][: len(hits)]
    parts += [_part(blocks, hit, hit.end, end) for hit, end in zip(hits, ends, strict=True)]
    return tuple(_built(blocks, group, last) for group, last in _groups(parts, len(blocks)))


def _groups(parts: list[_Part], size: int) -> list[tuple[list[_Part], int]]:
    """The parts of each report, and where the next report begins."""
    formal = any(part.formal for part in parts)
    groups: list[list[_Part]] = []
    waiting: list[_Part] = []
    for part in parts:
        wanted = part.formal if formal else part.told
        if not wanted:
            if part.hit is not None:
                waiting.append(part)
            continue
        if groups and not _begins_another(groups[-1], part):
            groups[-1].append(part)
        else:
            groups.append([*_same_title(waiting, part), part])
        waiting = []
    starts = [(group[0].hit.start if group[0].hit else group[0].start) for group in groups]
    return list(zip(groups, [*starts[1:], size][: len(groups)], strict=True))


def _same_title(waiting: list[_Part], part: _Part) -> list[_Part]:
    """The title as printed before, right above the report: a heading of the page, a crawler's line."""
    found: list[_Part] = []
    for before in reversed(waiting):
        if part.hit is None or before.hit is None or not _alike(before.hit.text, part.hit.text):
            break
        if len(_named(before.hit.text)) < 2 and not _YEAR.search(before.hit.text):
            break
        found.insert(0, before)
    return found


def _begins_another(group: list[_Part], part: _Part) -> bool:
    if part.hit is None:
        return False
    seen = frozenset().union(*(p.codes for p in group))
    restarts = bool(seen & part.codes - {"statistics"}) or (not part.codes and part.table_lines >= 6)
    first = next((p.hit for p in group if p.hit), None)
    return restarts and (first is None or not _alike(first.text, part.hit.text) or _inside(first.text, part.hit.text))


def _inside(government: str, office: str) -> bool:
    """Whether a title names an office of the very government that the other one names: a district's report with those
    of its departments behind it."""
    whole, part = (re.split(_SUBJECT_END, re.sub(_YEARS, "", text))[0] for text in (government, office))
    place = whole.removesuffix("政府").removesuffix("人民")
    return whole != place and part.startswith(place) and not place.startswith(part) and not part.endswith("政府")


_YEARS = re.compile(r"(?:19|20)\d{2}年?度?|关于|^附件[:：]|^标题[:：]")
_SUBJECT_END = re.compile("政府信息(?:主动)?公开|政务公开|信息公开|政务信息公开")


def _alike(one: str, other: str) -> bool:
    """Whether two titles can head one report: years and agencies agree, or one does not say."""
    years = {y for y in (_YEAR.search(one), _YEAR.search(other)) if y}
    if len({y.group() for y in years}) > 1:
        return False
    a, b = _named(one), _named(other)
    return not a or not b or a in b or b in a


def _named(text: str) -> str:
    """What a title names before it says what it is, without its year."""
    bare = re.sub(rf"(?:19)\d{{2}}年?度?|{_SOME_YEAR}|关于|的|^附件[:：]|^标题[:：]", "", text)
    named = re.split(_SUBJECT_END, re.sub("[（(][)）]|[《》]", "", bare))[0]
    return named.removesuffix("政府").removesuffix("人民")


def _part(blocks: Sequence[Block], hit: _Hit | None, start: int, end: int) -> _Part:
    codes: set[str] = set()
    table_lines = sentences = 0
    for block in blocks[start:end]:
        if isinstance(block, Grid):
            table_lines += sum(is_table_line(cell.text) for cell in block.cells[:400])
        elif found := heading(block.text):
            codes.add(found.code)
        elif is_table_line(block.text):
            table_lines += 1
        elif is_sentence(block.text):
            sentences += 1 + block.text.count("。") // 3
    return _Part(hit, start, end, frozenset(codes), table_lines, sentences)


def _built(blocks: Sequence[Block], group: list[_Part], last: int) -> Outline:
    hits = [part.hit for part in group if part.hit]
    start = hits[0].start if hits and group[0].hit else group[0].start
    names = {place for hit in hits for place in range(hit.start, hit.end)}
    body = [block for place, block in enumerate(blocks[start:last], start) if place not in names]
    headings = _headings(body)
    first = min((place for place, _ in headings), default=len(body))
    lead = _lead(body[:first], known=bool(hits))
    cut = _end(body, max((place for place, _ in headings), default=first), lead)
    sections: list[Section] = []
    if opening := tuple(body[lead : min(first, cut)]):
        sections.append(Section("preamble", "", opening))
    stops = [place for place, _ in headings[1:]] + [cut] * bool(headings)
    for (place, found), stop in zip(headings, stops, strict=True):
        head, inner = body[place], tuple(body[place + 1 : stop])
        assert isinstance(head, Paragraph)
        if sections and sections[-1].code == found.code:
            sections[-1] = replace(sections[-1], blocks=(*sections[-1].blocks, head, *inner))
        else:
            sections.append(Section(found.code, head.text.strip(), inner))
    titled = tuple(blocks[place] for place in sorted(names) if place < start + max(first, 1) + len(names))
    return Outline(_title(hits, blocks, titled), (*titled, *body[:lead]), tuple(sections), tuple(body[cut:]))


def _title(hits: list[_Hit], blocks: Sequence[Block], titled: tuple[Block, ...]) -> str | None:
    """The fullest of the titles printed above the text."""
    above = [hit.text for hit in hits if any(block is blocks[hit.start] for block in titled)]
    return max(above, key=lambda text: (bool(_YEAR.search(text)), len(_named(text)) > 1), default=None)


def _headings(body: Sequence[Block]) -> list[tuple[int, Heading]]:
    """The headings that count: of each section only those of the surest kind that it has."""
    found: list[tuple[int, Heading]] = []
    in_statistics = False
    for place, block in enumerate(body):
        if isinstance(block, Grid):
            in_statistics = in_statistics or _is_statistics(block)
            continue
        head = heading(block.text)
        if head is not None and not (in_statistics and head.tier == 3):
            found.append((place, head))
            in_statistics = head.code == "statistics"
    best: dict[str, int] = {}
    for _, head in found:
        best[head.code] = min(best.get(head.code, 3), head.tier)
    return [(place, head) for place, head in found if head.tier == best[head.code]]


def _is_statistics(grid: Grid) -> bool:
    return any("统计指标" in squeezed(cell.text) for cell in grid.cells[:12])


def _lead(opening: Sequence[Block], known: bool) -> int:
    """How many of the blocks above the first heading are no part of the text: dates, sources, navigation."""
    if not known:
        place = len(opening)
        while place and _is_told(opening[place - 1]):
            place -= 1
        return place
    for place, block in enumerate(opening):
        if isinstance(block, Grid):
            if any(is_table_line(cell.text) for cell in block.cells[:60]):
                return place
        elif not _META.match(line := squeezed(block.text)) and (
            is_sentence(line) or is_table_line(line) or _ends_below(opening, place)
        ):
            while place and _may_run_on(opening[place - 1]):
                place -= 1
            return place
    return len(opening)


def _is_told(block: Block) -> bool:
    """Whether a block is a report's own: a sentence, or a table of the forms."""
    if isinstance(block, Grid):
        return any(is_table_line(cell.text) for cell in block.cells[:60])
    return is_sentence(block.text)


def _ends_below(opening: Sequence[Block], place: int) -> bool:
    """Whether a line without a stop is a sentence that ends on the line below it."""
    below = opening[place + 1] if place + 1 < len(opening) else None
    return isinstance(below, Paragraph) and below.text.rstrip().endswith("。") and _may_run_on(opening[place])


def _may_run_on(block: Block) -> bool:
    """Whether a line is long enough to be a sentence's beginning that the page's width broke."""
    return isinstance(block, Paragraph) and len(line := squeezed(block.text)) >= 16 and not _META.match(line)


def _end(body: Sequence[Block], last_heading: int, lead: int) -> int:
    """Where the report ends: at the first footer behind its last heading and its last table."""
    start = max(last_heading, lead)
    for place in range(len(body) - 1, start, -1):
        block = body[place]
        if isinstance(block, Grid) and any(is_table_line(cell.text) for cell in block.cells[:60]):
            start = place
            break
    for place in range(start + 1, len(body)):
        block = body[place]
        if isinstance(block, Paragraph) and ((line := squeezed(block.text)) and (_FOOT.match(line) or title([line]))):
            return place
    return len(body)


def _titles(blocks: Sequence[Block]) -> list[_Hit]:
    hits: list[_Hit] = []
    place = 0
    while place < len(blocks):
        hit = _title_at(blocks, place, hits[-1].end if hits else 0)
        if hit is None:
            place += 1
        else:
            hits.append(hit)
            place = hit.end
    return hits


def _title_at(blocks: Sequence[Block], place: int, floor: int) -> _Hit | None:
    lines: list[str] = []
    for end in range(place, min(place + TITLE_LINES, len(blocks))):
        block = blocks[end]
        if not isinstance(block, Paragraph) or not 0 < len(line := squeezed(block.text)) <= 80:
            break
        if lines and (_META.match(line) or heading(line) is not None):
            break
        if lines and title([line]) is not None and not _is_cut(lines[-1], line):
            break
        lines.append(line)
        if found := title(lines):
            if len(lines) > 1 and _LABEL.fullmatch(lines[0]) and (rest := title(lines[1:])):
                return _Hit(place + 1, end + 1, rest)
            return _with_agency(blocks, _Hit(place, end + 1, found), floor)
        if "。" in line or "；" in line or is_table_line(line) or (len(lines) == 1 and len(line) < 2):
            break
    following = blocks[place + 1] if place + 1 < len(blocks) else None
    if lines and isinstance(following, Paragraph) and _opens(following) and (found := loose_title(lines[0])):
        return _Hit(place, place + 1, found)
    return None


def _is_cut(first: str, rest: str) -> bool:
    """Whether a title was cut before `rest`, which reads like a title of its own: within a year or a word, behind the
    place, or behind the year and the place."""
    if _YEAR_BEGINS.search(first) and _YEAR_ENDS.match(rest):
        return True
    opens = _OPENS_TITLE.fullmatch(first)
    if opens is None or opens["place"] in rest or (_COLUMN_ENDS.search(first) and rest[0] not in "和与及、"):
        return False
    if first.startswith("《"):
        return True
    undated = re.search(_SOME_YEAR, rest) is None
    if undated and (re.match(_SOME_YEAR, first) or (re.search(_SOME_YEAR, first) and len(_named(rest)) < 2)):
        return True
    return (
        first.endswith(_PLACE_ENDS) or not first.endswith(_NAME_ENDS) or bool(re.fullmatch(_NAME_TAILS, _named(rest)))
    )


def _opens(block: Paragraph) -> bool:
    """Whether a report's text, or the date above it, begins here."""
    return is_sentence(block.text) or heading(block.text) is not None or bool(_META.match(squeezed(block.text)))


def _with_agency(blocks: Sequence[Block], hit: _Hit, floor: int) -> _Hit:
    """The title with the agency, the year or both that stand on a line of their own above it, where it names none
    itself."""
    above = blocks[hit.start - 1] if hit.start > floor else None
    named, dated = len(_named(hit.text)) > 1, re.search(_SOME_YEAR, hit.text) is not None
    if (named and dated) or not isinstance(above, Paragraph):
        return hit
    line = squeezed(above.text)
    before = blocks[hit.start - 2] if hit.start - 1 > floor else None
    alone = not isinstance(before, Paragraph) or not re.search("[㐀-鿿]", before.text) or len(before.text) >= 12
    found = _ABOVE_TITLE.fullmatch(line) if alone and len(line) <= 40 else None
    if found is None or (named and found["agency"]) or (dated and re.search(_SOME_YEAR, line)):
        return hit
    return _Hit(hit.start - 1, hit.end, line + hit.text)


_SIDE_PAGES = {
    "a reading aid (图解, 解读) that goes with a report": "图解|一图|读懂|图说|解读|数说|亮点",
    "a notice or a form about how to compile reports": "通知|格式|模板|填报说明|编制要求|编制说明",
    "a notice of procurement": "招标|采购|中标|成交|竞争性磋商|询价|比选",
    "a guide or a catalogue": "指南|目录|一览",
    "a summary of work, not the report that the regulations ask for": "工作总结|总结报告|工作要点|实施方案|工作计划",
    "news about a report": "(?:发布|公布|晒出|出炉|召开|举办|开展).{0,30}(?:年报|报告|会议|培训)",
}


def classify(document: Document, found: Sequence[Outline] | None = None) -> Issue | None:
    """`not_a_report` where the document is something else, with what it is or what was missed; None for a report.

    `found` is its outline, where that is known already. A form without numbers passes: see `looks_blank`.
    """
    outlines = outline(document) if found is None else found
    if any(_has_tables(one) for one in outlines):
        return None
    names = [squeezed(name) for name in _names(document)]
    for what, words in _SIDE_PAGES.items():
        if any(re.search(words, name) and not (title([name]) and "总结" not in words) for name in names):
            return Issue("not_a_report", f"this is {what}: it has none of a report's tables")
    if any(one.title and _tells(one) for one in outlines):
        return None
    listed = sum(title([block.text]) is not None for block in document.blocks if isinstance(block, Paragraph))
    if listed >= 3:
        return Issue("not_a_report", f"this is a list of {listed} reports: follow its links")
    missed = [what for what, there in _expected(outlines) if not there]
    return Issue(
        "not_a_report", f"it has no {', no '.join(missed)}: name the page or the attachment that holds the report"
    )


def looks_blank(outline: Outline) -> bool:
    """Whether this is the printed form itself: it names neither agency nor year, and hardly says a word."""
    named = re.sub(
        "[*XxＸ×某_＿]|年度?|人民政府|政府|单位|部门|机关|[局委办县市区镇乡]", "", _named(outline.title or "")
    )
    words = "".join(prose(section) for section in outline.sections if section.code != "statistics")
    told = re.sub("[（(][^（）()]{0,60}[)）]|[_＿XＸ×\\s]", "", words)
    return not named and not re.search(r"20\d\d年", squeezed(words)) and len(told) < 120


def _names(document: Document) -> list[str]:
    """What the document calls itself: its metadata's titles and its first line that is not navigation."""
    names = [document.metadata.get(key, "") for key in ("article_title", "title")]
    headings = [b.text for b in document.blocks[:60] if isinstance(b, Paragraph) and b.heading and len(b.text) < 80]
    first = next((b.text for b in document.blocks if isinstance(b, Paragraph) and 8 <= len(b.text.strip()) < 80), "")
    return [name for name in (*names, *headings[:3], first) if name]


def _has_tables(one: Outline) -> bool:
    rows = 0
    for section in one.sections:
        for block in section.blocks:
            texts = (cell.text for cell in block.cells[:400]) if isinstance(block, Grid) else (block.text,)
            rows += sum(is_table_line(text) for text in texts)
    return rows >= 6 or any(section.code == "statistics" for section in one.sections)


def _tells(one: Outline) -> bool:
    """Whether a report without tables is one in words: sections of its own, or an account of the year's work."""
    codes = {section.code for section in one.sections} - {"preamble"}
    words = "".join(prose(section) for section in one.sections)
    own = bool(codes & {"disclosure", "application", "review", "other"}) or len(codes) >= 2
    return own or (len(words) >= 200 and "主动公开" in words and "申请" in words)


def _expected(outlines: Sequence[Outline]) -> tuple[tuple[str, bool], ...]:
    return (
        ("title of an annual report", any(one.title for one in outlines)),
        ("table of the printed forms", False),
        ("section of a report", any(_tells(one) for one in outlines)),
    )
