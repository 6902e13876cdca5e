"""Counties with their real codes, and the agencies that the factory lets report there (real in kind only)."""

from __future__ import annotations

import random
from dataclasses import dataclass

COUNTIES: tuple[tuple[str, str, str, str], ...] = (
    ("411224", "卢氏县", "三门峡市", "河南省"),
    ("320813", "洪泽区", "淮安市", "江苏省"),
    ("520403", "平坝区", "安顺市", "贵州省"),
    ("410825", "温县", "焦作市", "河南省"),
    ("321322", "沭阳县", "宿迁市", "江苏省"),
    ("330723", "武义县", "金华市", "浙江省"),
    ("341181", "天长市", "滁州市", "安徽省"),
    ("430922", "桃江县", "益阳市", "湖南省"),
    ("510923", "大英县", "遂宁市", "四川省"),
    ("610926", "平利县", "安康市", "陕西省"),
    ("350429", "泰宁县", "三明市", "福建省"),
    ("370826", "微山县", "济宁市", "山东省"),
    ("522730", "龙里县", "黔南布依族苗族自治州", "贵州省"),
    ("410122", "中牟县", "郑州市", "河南省"),
    ("410223", "尉氏县", "开封市", "河南省"),
    ("410325", "嵩县", "洛阳市", "河南省"),
    ("410329", "伊川县", "洛阳市", "河南省"),
    ("320831", "金湖县", "淮安市", "江苏省"),
    ("321324", "泗洪县", "宿迁市", "江苏省"),
    ("330727", "磐安县", "金华市", "浙江省"),
    ("330784", "永康市", "金华市", "浙江省"),
    ("420624", "南漳县", "襄阳市", "湖北省"),
    ("371121", "五莲县", "日照市", "山东省"),
    ("330782", "义乌市", "金华市", "浙江省"),
    ("410302", "老城区", "洛阳市", "河南省"),
    ("350502", "鲤城区", "泉州市", "福建省"),
    ("420116", "黄陂区", "武汉市", "湖北省"),
    ("370283", "平度市", "青岛市", "山东省"),
    ("623021", "临潭县", "甘南藏族自治州", "甘肃省"),
    ("440307", "龙岗区", "深圳市", "广东省"),
)

DEPARTMENTS: tuple[str, ...] = (
    "商务局",
    "教育体育局",
    "财政局",
    "民政局",
    "农业农村和水利局",
    "工业和信息化和科技局",
    "司法局",
    "自然资源局",
    "交通运输局",
    "卫生健康委员会",
    "审计局",
    "应急管理局",
    "市场监督管理局",
    "发展和改革委员会",
    "人力资源和社会保障局",
    "住房和城乡建设局",
    "文化广电和旅游局",
    "统计局",
    "医疗保障局",
    "退役军人事务局",
    "城市管理综合执法局",
    "公安局",
    "水利局",
    "林业局",
    "行政审批服务局",
    "信访局",
    "乡村振兴局",
    "生态环境局",
    "科学技术局",
    "机关事务服务中心",
)

# fmt: off
_HEADS = (
    "青龙", "双桥", "石门", "新集", "柳河", "官庄", "白塔", "东湖", "西岭", "南坪",
    "北关", "大营", "高坎", "平安", "兴隆", "永丰", "太和", "安乐", "清溪", "云台",
    "黄泥", "沙湾", "梅林", "竹园", "松坪", "桃源", "金沙", "银杏", "凤凰", "龙泉",
)
# fmt: on
_KINDS = ("镇", "乡", "街道办事处")


@dataclass(frozen=True, slots=True)
class Office:
    """An agency: its full printed name, the short words it uses of itself, its kind."""

    name: str
    itself: str
    kind: str
    division: str
    county: str
    city: str
    province: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a careful reader may give it."""
        city = "" if self.city == self.county else self.city
        return (self.name, city + self.name)


def townships(county: str, count: int) -> tuple[str, ...]:
    """So many names of townships and subdistricts, each once, always the same for a county."""
    draw = random.Random(f"townships {county}")
    names = [head + _KINDS[i % 3] for i, head in enumerate(draw.sample(_HEADS, len(_HEADS)))]
    more = [a[0] + b[1] + _KINDS[(i + j) % 3] for i, a in enumerate(_HEADS) for j, b in enumerate(_HEADS) if i != j]
    unique = list(dict.fromkeys([*names, *more]))
    if count > len(unique):
        raise ValueError(f"at most {len(unique)} townships can be named, {count} were asked for")
    return tuple(unique[:count])


def offices(county: tuple[str, str, str, str], count: int) -> tuple[Office, ...]:
    """The first `count` agencies of a county: its government, then departments and townships in turn."""
    division, name, city, province = county

    def office(tail: str, itself: str, kind: str) -> Office:
        return Office(name + tail, itself, kind, division, name, city, province)

    found = [office("人民政府", "本级政府", "government")]
    departments = list(DEPARTMENTS)
    random.Random(f"departments {name}").shuffle(departments)
    local = iter(townships(name, max(0, count)))
    while len(found) < count:
        if departments and len(found) % 3:
            tail = departments.pop()
            itself = "我委" if tail.endswith("委员会") else "我中心" if tail.endswith("中心") else "我局"
            found.append(office(tail, itself, "department"))
            continue
        tail = next(local)
        if tail.endswith("街道办事处"):
            found.append(office(tail, "我街道", "subdistrict"))
        else:
            found.append(office(tail + "人民政府", "我" + tail[-1], "township"))
    return tuple(found)
