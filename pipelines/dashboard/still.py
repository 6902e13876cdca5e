"""HTML that nothing happens in, as one component: Dash spends half a millisecond on each that it keeps an eye on, and a
page of a list has two thousand."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Still(Component):
    """Shows a tree of `dash.html` components, drawn by `assets/still.js`; texts stay texts, as in Dash's own.
    Raises TypeError for a component of another kind: what a callback speaks to must stand outside."""

    _namespace = "gongkai"
    _type = "Still"
    _children_props = []  # noqa: RUF012
    _base_nodes = ["children"]  # noqa: RUF012

    def __init__(self, tree: Component) -> None:
        self._prop_names = ["tree"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = ["tree"]
        self.available_wildcard_properties: list[str] = []
        super().__init__(tree=_plain(tree))  # type: ignore[no-untyped-call]


def _plain(node: Any) -> Any:
    """`[name, attributes, children]` of an element; texts and numbers as they are."""
    if node is None or isinstance(node, str | int | float):
        return node
    if isinstance(node, list | tuple):
        return [None, {}, [_plain(child) for child in node]]
    if not isinstance(node, Component) or node._namespace != "dash_html_components":
        raise TypeError(f"{node!r} cannot stand still: only dash.html can.")
    attributes = node.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    children = attributes.pop("children", None)
    inside = children if isinstance(children, list | tuple) else [children]
    return [node._type.lower(), attributes, [_plain(child) for child in inside]]
