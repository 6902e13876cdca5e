"""A printed name resolves by what the document and its source say together, and never to a wrong division."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.model import Agency, Source
from pipelines.paths import REGISTRY, ROOT
from pipelines.registry import Registry, RegistryError, Resolution, load_registry, read_registry
from pipelines.registry.gazetteer import short_names
from pipelines.registry.normalise import normalise
from pipelines.registry.relations import registry_relations
from tests.processor_time import at_most


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def resolve(
    name: str | None,
    year: int | None = 2023,
    places: tuple[str, ...] = (),
    hints: tuple[str, ...] = (),
    division: str | None = None,
    province: str | None = None,
    path: str = "x/1.html",
) -> Resolution:
    source = Source(path, hints=hints, division=division, province=province)
    return load_registry().resolve(name, source=source, places=places, year=year)


def agency(resolution: Resolution) -> Agency:
    assert resolution.agency is not None
    return resolution.agency


def codes(resolution: Resolution) -> list[str]:
    return [issue.code for issue in resolution.issues]


NAMED = [
    ("河南省三门峡市卢氏县商务局", "411224"),
    ("三门峡市卢氏县商务局", "411224"),
    ("河南三门峡卢氏县商务局", "411224"),
    ("卢氏县商务局", "411224"),
    ("卢氏商务局", "411224"),
    ("盧氏縣商務局", "411224"),
    ("卢 氏 县　商务局", "411224"),
    ("开封市尉氏县民政局", "410223"),
    ("互助县商务局", "630223"),
    ("互助土族自治县商务局", "630223"),
    ("东乡县民政局", "622926"),
    ("积石山县财政局", "622927"),
    ("老城区商务局", "410302"),
    ("管城区教育局", "410104"),
    ("南京市水利局", "320100"),
    ("南京市鼓楼区商务局", "320106"),
    ("南通市通州区教育局", "320612"),
    ("北京市通州区教育局", "110112"),
    ("北京市朝阳区城市管理委员会", "110105"),
    ("朝阳市市场监督管理局", "211300"),
    ("朝阳县教育局", "211321"),
    ("河北区教育局", "120105"),
    ("河北省教育厅", "130000"),
    ("河北教育厅", "130000"),
    ("海南省教育厅", "460000"),
    ("海南州教育局", "632500"),
    ("海南区教育局", "150303"),
    ("吉林教育厅", "220000"),
    ("吉林市教育局", "220200"),
    ("吉林省吉林市昌邑区教育局", "220202"),
    ("大同市平城区信访局", "140213"),
    ("公安县公安局", "421022"),
    ("阿荣旗农牧局", "150721"),
    ("科右前旗农牧局", "152221"),
    ("西藏自治区教育厅", "540000"),
    ("延边州商务局", "222400"),
    ("济源市教育局", "419001"),
    ("东莞市虎门镇人民政府", "441900"),
    ("浦东新区商务委员会", "310115"),
    ("重庆市城口县林业局", "500229"),
    ("秦皇岛市海港区老干部局", "130302"),
    ("平坝区文化和旅游局（文物局）", "520403"),
    ("卢氏县官道口镇人民政府", "411224"),
    ("芒市人民政府", "533103"),
    ("国家税务总局卢氏县税务局", "411224"),
    ("陕州区教育局", "411203"),
]


@pytest.mark.parametrize(("name", "division"), NAMED)
def test_a_name_that_settles_its_place(name: str, division: str) -> None:
    assert agency(resolve(name)).division == division


@pytest.mark.parametrize(
    ("name", "issue"),
    [
        ("鼓楼区商务局", "division_ambiguous"),
        ("江苏省鼓楼区商务局", "division_ambiguous"),
        ("桥西区卫生健康委员会", "division_ambiguous"),
        ("市中区教育局", "division_ambiguous"),
        ("城关区财政局", "division_ambiguous"),
        ("城区教育局", "division_ambiguous"),
        ("朝阳市场监督管理局", "division_ambiguous"),
        ("洛阳市卢氏县商务局", "division_contradicted"),
        ("卢市县商务局", "division_unknown"),
        ("教育局", "division_unknown"),
        ("区住建局", "division_unknown"),
        ("平安建设办公室", "division_unknown"),
        ("公安交通管理局", "division_unknown"),
        ("城关镇人民政府", "division_unknown"),
        ("新城区街道办事处", "division_unknown"),
        ("高新区管委会", "division_unknown"),
        ("河北区域合作办公室", "division_unknown"),
        ("闸北区商务委员会", "division_abolished"),
        ("南京市江宁街道办事处", "division_ambiguous"),
    ],
)
def test_what_is_not_settled_has_no_division_and_says_why(name: str, issue: str) -> None:
    resolution = resolve(name)
    assert agency(resolution).division is None
    assert codes(resolution) == [issue]


CONTEXT = [
    ("鼓楼区商务局", {"hints": ("江苏省", "徐州市")}, "320302"),
    ("鼓楼区商务局", {"hints": ("320100",)}, "320106"),
    ("鼓楼区商务局", {"places": ("河南省", "开封市")}, "410204"),
    ("鼓楼区商务局", {"division": "350102"}, "350102"),
    ("鼓楼区商务局", {"hints": ("徐州",), "places": ("南京市",)}, None),
    ("鼓楼区商务局", {"places": ("南京市", "徐州市")}, None),
    ("鼓楼区商务局", {"places": ("江苏省",)}, None),
    ("桥西区卫生健康委员会", {"places": ("张家口市",)}, "130703"),
    ("桥西区卫生健康委员会", {"places": ("邢台市",), "year": 2018}, "130503"),
    ("区住建局", {"division": "320813"}, "320813"),
    ("区住建局", {"hints": ("淮安市",), "places": ("洪泽区",)}, "320813"),
    ("区住建局", {"hints": ("411224",)}, None),
    ("应急管理局", {"places": ("河南省", "三门峡市", "卢氏县")}, "411224"),
    ("应急管理局", {"places": ("卢氏县", "渑池县")}, None),
    ("应急管理局", {"hints": ("卢氏县",), "places": ("渑池县",)}, None),
    ("水利局", {"hints": ("南京市",), "places": ("高淳区",)}, None),
    ("市水利局", {"hints": ("南京市",), "places": ("南京市",)}, "320100"),
    ("省商务厅", {"province": "41"}, "410000"),
    ("商务局", {"province": "41"}, None),
    ("官道口镇人民政府", {"places": ("河南省", "卢氏县")}, "411224"),
    ("官道口镇人民政府", {"hints": ("三门峡市",)}, None),
    ("南京市江宁街道办事处", {"places": ("江宁区",)}, "320115"),
    ("卢氏县商务局", {"division": "411221"}, "411224"),
    ("沐阳县财政局", {"hints": ("沭阳县",)}, "321322"),
    ("平安建设办公室", {"hints": ("海东市",)}, "630200"),
    ("高新区管委会", {"division": "410300"}, "410300"),
]


@pytest.mark.parametrize(("name", "context", "division"), CONTEXT)
def test_the_folder_and_the_text_decide(name: str, context: dict[str, object], division: str | None) -> None:
    resolution = resolve(name, **context)  # type: ignore[arg-type]
    assert agency(resolution).division == division
    if division is None:
        assert codes(resolution)


@pytest.mark.parametrize(
    ("name", "context", "issue"),
    [
        ("卢氏县商务局", {"division": "411221"}, "division_contradicted"),
        ("区住建局", {"division": "320813"}, "division_from_context"),
        ("沐阳县财政局", {"hints": ("沭阳县",)}, "division_misprint"),
        ("洛阳高新技术产业开发区管委会", {}, "division_of_host"),
        ("卢氏县", {}, "agency_is_place"),
    ],
)
def test_a_doubt_is_told(name: str, context: dict[str, object], issue: str) -> None:
    assert codes(resolve(name, **context)) == [issue]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [None, "", "  ", "我局", "本机关"])
def test_no_name_is_no_agency(name: str | None) -> None:
    assert resolve(name) == Resolution(None, resolve(name).issues)
    assert codes(resolve(name)) == ["agency_unnamed"]


@pytest.mark.parametrize(
    ("name", "year", "division"),
    [
        ("洪泽县财政局", 2014, "320829"),
        ("洪泽县财政局", 2018, "320813"),
        ("洪泽区财政局", 2014, "320813"),
        ("洪泽县财政局", None, "320829"),
        ("陕县财政局", 2012, "411222"),
        ("陕县财政局", 2020, "411203"),
        ("襄樊市财政局", 2009, "420600"),
        ("闸北区财政局", 2013, "310108"),
        ("闸北区财政局", 2019, None),
        ("东乡县财政局", 2014, None),
        ("巢湖市财政局", 2009, "341400"),
        ("巢湖市财政局", 2019, "340181"),
        ("六安市寿县财政局", 2012, "341521"),
        ("淮南市寿县财政局", 2020, "340422"),
    ],
)
def test_the_division_of_the_reports_year(name: str, year: int | None, division: str | None) -> None:
    assert agency(resolve(name, year)).division == division


def test_one_id_for_all_dressings_of_a_name() -> None:
    groups = [
        [name for name, division in NAMED if division == "411224" and normalise(name).endswith("商务局")],
        ["互助县商务局", "互助土族自治县商务局", "青海省海东市互助土族自治县商务局", "互助自治县商务局"],
        ["洪泽区住建局", "洪泽区住房和城乡建设局", "淮安市洪泽区住房城乡建设局"],
        ["卢氏县工业和信息化和科技局", "三门峡市卢氏县工业信息化和科技局"],
        ["平坝区文化和旅游局（文物局）", "平坝区文化和旅游局(文物局)", "安顺市平坝区文化和旅游局"],
        ["卢氏县人民政府", "卢氏县政府", "河南省卢氏县人民政府", "卢氏县"],
    ]
    ids = [{agency(resolve(name)).agency_id for name in group} for group in groups]
    assert [len(each) for each in ids] == [1] * len(groups)
    assert len(set.union(*ids)) == len(groups)
    assert agency(resolve("区住建局", division="320813")).agency_id in ids[2]


def test_an_id_outlives_a_reform_of_the_county() -> None:
    before, after = agency(resolve("洪泽县财政局", 2014)), agency(resolve("洪泽区财政局", 2020))
    assert before.agency_id == after.agency_id
    assert (before.division, before.name) == ("320829", "洪泽县财政局")
    assert (after.division, after.name) == ("320813", "洪泽区财政局")


def test_namesakes_that_nothing_tells_apart_stay_apart_by_their_source() -> None:
    one, other = resolve("城区教育局", province="14"), resolve("城区教育局", province="44")
    assert agency(one).division is None
    assert agency(other).division == "441502"
    assert agency(one).agency_id != agency(resolve("城区教育局")).agency_id


@pytest.mark.parametrize(
    ("name", "kind", "level", "functions"),
    [
        ("卢氏县人民政府", "government", "county", ()),
        ("卢氏县人民政府办公室", "department", "county", ("政府办公",)),
        ("卢氏县官道口镇人民政府", "township", "township", ()),
        ("老城区西关街道办事处", "subdistrict", "township", ()),
        ("洪泽区自然资源局", "department", "county", ("自然资源",)),
        ("卢氏县工业和信息化和科技局", "department", "county", ("工业和信息化", "科技")),
        ("卢氏县农业农村和水利局", "department", "county", ("农业农村", "水利")),
        ("徐州市文化广电和旅游局", "department", "prefecture", ("文化", "广播电视", "旅游")),
        ("平坝区文化和旅游局（文物局）", "department", "county", ("文化", "旅游", "文物")),
        ("沭阳县行政审批服务局", "department", "county", ("行政审批",)),
        ("泗洪县乡村振兴局", "department", "county", ("乡村振兴",)),
        ("南京市机关事务服务中心", "department", "prefecture", ("机关事务",)),
        ("温县安监局", "department", "county", ("应急管理",)),
        ("温县环保局", "department", "county", ("生态环境",)),
        ("温县国土资源局", "department", "county", ("自然资源",)),
        ("温县卫计委", "department", "county", ("卫生健康",)),
        ("温县工商行政管理局", "department", "county", ("市场监管",)),
        ("温县教体局", "department", "county", ("教育", "体育")),
        ("温县第一高级中学", "other", "county", ()),
        ("温县人民医院", "other", "county", ()),
        ("洛阳高新技术产业开发区管委会", "other", None, ()),
        ("商务部", "department", "national", ("商务",)),
    ],
)
def test_kind_level_and_functions(name: str, kind: str, level: str | None, functions: tuple[str, ...]) -> None:
    found = agency(resolve(name))
    assert (found.kind, found.level, found.functions) == (kind, level, functions)


def test_registered_agencies() -> None:
    assert agency(resolve("中华人民共和国商务部")).agency_id == agency(resolve("商务部")).agency_id == "cn-mofcom"
    assert agency(resolve("卢氏县人民政府")).registered
    assert not agency(resolve("卢氏县商务局")).registered


def test_an_alias_of_a_registered_agency(tmp_path: Path) -> None:
    for file in filter(Path.is_file, REGISTRY.iterdir()):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    line = "  - {id: tea, name: 卢氏县农业农村局, division: '411224', since: 2019, aliases: [卢氏县茶叶局]}\n"
    with (tmp_path / "agencies.yml").open("a", encoding="utf-8") as handle:
        handle.write(line)
    registry = read_registry(tmp_path)

    def found(name: str, year: int) -> str:
        return agency(registry.resolve(name, source=Source("x"), places=(), year=year)).agency_id

    assert found("三门峡市卢氏县茶叶局", 2021) == found("卢氏县农业农村局", 2021) == "tea"
    assert found("卢氏县茶叶局", 2017) != "tea"
    assert registry.digest != load_registry().digest


def test_never_a_wrong_division(registry: Registry) -> None:
    """Every division of every fifth code, under all names and within all its parents, with unlike agencies."""
    today = [row for row in registry.divisions if not row.valid_to]
    name = {row.code: row.name for row in today}
    namesakes = Counter(row.name for row in today if row.level == "county")
    tails = ("商务局", "市场监督管理局", "区域合作办公室", "老干部局", "第一中学", "人民政府", "公安局")
    wrong, missed = [], []
    for row in today[::5]:
        above = {"", name[row.province], name.get(row.parent, ""), name[row.province] + name.get(row.parent, "")}
        for place in {row.name, *(short for short, form in short_names(row.name) if form == "name")}:
            for before in above if row.level != "province" else {""}:
                for tail in tails:
                    got = agency(resolve(before + place + tail)).division
                    if got not in (row.code, None):
                        wrong.append((before + place + tail, row.code, got))
                    if got is None and tail == "商务局" and namesakes[row.name] < 2:
                        missed.append((before + place + tail, row.code))
    assert wrong == []
    assert missed == []


def test_every_shared_name_is_decided_by_its_city(registry: Registry) -> None:
    today = [row for row in registry.divisions if not row.valid_to and row.level == "county"]
    shared = {name for name, count in Counter(row.name for row in today).items() if count > 1}
    for row in (row for row in today if row.name in shared):
        city = registry.divisions.with_code(row.parent, 2023)
        assert city is not None
        tail = "财政局"
        for context in ({"places": (city.name,)}, {"hints": (city.code,)}, {"path": f"x/{city.name}{row.name}.html"}):
            found = resolve(row.name + tail, **context)  # type: ignore[arg-type]
            assert agency(found).division == row.code, (city.name, row.name, found)
        assert agency(resolve(row.name + tail)).division is None


def test_a_city_is_not_the_county_of_its_name_that_was_its_seat(registry: Registry) -> None:
    for city in ("毕节市", "铜仁市", "吐鲁番市", "哈密市"):
        code = next(row.code for row in registry.divisions if row.name == city and row.level == "prefecture")
        assert agency(resolve(f"{city}财政局", 2021, places=(city,))).division == code


def test_a_division_of_its_own_time(registry: Registry) -> None:
    """A row resolves to its own code in its last full year, with its parent before it."""
    wrong = []
    for row in registry.divisions:
        if row.level != "county" or not row.valid_to > "2010" or row.valid_from[:4] >= str(int(row.valid_to[:4]) - 1):
            continue
        year = int(row.valid_to[:4]) - 1
        parent = registry.divisions.with_code(row.parent, year)
        assert parent is not None
        got = agency(resolve(parent.name + row.name + "商务局", year)).division
        if got != row.code:
            wrong.append((row.name, year, row.code, got))
    assert wrong == []


def test_the_lists_count(registry: Registry) -> None:
    today = [row for row in registry.divisions if not row.valid_to]
    assert Counter(row.level for row in today) == {"province": 34, "prefecture": 333, "county": 2842}
    shared = {n for n, count in Counter(row.name for row in today if row.level == "county").items() if count > 1}
    assert len(shared) == 28
    assert {"鼓楼区", "市中区", "桥西区"} <= shared
    assert all(registry.divisions.with_code(row.parent, 2023) for row in today if row.parent)


def test_rows_for_the_warehouse(registry: Registry) -> None:
    relations = registry_relations(registry)
    division, agencies = relations["registry.division"], relations["registry.agency"]
    assert len(set(division["division"])) == len(division["division"])
    row = division["division"].index("320829")
    assert [division[column][row] for column in ("name", "level", "parent", "since", "until")] == [
        "洪泽县",
        "county",
        "320800",
        None,
        2015,
    ]
    assert division["name"][division["division"].index("420600")] == "襄阳市"
    assert len(set(agencies["agency_id"])) == len(agencies["agency_id"])
    assert agencies["functions"][agencies["agency_id"].index("cn-mofcom")] == ["商务"]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("divisions.csv", "411224,卢氏县,county", "411224,卢氏县,village", r"divisions\.csv, line \d+, level"),
        ("divisions.csv", "411224,卢氏县", "41122,卢氏县", r"divisions\.csv, line \d+, code"),
        ("divisions.csv", "code,name", "code,title", r"divisions\.csv, line 1"),
        ("short_names.csv", "152221,", "999999,", r"short_names\.csv, code: '999999'"),
        ("vocabulary.yml", "word_stems:", "stems:", r"vocabulary\.yml: the fields"),
        ("vocabulary.yml", "审计: [审计]", "审计: 审计", r"vocabulary\.yml, functions"),
        ("agencies.yml", "id: cn-moe,", "id: cn-ndrc,", r"agencies\.yml, agency \d+, id"),
        ("agencies.yml", "succeeds: [cn-mlr]", "succeeds: [cn-none]", r"agencies\.yml, agency \d+, succeeds"),
        ("agencies.yml", "aliases: [国家发", "alias: [国家发", r"agencies\.yml, agency \d+, alias: no such field"),
        ("agencies.yml", "agencies:", "agencies: [", r"agencies\.yml, line \d+"),
    ],
)
def test_a_broken_file_is_told_by_line_and_field(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    for source in filter(Path.is_file, REGISTRY.iterdir()):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RegistryError) as error:
        read_registry(tmp_path)
    assert re.search(told, str(error.value))


def test_hostile_names_are_cheap() -> None:
    repeated = ("朝阳" * 5000, "市" * 20000, "（" * 9999, "吉林省" * 999 + "商务局", "a" * 10**6)
    with at_most(2):
        for name in (*repeated, "\x00\udcff'\";--局"):
            assert agency(resolve(name)).division is None


def test_the_names_of_the_gold_reports() -> None:
    shared = ROOT.parent / "shared"
    files = [shared / folder / "gold.jsonl" for folder in ("reports", "made")]
    if not all(file.exists() for file in files):
        pytest.skip("no gold reports beside the project")
    gold = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    named = [entry for entry in gold if entry["agency"]]
    assert named
    settled = 0
    for entry in named:
        got = agency(resolve(entry["agency"], entry["year"])).division
        assert got is None or got in entry["division_any"], entry["file"]
        settled += got is not None
    assert settled == sum(None not in entry["division_any"] or entry["agency"][:2] != "桥西" for entry in named)
