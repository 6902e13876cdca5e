"""OLE2 files (MS-CFB, version 3) from their streams, and a DOC armed with a VBA project (MS-OVBA)."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import olefile  # type: ignore[import-untyped]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BLACK = 1


@dataclass(slots=True)
class _Entry:
    """A storage or a stream of the directory; `tree` are left sibling, right sibling and first child."""

    name: str
    kind: int
    content: bytes = b""
    class_id: bytes = bytes(16)
    children: dict[str, _Entry] = field(default_factory=dict)
    start: int = _END
    tree: tuple[int, int, int] = (_FREE, _FREE, _FREE)

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        head = name.ljust(64, b"\0") + struct.pack("<HBB3I", len(name), self.kind, _BLACK, *self.tree)
        return head + self.class_id + struct.pack("<I16sIQ", 0, bytes(16), self.start, len(self.content))


def streams_of(data: bytes) -> tuple[dict[str, bytes], bytes]:
    """The streams of an OLE2 file by their path, and the class of its root."""
    with olefile.OleFileIO(io.BytesIO(data)) as package:
        streams = {"/".join(path): package.openstream(path).read() for path in package.listdir()}
        return streams, UUID(package.root.clsid).bytes_le if package.root.clsid else bytes(16)


def compound(streams: Mapping[str, bytes], root_class: bytes = bytes(16)) -> bytes:
    """An OLE2 file with these streams, by path (`Macros/VBA/dir`). At most 109 sectors of its table: 6.8 MB."""
    root = _Entry("Root Entry", _ROOT, class_id=root_class)
    for path, content in streams.items():
        *folders, name = path.split("/")
        at = root
        for folder in folders:
            at = at.children.setdefault(folder, _Entry(folder, _STORAGE))
        at.children[name] = _Entry(name, _STREAM, content)
    entries = _directory(root)
    mini, mini_table = _mini_stream([e for e in entries if e.kind == _STREAM and 0 < len(e.content) < _CUTOFF])
    root.content = mini
    large = [e for e in entries if e is root or len(e.content) >= _CUTOFF]
    return _sectors(entries, [e for e in large if e.content], mini_table)


def _directory(root: _Entry) -> list[_Entry]:
    """All entries in the order of their numbers, each storage's children as a balanced tree."""
    entries = [root]

    def add(storage: _Entry) -> int:
        ordered = sorted(storage.children.values(), key=lambda e: (len(e.name), e.name.upper()))
        first = len(entries)
        entries.extend(ordered)
        below = [add(entry) if entry.children else _FREE for entry in ordered]

        def middle(low: int, high: int) -> int:
            if low >= high:
                return _FREE
            at = (low + high) // 2
            ordered[at].tree = middle(low, at), middle(at + 1, high), below[at]
            return first + at

        return middle(0, len(ordered))

    root.tree = _FREE, _FREE, add(root)
    return entries


def _mini_stream(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    content, table = b"", list[int]()
    for entry in entries:
        entry.start = len(table)
        count = -(-len(entry.content) // _MINI)
        table += [*range(entry.start + 1, entry.start + count), _END]
        content += entry.content.ljust(count * _MINI, b"\0")
    return content, table


def _sectors(entries: list[_Entry], large: list[_Entry], mini_table: list[int]) -> bytes:
    table: list[int] = []
    body = b""

    def store(content: bytes) -> int:
        nonlocal body
        start, count = len(table), -(-len(content) // _SECTOR)
        table.extend((*range(start + 1, start + count), _END))
        body += content.ljust(count * _SECTOR, b"\0")
        return start

    for entry in large:
        entry.start = store(entry.content)
    minis = store(_numbers(mini_table)) if mini_table else _END
    directory = b"".join(entry.packed() for entry in entries)
    unused = _Entry("", 0).packed()
    where = store(directory + unused * (-len(entries) % 4))
    count = 1
    while count * (_SECTOR // 4) < len(table) + count:
        count += 1
    fats = range(len(table), len(table) + count)
    if count > 109:
        raise ValueError("the streams are larger than this writer can hold")
    body += _numbers([*table, *[_FAT] * count])
    header = struct.pack(
        "<8s16s5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, count, where, 0, _CUTOFF, minis, -(-len(mini_table) * 4 // _SECTOR), _END, 0),
    )
    return header + struct.pack("<109I", *fats, *[_FREE] * (109 - count)) + body


def _numbers(table: list[int]) -> bytes:
    return struct.pack(f"<{len(table)}I", *table) + b"\xff" * (-len(table) * 4 % _SECTOR)


# -------------------------------------------------------------------- VBA
def armed(doc: bytes, modules: Mapping[str, str]) -> bytes:
    """The DOC with a VBA project of these modules: `ThisDocument` is the document's own, the others are plain ones."""
    streams, root_class = streams_of(doc)
    project = {f"Macros/{path}": content for path, content in vba_project(modules).items()}
    return compound({**streams, **project}, root_class)


def vba_project(modules: Mapping[str, str]) -> dict[str, bytes]:
    """The streams of a VBA project without compiled code: `dir`, the modules' source, PROJECT."""
    listed = [f"Document={n}/&H00000000" if n == "ThisDocument" else f"Module={n}" for n in modules]
    told = ['ID="{7A4C1F0E-3B52-4C0B-9D57-2E8A61B0C3D9}"', *listed, 'Name="Project"', 'HelpContextID="0"']
    told += ['VersionCompatible32="393222000"', "", "[Host Extender Info]", ""]
    return {
        "PROJECT": "\r\n".join(told).encode("cp1252"),
        "VBA/_VBA_PROJECT": b"\xcc\x61\xff\xff\0\0\0",
        "VBA/dir": vba_compressed(_dir(list(modules))),
        **{
            f"VBA/{name}": vba_compressed(f'Attribute VB_Name = "{name}"\r\n{source}'.encode("cp1252"))
            for name, source in modules.items()
        },
    }


def vba_compressed(content: bytes) -> bytes:
    """A container of one chunk, each byte standing for itself. Raises ValueError for more than a chunk holds."""
    if len(content) > 3600:
        raise ValueError("more than one chunk")
    tokens = b"".join(b"\0" + content[at : at + 8] for at in range(0, len(content), 8))
    return b"\x01" + struct.pack("<H", 0xB000 | (len(tokens) - 1)) + tokens


def _dir(names: list[str]) -> bytes:
    def record(kind: int, content: bytes = b"") -> bytes:
        return struct.pack("<HI", kind, len(content)) + content

    short, long = struct.Struct("<H").pack, struct.Struct("<I").pack
    parts = [record(0x01, long(1)), record(0x02, long(0x409)), record(0x14, long(0x409)), record(0x03, short(1252))]
    parts += [record(0x04, b"Project"), record(0x05), record(0x40), record(0x06), record(0x3D), record(0x07, long(0))]
    parts += [record(0x08, long(0)), struct.pack("<HIIH", 0x09, 4, 1, 1), record(0x0C), record(0x3C)]
    parts += [record(0x0F, short(len(names))), record(0x13, short(0xFFFF))]
    for name in names:
        letters, wide = name.encode("cp1252"), name.encode("utf-16-le")
        parts += [record(0x19, letters), record(0x47, wide), record(0x1A, letters), record(0x32, wide)]
        parts += [record(0x1C), record(0x48), record(0x31, long(0)), record(0x1E, long(0)), record(0x2C, short(0xFFFF))]
        parts += [record(0x22 if name == "ThisDocument" else 0x21), record(0x2B)]
    return b"".join((*parts, record(0x10)))
