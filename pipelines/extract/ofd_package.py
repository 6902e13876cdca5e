"""An OFD package (GB/T 33190): which documents and pages it holds, and what their parts refer to.

References are paths inside the package, relative to the part that makes them, or from its root; one that leads out of
the package leads nowhere. Nothing outside it is ever opened.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from pipelines.extract.limits import Unreadable
from pipelines.extract.package import Package, parse_xml

ENTRY = "OFD.xml"
MOST_BODIES = 50
MOST_RESOURCES = 64
FARTHEST = 1e6
"""Millimetres: no coordinate lies farther out."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A parsed member and its path."""

    path: str
    root: etree._Element


@dataclass(slots=True)
class Resources:
    """Composite units and pictures by ID, read from their files when first asked for. Inner ones (a page's) win."""

    package: OfdPackage
    paths: tuple[str, ...]
    _units: dict[str, etree._Element] = field(default_factory=dict)
    _media: dict[str, str] = field(default_factory=dict)
    _read: bool = False

    def unit(self, identifier: str) -> etree._Element | None:
        self._load()
        return self._units.get(identifier)

    def media(self, identifier: str) -> str | None:
        """The path of a picture's file in the package."""
        self._load()
        return self._media.get(identifier)

    def _load(self) -> None:
        if self._read:
            return
        self._read = True
        for path in self.paths[:MOST_RESOURCES]:
            part = self.package.part(path)
            if part is None:
                continue
            folder = self.package.resolve(path, part.root.get("BaseLoc") or "") or posixpath.dirname(path)
            for element in descendants(part.root, "CompositeGraphicUnit"):
                self._units.setdefault(element.get("ID") or "", element)
            for element in descendants(part.root, "MultiMedia"):
                location = self.package.resolve(f"{folder}/-", child_text(element, "MediaFile"))
                if location is not None:
                    self._media.setdefault(element.get("ID") or "", location)


@dataclass(frozen=True, slots=True)
class OfdPage:
    """A page's own content, the templates that lie below and above it, its size in millimetres (None where the file
    does not say), and what it may refer to."""

    content: etree._Element
    below: tuple[etree._Element, ...]
    above: tuple[etree._Element, ...]
    size: Size | None
    resources: Resources


class OfdDocument:
    """One document of a package."""

    def __init__(self, package: OfdPackage, path: str) -> None:
        part = package.part(path)
        if part is None:
            raise Unreadable("damaged", "The file names a document that it does not hold; fetch it anew.", path)
        self._package, self._part = package, part
        common = child(part.root, "CommonData")
        self._size = page_size(child(common, "PageArea"))
        named = ("PublicRes", "DocumentRes")
        self._resources = tuple(self._located(e.text) for e in children(common) if local_name(e) in named)
        self._templates = {
            e.get("ID"): (self._located(e.get("BaseLoc")), e.get("ZOrder"))
            for e in children(common)
            if local_name(e) == "TemplatePage"
        }
        pages = child(part.root, "Pages")
        self.page_paths = tuple(self._located(e.get("BaseLoc")) for e in children(pages) if local_name(e) == "Page")

    def page(self, path: str) -> OfdPage:
        """Raises Unreadable: `damaged`, `too_large`, `too_deep`."""
        part = self._package.part(path)
        if part is None:
            raise Unreadable("damaged", "The file does not hold the page that it names; fetch it anew.", path)
        below: list[etree._Element] = []
        above: list[etree._Element] = []
        size = page_size(child(part.root, "Area")) or self._size
        own = [e.text for e in children(part.root) if local_name(e) == "PageRes"]
        for element in children(part.root):
            if local_name(element) != "Template":
                continue
            location, order = self._templates.get(element.get("TemplateID"), ("", None))
            template = self._package.part(location)
            if template is None:
                raise Unreadable("damaged", "The file does not hold a template that the page lies on.", path)
            size = size or page_size(child(template.root, "Area"))
            (above if (element.get("ZOrder") or order) == "Foreground" else below).append(template.root)
        located = tuple(self._package.resolve(path, loc or "") or "" for loc in own)
        return OfdPage(part.root, tuple(below), tuple(above), size, Resources(self._package, located + self._resources))

    def _located(self, location: str | None) -> str:
        return self._package.resolve(self._part.path, location or "") or ""


class OfdPackage:
    """The opened package. Raises Unreadable: `damaged`, `encrypted`, `too_large`, `too_deep`."""

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        self._folded = {name.lower(): name for name in sorted(self._package.names, reverse=True)}
        self._parts: dict[str, Part | None] = {}
        entry = self.part(ENTRY)
        if entry is None:
            raise Unreadable("damaged", "The package has no entry; fetch it anew.", ENTRY)
        self._entry = entry

    @cached_property
    def title(self) -> str:
        """Of the first document that has one."""
        titles = (child_text(child(body, "DocInfo"), "Title") for body in self._bodies())
        return next((title for title in titles if title), "")

    def documents(self) -> Iterator[OfdDocument]:
        """In the order of the file."""
        for body in self._bodies():
            path = self.resolve(ENTRY, child_text(body, "DocRoot")) or ""
            for version in descendants(body, "Version"):
                if version.get("Current") == "true":
                    path = self._version_root(version) or path
            yield OfdDocument(self, path)

    def _version_root(self, version: etree._Element) -> str | None:
        location = self.resolve(ENTRY, version.get("BaseLoc") or "")
        part = self.part(location) if location else None
        return self.resolve(part.path, child_text(part.root, "DocRoot")) if part else None

    def _bodies(self) -> list[etree._Element]:
        bodies = [element for element in children(self._entry.root) if local_name(element) == "DocBody"]
        if len(bodies) > MOST_BODIES:
            raise Unreadable("too_large", f"The file holds more than {MOST_BODIES} documents; split it.", ENTRY)
        return bodies

    def part(self, path: str) -> Part | None:
        """A member as XML, None where there is none. Kept, as templates are asked for by every page."""
        if path not in self._parts:
            content = self.read(path)
            if content is None:
                return None
            try:
                parsed = Part(path, parse_xml(content, path))
            except Unreadable as error:
                if error.issue.code == "damaged" and self._is_locked():
                    message = "The file asks for a password; get one without."
                    raise Unreadable("encrypted", message, path) from error
                raise
            if not path.endswith(_PAGE_CONTENT) or len(content) < _SMALL_PART:
                self._parts[path] = parsed
            return parsed
        return self._parts[path]

    def read(self, path: str) -> bytes | None:
        """A member's bytes; its name may differ in case."""
        return self._package.read(self._folded.get(path.lower(), path)) if path else None

    def resolve(self, base: str, location: str) -> str | None:
        """The path in the package that a part at `base` means by `location`; None where it leads out of it."""
        location = location.strip().replace("\\", "/")
        if not location:
            return None
        path = location.lstrip("/") if location.startswith("/") else posixpath.join(posixpath.dirname(base), location)
        path = posixpath.normpath(path)
        return None if path.startswith("../") or path in ("..", ".") else path

    def _is_locked(self) -> bool:
        return "encryptions.xml" in self._folded


_PAGE_CONTENT = "Content.xml"
_SMALL_PART = 256 * 1024


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element | None) -> Iterator[etree._Element]:
    return iter(()) if element is None else element.iterchildren(tag=etree.Element)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((inner for inner in children(element) if local_name(inner) == name), None)


def child_text(element: etree._Element | None, name: str) -> str:
    found = child(element, name)
    return "" if found is None else (found.text or "").strip()


def descendants(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return element.iterdescendants(tag=f"{{*}}{name}")


def page_size(area: etree._Element | None) -> Size | None:
    box = numbers_in(child_text(area, "PhysicalBox"), 4)
    if len(box) < 4 or not (0 < box[2] < FARTHEST and 0 < box[3] < FARTHEST):
        return None
    return box[2], box[3]


def number_in(text: str | None, default: float) -> float:
    """The number, or the default where there is none, or none that could stand on a page."""
    found = numbers_in(text, 1)
    return found[0] if found else default


def numbers_in(text: str | None, most: int) -> list[float]:
    """The first numbers of a list, at most so many; ends before one that no page could hold."""
    found: list[float] = []
    for token in (text or "").split(None, most)[:most]:
        if not _NUMBER.fullmatch(token):
            break
        value = float(token)
        if not math.isfinite(value) or abs(value) > FARTHEST:
            break
        found.append(value)
    return found
