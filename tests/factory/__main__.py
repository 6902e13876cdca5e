"""`python -m tests.factory OUT --reports 2000 --seed 7 [--layout NAME ...]`"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.factory.layouts import WRITERS
from tests.factory.site import Plan, save


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.factory", description="Write synthetic annual reports.")
    parser.add_argument("out", type=Path, help="folder for <division>/<year>/<agency>.<ext> and gold.jsonl")
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--counties", type=int, default=Plan(0).counties)
    parser.add_argument(
        "--faults", type=float, default=Plan(0).fault_share, help="share of reports with a contradiction"
    )
    parser.add_argument("--slow", type=float, default=Plan(0).slow_share, help="share of PDF and DOCX")
    parser.add_argument("--layout", action="append", default=[], choices=sorted(WRITERS), metavar="NAME")
    options = parser.parse_args()
    plan = Plan(
        options.reports,
        options.seed,
        tuple(options.layout),
        counties=options.counties,
        fault_share=options.faults,
        slow_share=options.slow,
    )
    began = time.perf_counter()
    count = save(plan, options.out, options.out / "gold.jsonl")
    print(f"{count} reports in {time.perf_counter() - began:.1f} s under {options.out}")


if __name__ == "__main__":
    main()
