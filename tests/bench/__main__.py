"""`python -m tests.bench [--part pdf|html|text|flow ...] [--reports N ...] [--files N]`"""

from __future__ import annotations

import argparse

from tests.bench import flow, readers

PARTS = ("pdf", "html", "text", "flow")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the readers and the whole way.")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part (again for more)")
    parser.add_argument("--reports", type=int, action="append", help="sizes of the whole way; else 2000 and 20000")
    parser.add_argument("--files", type=int, default=60, help="reports a reader is measured over")
    options = parser.parse_args()
    for part in options.part or PARTS:
        if part == "flow":
            lines = flow.table([flow.flow(size) for size in options.reports or (2000, 20000)])
        else:
            lines = getattr(readers, part)(options.files)
        print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
