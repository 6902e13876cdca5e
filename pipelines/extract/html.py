"""HTML -> Document: the tree that browsers build, walked once, without recursion."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.extract.encoding import Decoded
from pipelines.extract.flow import numbered
from pipelines.extract.html_bounds import check_markup
from pipelines.extract.html_metadata import read_metadata
from pipelines.extract.html_style import read_sheet
from pipelines.extract.html_walk import Walker
from pipelines.extract.limits import BLOCK_DEPTH, Unreadable
from pipelines.model import Document

FORMAT = "html"


def read_html(decoded: Decoded) -> Document:
    """The page as it is shown: paragraphs, grids, and what its head says of it. Raises Unreadable: `too_large`,
    `too_deep`, `empty`."""
    return _read(decoded, keep_lines=False)


def read_html_lines(decoded: Decoded) -> Document:
    """Text of lines with HTML tables between them, as Markdown allows: line ends outside tables are kept."""
    return _read(decoded, keep_lines=True)


def _read(decoded: Decoded, keep_lines: bool) -> Document:
    source = decoded.text.replace("\0", "")
    check_markup(source)
    tree = LexborHTMLParser(source)
    root = tree.root
    if root is None:
        raise Unreadable("empty", "The page shows nothing.")
    walker = Walker(read_sheet(tree, source), keep_lines)
    walk(root, walker)
    blocks = numbered(walker.finish())
    issues = (*decoded.issues, *walker.issues)
    if not blocks:
        shown = ", ".join(sorted({issue.code for issue in issues}))
        message = "The page shows no text" + (f" ({shown})" if shown else "") + "; it may be filled by a script."
        raise Unreadable("empty", message)
    return Document(FORMAT, blocks, read_metadata(tree), issues)


def walk(root: LexborNode, walker: Walker) -> None:
    """Enters and leaves every node below `root` in document order, as deep as `walker` asks."""
    depth = 0
    node = root
    while True:
        down = walker.enter(node)
        child = node.child if down else None
        if child is not None:
            depth += 1
            if depth > BLOCK_DEPTH:
                raise Unreadable("too_deep", f"The page nests more than {BLOCK_DEPTH} elements.")
            node = child
            continue
        if down:
            walker.leave(node)
        while (following := node.next if depth else None) is None:
            if not depth:
                return
            depth -= 1
            parent = node.parent
            assert parent is not None
            node = parent
            walker.leave(node)
        node = following
