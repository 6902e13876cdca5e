"""CSS selectors over a page, in time that does not explode: nothing is tried twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

_COMPOUND = re.compile(r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<names>(?:[.#][\w\u0080-\uffff-]+)*)")
_NAME = re.compile(r"([.#])([\w\u0080-\uffff-]+)")
_LAST = re.compile(
    r"[\w\u0080-\uffff.#*-]*(?:\[[^\]\[]{1,60}\]|:(?:nth|first|last|only)-[a-z-]+(?:\([\w+ -]{1,12}\))?){0,3}"
)
_COMBINATORS = re.compile(r"\s*>\s*|\s+")
_SELECTOR_CHARACTERS = 300
_STEPS_OF_A_NODE = 3
_NODES_SEARCHED_IN_A_STEP = 30


@dataclass(slots=True)
class Budget:
    """Steps that are left for one page; `overdrawn` once a selector had to be left out for their sake."""

    steps: int
    overdrawn: bool = False


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str | None
    classes: frozenset[str]
    id: str | None

    def matches(self, node: LexborNode) -> bool:
        if self.tag is not None and node.tag != self.tag:
            return False
        if not self.classes and self.id is None:
            return True
        attributes = node.attributes
        if self.id is not None and attributes.get("id") != self.id:
            return False
        return not self.classes or self.classes <= set((attributes.get("class") or "").split())


def matching(tree: LexborHTMLParser, selector: str, page_size: int, budget: Budget) -> list[LexborNode]:
    """The elements that a selector of tags, classes, ids, descendants and children names.

    Others (siblings, states, `:has`) name none, as does one for which the budget does not suffice. `page_size` is what
    one search over the page costs.
    """
    parts = _parsed(selector)
    if parts is None:
        return []
    last, groups = parts
    budget.steps -= 1 + page_size // _NODES_SEARCHED_IN_A_STEP
    if budget.steps < 0:
        budget.overdrawn = True
        return []
    try:
        found = tree.css(last)
    except SelectolaxError:
        return []
    budget.steps -= _STEPS_OF_A_NODE * len(found)
    return [node for node in found if _has_ancestors(node, groups, budget)]


def _parsed(selector: str) -> tuple[str, list[list[_Compound]]] | None:
    """The last compound as written, and the groups of its ancestors from the inside out: each group's compounds are
    parents of each other; the first group may be empty, then it is not joined to the last compound by `>`."""
    if not 0 < len(selector) <= _SELECTOR_CHARACTERS:
        return None
    combinators = [">" if ">" in found else " " for found in _COMBINATORS.findall(selector)]
    compounds = _COMBINATORS.split(selector)
    last = compounds.pop()
    if not last or not _LAST.fullmatch(last):
        return None
    groups: list[list[_Compound]] = [[]]
    for compound, combinator in zip(reversed(compounds), reversed(combinators), strict=True):
        parsed = _compound(compound)
        if parsed is None:
            return None
        if combinator == " ":
            groups.append([])
        groups[-1].append(parsed)
    return last, groups


def _compound(text: str) -> _Compound | None:
    found = _COMPOUND.fullmatch(text)
    if not text or found is None:
        return None
    tag = found["tag"]
    names = _NAME.findall(found["names"])
    ids = [name for kind, name in names if kind == "#"]
    classes = frozenset(name for kind, name in names if kind == ".")
    return _Compound(tag.lower() if tag and tag != "*" else None, classes, ids[0] if ids else None)


def _has_ancestors(node: LexborNode, groups: list[list[_Compound]], budget: Budget) -> bool:
    """The nearest ancestor that fits a group is as good as any farther one, so nothing is tried twice."""
    ancestors = _ancestors(node, budget)
    path: list[LexborNode] = []

    def at(place: int) -> LexborNode | None:
        while len(path) <= place and (above := next(ancestors, None)) is not None:
            path.append(above)
        return path[place] if place < len(path) else None

    def fits(group: list[_Compound], place: int) -> bool:
        return all((found := at(place + n)) is not None and part.matches(found) for n, part in enumerate(group))

    if not fits(groups[0], 0):
        return False
    place = len(groups[0])
    for group in groups[1:]:
        while not fits(group, place):
            if at(place) is None:
                return False
            place += 1
        place += len(group)
    return True


def _ancestors(node: LexborNode, budget: Budget) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None and above.is_element_node:
        budget.steps -= 1
        if budget.steps < 0:
            budget.overdrawn = True
            return
        yield above
        above = above.parent
