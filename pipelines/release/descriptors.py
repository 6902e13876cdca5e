"""What a release says of itself to machines: `datapackage.json` (Frictionless Data Package) and `croissant.json`
(MLCommons Croissant 1.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.warehouse import TableWords

TITLE_ZH, TITLE_EN = "政府信息公开工作年度报告数据库", "Annual reports on government information disclosure in China"

_FRICTIONLESS = {
    "VARCHAR": "string",
    "VARCHAR[]": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
}
_CROISSANT = {
    "string": "sc:Text",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "number": "sc:Float",
    "integer": "sc:Integer",
}
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "duckdb": "application/octet-stream",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release: `path` from its folder, bytes, sha256; `table` with `columns` (name -> SQL type) where it
    holds one."""

    path: str
    size: int
    sha256: str
    table: str | None = None
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def suffix(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def name(self) -> str:
        """Unique, of letters that both standards allow: the path with its slashes turned to hyphens."""
        return self.path.lower().replace("/", "-").replace(".", "-").replace("_", "-")


def data_package(
    version: str, created: datetime, files: Sequence[File], dictionary: Mapping[str, TableWords]
) -> dict[str, Any]:
    """The descriptor; CSV files are tables with a schema, other files are data as they are."""
    return {
        "name": "gongkai",
        "title": f"{TITLE_ZH} | {TITLE_EN}",
        "version": version,
        "created": created.isoformat(timespec="seconds"),
        "resources": [_resource(file, dictionary) for file in files],
    }


def croissant(
    version: str, created: datetime, files: Sequence[File], dictionary: Mapping[str, TableWords]
) -> dict[str, Any]:
    """The description as JSON-LD; a record set for each CSV file."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "gongkai",
        "description": f"{TITLE_ZH} | {TITLE_EN}",
        "version": version,
        "datePublished": created.date().isoformat(),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.name,
                "name": file.name,
                "contentUrl": file.path,
                "contentSize": f"{file.size} B",
                "encodingFormat": _MEDIA[file.suffix],
                "sha256": file.sha256,
            }
            for file in files
        ],
        "recordSet": [_record_set(file, dictionary) for file in files if file.suffix == "csv" and file.table],
    }


def field_type(kind: str) -> str:
    """The Table Schema's name of an SQL type."""
    if kind.startswith("DECIMAL"):
        return "number"
    return _FRICTIONLESS.get(kind, "integer" if kind.endswith("INT") or kind == "INTEGER" else "string")


def _resource(file: File, dictionary: Mapping[str, TableWords]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": file.name,
        "path": file.path,
        "format": file.suffix,
        "mediatype": _MEDIA[file.suffix],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    words = dictionary.get(file.table or "")
    if words:
        found["title"] = words.words.comment
    if file.suffix != "csv":
        return {**found, "type": "file"}
    fields = []
    for name, kind in file.columns:
        described = words.columns[name] if words else None
        field = {"name": name, "type": field_type(kind)}
        if described:
            field |= {"title": described.zh, "description": described.comment}
        fields.append(field)
    return {
        **found,
        "type": "table",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _record_set(file: File, dictionary: Mapping[str, TableWords]) -> dict[str, Any]:
    words = dictionary.get(file.table or "")
    fields = []
    for name, kind in file.columns:
        described = words.columns[name] if words else None
        fields.append(
            {
                "@type": "cr:Field",
                "@id": f"{file.name}/{name}",
                "name": name,
                "description": described.comment if described else name,
                "dataType": _CROISSANT[field_type(kind)],
                "source": {"fileObject": {"@id": file.name}, "extract": {"column": name}},
            }
        )
    return {"@type": "cr:RecordSet", "@id": f"{file.name}-records", "name": f"{file.name}-records", "field": fields}


_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "format": "cr:format",
    "recordSet": "cr:recordSet",
    "sc": "https://schema.org/",
    "source": "cr:source",
}
