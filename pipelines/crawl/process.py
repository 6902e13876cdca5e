"""`python -m pipelines.crawl.process`: a run in a process of its own, since Twisted's reactor starts once a process.

A job comes as one line of JSON on standard input; events go as lines of JSON to standard output, the log to standard
error. When standard input ends, whoever wanted the run is gone, or wants it to stop: it stops.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.crawl.report import Event

STOPPED = "stopped"


def main() -> None:
    events = os.dup(1)
    os.dup2(2, 1)
    line = sys.stdin.buffer.readline()

    from scrapy.crawler import AsyncCrawlerProcess

    from pipelines.crawl.downloading import settings
    from pipelines.crawl.job import job_of
    from pipelines.crawl.spider import Sources

    job = job_of(line)
    process = AsyncCrawlerProcess(settings(job.cards, job.agent, job.limits))
    crawler = process.create_crawler(Sources)
    process.crawl(crawler, job=job, tell=_teller(events))
    threading.Thread(target=_wait_for_end, args=(lambda: crawler.spider,), daemon=True).start()
    process.start(install_signal_handlers=False)


def _teller(events: int) -> Callable[[Event], None]:
    from pipelines.crawl.job import event_line

    def tell(event: Event) -> None:
        line = memoryview(event_line(event))
        while line:
            line = line[os.write(events, line) :]
        if event.kind == "finished" and event.reason is not None:
            # Everything is written down; hosts that are slow to answer are not waited for.
            os._exit(0)

    return tell


def _wait_for_end(spider: Callable[[], object]) -> None:
    while os.read(0, 1024):
        pass
    from twisted.internet import reactor

    from pipelines.crawl.spider import Sources

    def stop() -> None:
        running = spider()
        if isinstance(running, Sources):
            running.stop(STOPPED)
        else:
            os._exit(0)

    reactor.callFromThread(stop)


if __name__ == "__main__":
    main()
