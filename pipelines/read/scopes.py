"""Of whom a clause counts: the agency that reports, more than it, a part of it, or one cannot tell."""

from __future__ import annotations

import re

from pipelines.model import Scope

_AREA = "市县区州省旗盟"
_WIDER = re.compile(
    rf"全(?P<area>[{_AREA}]|镇|乡|街道)(?!面)|我(?P<ours>[{_AREA}])|全系统|(?:局|委)系统|各(?:单位|部门|级|科|乡镇|镇|街道|村|社区|县|区|市|地)|"
    r"[省市县区州][直级](?:各)?(?:单位|部门|机关)|(?:各)?成员单位|(?:下辖|辖区内)"
)
_BELOW = re.compile("各(?:科|乡镇|镇|街道|村|社区|县|区|市|地)$|[直级](?:各)?(?:单位|部门|机关)$")
_ALL_OF_THEM = re.compile(
    "各级|(?:乡镇?|镇|街道?|[县市区](?![直级]))[^，。]{0,6}(?:部门|单位)|(?:部门|单位)[^，。]{0,6}(?:乡|镇|街|县|市|区)"
)
"""Of a government's own both what lies below it and its departments: one of them alone is a part."""
_NARROWER = re.compile(
    r"(?:[㐀-鿿]{0,6}(?:办公室|政府办|[市县区府]办)|[㐀-鿿]{1,5}[科股]室?|(?:下属|直属|二级|所属|[局委办]属)(?:各)?(?:单位|机构|事业单位|部门)|(?:政府|[市县区省州])本级)"
    r"(?:全年|本年度?|年内|共|总|共计|累计|合计|新|已|依法|单独|本身|自身|机关|20\d\d年度?){0,4}$"
)
_SUBJECT = re.compile(
    r"(?P<name>[㐀-鿿]{1,20}?(?:人民政府|政府|局|委员会|委|厅|办公室|中心|镇|乡|街道办事处|街道|集团|公司|医院|学校|大学|分局|支队|大队))"
    r"(?:全年|本年度?|年内|共|总|共计|累计|合计|新|已|依法|单独|本身|自身|机关|均|20\d\d年度?|，|在){0,4}$"
)
_OWN = re.compile(
    "^(?:我|本|全|[市县区省州]|该)?(?:局|委|办|镇|乡|街道|政府|单位|机关|部门|中心|人民政府|委员会)$|我(?:[局委办镇乡府厅院处站队校所社]|街道|中心|单位|部门|机关)|本[局委办镇乡街机单部]|(?<![府市县区省州])本级|^局机关$"
)
_VERB = re.compile(
    "新收|收到|受理|接到|接收|接受|收悉|共收|办结|办理|答复|处理|被|发生|主动公开|公开|收取|未|没有|无|涉及|结转"
)
_ABOVE = re.compile("上级(?:部门|单位|机关)(?:共|全年|累计)*$")
_AGAINST = re.compile("以(?P<name>[^，。]{2,20}?)为(?:共同)?(?:被申请人|被告)")
_WHEN = re.compile(r"^(?:(?:本|今)年度?|20\d\d年度?|全年|年内|，)+")
_AHEAD_OF_NAMES = re.compile(r"^(?:20\d\d年|年|度|，|由|经|对|向|的|我|本级|本|全年|本年度?|截至.*?)+")
_SHORTEST_NAME = 3
_GOVERNMENT = re.compile(rf"(?:政府|[{_AREA}])$|政府(?:本级)?$")
_SEAT = re.compile("(?:人民政府|政府|街道办事处|办事处)(?:本级)?$")


def scope_of(text: str, before: str, agency: str | None) -> Scope:
    """The scope of a number: `text` is its clause behind the one ahead of it, `before` what leads to the number."""
    clause_subject = _subject(before) or _subject(text)
    if match := _NARROWER.search(clause_subject):
        named = match.group()
        return "own" if agency and ("办" in named and agency.endswith(("办公室", "办"))) else "narrower"
    if _ABOVE.search(clause_subject):
        return "unknown"
    if clause_subject.endswith("政府") and not _same(clause_subject, agency):
        return "unknown"
    if _OWN.search(_subject(before)) and not _WIDER.search(before):
        return "own"
    if (match := _AGAINST.search(before)) and not _same(match["name"], agency):
        return "unknown"
    if match := _WIDER.search(text):
        if not _speaks_for(match, agency):
            return "wider"
        below = _BELOW.search(match.group()) or ("本级" in text and match.group().startswith("各"))
        return "narrower" if below and not _ALL_OF_THEM.search(text) else "own"
    if _OWN.search(clause_subject):
        return "own"
    if match := _SUBJECT.search(clause_subject):
        return "own" if _same(match["name"], agency) else "unknown"
    return "own"


def speaks_of_itself(text: str, agency: str | None) -> bool:
    """Whether a clause names the reporting agency as the one that counts: `其中我局收到…` behind a wider number."""
    rest = text.removeprefix("其中").lstrip("，：")
    subject = _subject(rest) or re.split(r"\d", rest, maxsplit=1)[0]
    named, area = _SUBJECT.search(subject), _WIDER.search(subject)
    if area and area["ours"] and _speaks_for(area, agency):
        return True
    return bool(_OWN.search(subject)) or bool(named and named["name"] and agency and _same(named["name"], agency))


def _subject(text: str) -> str:
    """What stands ahead of the first verb."""
    verb = _VERB.search(text)
    return _WHEN.sub("", text[: verb.start()]) if verb else ""


def _speaks_for(match: re.Match[str], agency: str | None) -> bool:
    """Whether the agency is the government of the very area, so that the area's number is its own."""
    if agency is None:
        return False
    area = match["area"] or match["ours"]
    if area is None:
        return "系统" not in match.group() and bool(_GOVERNMENT.search(agency))
    own = _SEAT.sub("", agency)
    return own.endswith(area) if own != agency or own[-1:] in _AREA else False


def _same(name: str, agency: str | None) -> bool:
    """Whether a name is the agency's own: in full, in part, or shortened (县发改委 of 青岩县发展和改革委员会)."""
    bare = _AHEAD_OF_NAMES.sub("", name)
    if agency is None or not bare:
        return True
    plain = re.sub("[（(].*?[)）]", "", agency)
    if bare.endswith("政府") and plain.endswith("办公室"):
        return False
    full = bare if "人民政府" in bare else bare.replace("政府", "人民政府")
    return bare in plain or plain in bare or full in plain or _shortened(bare, plain)


def _shortened(name: str, agency: str) -> bool:
    """Whether a name is letters of the agency's in their order: the area's first, what kind of body it is last."""
    if not re.search(f"[{_AREA}]", agency[:-1]):
        name = re.sub(f"^[{_AREA}]", "", name)
    ending = "委" if agency.endswith("委员会") else agency[-1:]
    letters = iter(agency)
    return len(name) >= _SHORTEST_NAME and name[-1] == ending and all(letter in letters for letter in name)
