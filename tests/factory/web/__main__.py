"""`python -m tests.factory.web OUT`: serves forty hosts until it is interrupted; cards and the log are in OUT."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from tests.factory.web.forty import forty
from tests.factory.web.server import serve
from tests.factory.web.world import build


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.factory.web", description="Serve synthetic sites.")
    parser.add_argument("out", type=Path, help="folder for cards/ and requests.jsonl")
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--pace", type=float, default=0.5, help="seconds between two requests to one host")
    options = parser.parse_args()
    world = build(forty(options.reports, options.pace))
    world.write_cards(options.out / "cards")
    with serve(world.hosts(), options.out / "requests.jsonl"):
        print(f"Serving. GONGKAI_SOURCES={options.out / 'cards'} gongkai crawl", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
