"""`python -m tests.bench [--part pdf|html|text|formats|flow|crawl|dashboard ...]`, with sizes: see `--help`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import crawl, dashboard, flow, formats, readers

SIZES = (2000, 20000)


def main() -> None:
    parts: dict[str, Callable[[argparse.Namespace], Iterable[str]]] = {
        "pdf": lambda o: readers.pdf(o.files),
        "html": lambda o: readers.html(o.files),
        "text": lambda o: readers.text(o.files),
        "formats": lambda o: formats.formats(o.each, o.converted, o.scans),
        "flow": lambda o: flow.table([flow.flow(size) for size in o.reports or SIZES]),
        "dashboard": lambda o: dashboard.dashboard(max(o.reports or SIZES), o.warehouse),
        "crawl": lambda o: crawl.table([crawl.crawled(size, o.pace) for size in o.listed or crawl.SIZES]),
    }
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure the readers, every format, the whole way, and the crawl.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--part", action="append", choices=tuple(parts), help="only this part (again for more)")
    parser.add_argument(
        "--reports", type=int, action="append", help=f"sizes of the whole way (again for more); else {SIZES}"
    )
    parser.add_argument(
        "--listed", type=int, action="append", help=f"reports that the crawled hosts list (again); else {crawl.SIZES}"
    )
    parser.add_argument(
        "--pace", type=float, default=crawl.PACE, help="crawl: seconds between two requests to one host"
    )
    parser.add_argument("--files", type=int, default=60, help="reports that the readers of pdf, html, text run over")
    parser.add_argument("--each", type=int, default=24, help="formats: reports of each that is written here")
    parser.add_argument("--converted", type=int, default=3, help="formats: reports of each that LibreOffice writes")
    parser.add_argument("--scans", type=int, default=2, help="formats: reports of each that is recognised")
    parser.add_argument("--warehouse", type=Path, help="dashboard: over this file; else one is built")
    options = parser.parse_args()
    for part in options.part or parts:
        for line in parts[part](options):
            print(line, flush=True)


if __name__ == "__main__":
    main()
