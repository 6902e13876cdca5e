"""What inline styles and a page's own <style> rules make of its elements: shown or not, and as which kind of box.

Only what decides whether a number is shown, and where in a table, is looked at; style sheets in other files are never
fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.extract.html_selectors import Budget, matching

_WANTED = frozenset(
    {
        "display",
        "visibility",
        "font-size",
        "font",
        "opacity",
        "position",
        "left",
        "top",
        "text-indent",
        "clip",
        "clip-path",
        "width",
        "height",
        "max-width",
        "max-height",
        "overflow",
        "white-space",
        "mso-hide",
        "flex-direction",
        "flex-flow",
        "flex",
        "flex-basis",
        "grid-template-columns",
        "grid-column",
        "grid-row",
        "text-align",
        "transform",
        "text-decoration",
        "text-decoration-line",
        "color",
        "background",
        "background-color",
    }
)
_WHITE = frozenset(("white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"))
_NO_SHADE = _WHITE | {"transparent", "none", "initial", "inherit", "auto"}
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SCREEN = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*$", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|vw|vh|cm|mm|in)?")
_STEPS = 1_500_000
_KEPT_CHARACTERS = 500
_KEPT_LOOKS = 2_000
_IMPORTANT = "!important"
_OFF_SCREEN = -900.0
_SPECIFIC = re.compile(r"(#)|([.\[]|:(?!:))|(?:^|[\s>+~])[a-zA-Z]")

Declarations = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rules` maps an element (its `mem_id`) to what the page's rules say of it."""

    rules: Mapping[int, Declarations]
    boxes: bool = False
    """Whether any style of the page may make rows or grids of boxes."""
    complete: bool = True
    """Whether all rules could be followed in the time there is."""
    looks: dict[str, Look] = field(default_factory=dict)
    """Inline styles that were met before."""


def read_sheet(tree: LexborHTMLParser, source: str) -> Sheet:
    """The rules of the page's <style> elements, applied by weight and order as far as they matter here."""
    applied: dict[int, dict[str, tuple[tuple[int, int, int, int], str]]] = {}
    page_size, budget = source.count("<"), Budget(_STEPS)
    for node in tree.css("style"):
        for selectors, body in _rules(node.text(deep=True)):
            declarations = parse_declarations(body)
            if not declarations:
                continue
            for selector in map(str.strip, selectors.split(",")):
                weight = _weight(selector)
                for element in matching(tree, selector, page_size, budget):
                    own = applied.setdefault(element.mem_id, {})
                    for name, value in declarations.items():
                        rank = (int(value.endswith(_IMPORTANT)), *weight)
                        if name not in own or own[name][0] <= rank:
                            own[name] = (rank, value)
    rules = {key: {name: value for name, (_, value) in own.items()} for key, own in applied.items()}
    lowered = source.lower()
    return Sheet(rules, "flex" in lowered or "grid" in lowered, not budget.overdrawn)


def parse_declarations(text: str) -> dict[str, str]:
    """The declarations that matter here, names and values in lower case; `!important` stays at a value's end."""
    found: dict[str, str] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        if colon and name in _WANTED:
            value = " ".join(value.lower().split()).replace("! important", _IMPORTANT)
            if value.endswith(_IMPORTANT) or not found.get(name, "").endswith(_IMPORTANT):
                found[name] = value
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """What an element's own styles say of it. `tiny`: whether its letters have no size, None where it inherits; so
    `white`, whether they are; `struck` says that a line is drawn through them, `shaded` that its ground is not white.
    """

    style: Declarations
    removed: bool = False
    out_of_sight: bool = False
    tiny: bool | None = None
    visible: bool | None = None
    preserved: bool | None = None
    white: bool | None = None
    struck: bool = False
    shaded: bool = False


PLAIN = Look({})


def look_of(node: LexborNode, attributes: Mapping[str, str | None], sheet: Sheet) -> Look:
    """What counts for one element: its inline style over the page's rules."""
    inline = attributes.get("style") or ""
    ruled = sheet.rules.get(node.mem_id) if sheet.rules else None
    if ruled is None:
        if not inline:
            return PLAIN
        known = sheet.looks.get(inline)
        if known is None:
            known = _look(parse_declarations(inline))
            if len(inline) < _KEPT_CHARACTERS and len(sheet.looks) < _KEPT_LOOKS:
                sheet.looks[inline] = known
        return known
    merged = dict(ruled)
    for name, value in parse_declarations(inline).items():
        if not merged.get(name, "").endswith(_IMPORTANT) or value.endswith(_IMPORTANT):
            merged[name] = value
    return _look(merged)


def _look(declarations: Declarations) -> Look:
    style = {name: value.removesuffix(_IMPORTANT).strip() for name, value in declarations.items()}
    if not style:
        return PLAIN
    visibility, space, color = style.get("visibility"), style.get("white-space"), style.get("color")
    grounds = (style[name] for name in ("background", "background-color") if name in style)
    lines = (style.get(name, "") for name in ("text-decoration", "text-decoration-line"))
    return Look(
        style,
        removed=style.get("display") == "none" or style.get("mso-hide") == "all",
        out_of_sight=_is_out_of_sight(style),
        tiny=_is_tiny(style),
        visible=None if visibility is None else visibility == "visible",
        preserved=None if space is None else space.startswith(("pre", "break")),
        white=None if color is None else is_white(color),
        struck=any("line-through" in line for line in lines),
        shaded=any(is_shade(ground) for ground in grounds),
    )


def is_white(color: str) -> bool:
    return "".join(color.lower().split()) in _WHITE


def is_shade(ground: str) -> bool:
    """Whether a background, as written, is anything but white or nothing."""
    return "".join(ground.lower().split()) not in _NO_SHADE


def _is_out_of_sight(style: Declarations) -> bool:
    """Whether the element's text is drawn nowhere that a reader sees: off the screen, clipped, without extent."""
    if style.get("opacity") in ("0", "0.0", "0%") or "scale(0)" in style.get("transform", ""):
        return True
    placed = style.get("position") in ("absolute", "fixed")
    if placed:
        if any(length(style.get(side)) < _OFF_SCREEN for side in ("left", "top")):
            return True
        clip = style.get("clip", "").replace(" ", "").replace("px", "")
        if clip.startswith(("rect(0,0,0,0", "rect(1,1,1,1")):
            return True
    if (
        style.get("clip-path", "").startswith(("inset(50%", "inset(100%"))
        or length(style.get("text-indent")) < _OFF_SCREEN
    ):
        return True
    flat = any(side in style and length(style[side]) == 0 for side in ("height", "max-height", "width", "max-width"))
    return flat and style.get("overflow") in ("hidden", "clip")


def _is_tiny(style: Declarations) -> bool | None:
    """Whether the element sets its letters to no size (True) or to some (False); None where it inherits."""
    value = style.get("font-size")
    if value is None:
        return None
    if value.endswith(("em", "%")) and not value.endswith("rem"):
        return True if length(value) == 0 else None
    return bool(_LENGTH.match(value)) and length(value) == 0


def length(value: str | None) -> float:
    """A length's number in its own unit; not-a-number where there is none, which compares false with everything."""
    found = _LENGTH.match(value) if value else None
    return float(found.group(1)) if found else float("nan")


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and bodies of the rules that hold on a screen of any width."""
    text = _COMMENT.sub(" ", sheet)
    position, open_media = 0, 0
    while (brace := text.find("{", position)) >= 0:
        head = text[position:brace].rsplit(";", 1)[-1]
        while open_media and "}" in head:
            head = head.split("}", 1)[1]
            open_media -= 1
        head = head.strip().lstrip("}").strip()
        if head.startswith("@"):
            if _SCREEN.match(head) or head.startswith(("@layer", "@supports")):
                open_media += 1
                position = brace + 1
            else:
                position = _closing(text, brace)
            continue
        end = text.find("}", brace)
        if end < 0:
            return
        yield head, text[brace + 1 : end]
        position = end + 1


def _closing(text: str, brace: int) -> int:
    depth, position = 0, brace
    for found in re.compile(r"[{}]").finditer(text, brace):
        depth += 1 if found.group() == "{" else -1
        position = found.end()
        if depth == 0:
            break
    else:
        return len(text)
    return position


def _weight(selector: str) -> tuple[int, int, int]:
    found = _SPECIFIC.findall(selector)
    ids = sum(1 for hash_, _ in found if hash_)
    classes = sum(1 for _, class_ in found if class_)
    return ids, classes, len(found) - ids - classes
