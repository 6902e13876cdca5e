"""Names of provinces, cities, counties and towns that stand in a text, cut free of the words before them."""

from __future__ import annotations

import re

_NAME = re.compile(
    r"[㐀-鿿]{1,9}?(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|州(?!市)|盟(?!市)|地区|县(?![市级])|区(?!县)|旗|镇|乡|街道)(?!场|域|分|级|长|委书)"
)
_BEFORE = re.compile(
    r".*(?:公布|发布|编制|联系|根据|按照|依托|登录|领导下|访问|通过|以及|位于|地址|查询|单位|来源|办理|全文|要求|关于|年度|主办|承办|组织|社会)"
)
_FIRST = re.compile(
    r"(?:[与在由对为向及是经从据到请致现至年月日的]|将(?!乐)|和(?![平县田政静顺硕林龙])|中共|我|本(?!溪)|加强|围绕|报告|累计|上报|二是)+"
)
_NO_PLACE = re.compile(
    r".*(?:社区|辖区|园区|景区|片区|山区|校区|专区|分区|厂区|街区|小区|城市|超市|上市|门市|乡镇|村镇|市县|县区|市区|城镇|区县|城区|全州|城乡|街镇)"
    r"|(?:[全各该本我几两多区县市省设]|全国|所在|相关|有关|其他|上级|下级|省级|市级|县级|周边|当地|各级|部分|本省|省内)?"
    r"(?:省|市|州|县|区|旗|镇|乡|街道|地区|盟)"
)


def places_in(text: str) -> list[str]:
    """The places that a text without spaces names, in its order, at most fifty."""
    found: list[str] = []
    for match in _NAME.finditer(text[:20000]):
        name = _BEFORE.sub("", match.group())
        name = _FIRST.sub("", name, count=1) if _FIRST.match(name) else name
        if len(name) >= 2 and not _NO_PLACE.fullmatch(name):
            found.append(name)
            if len(found) == 50:
                break
    return found
