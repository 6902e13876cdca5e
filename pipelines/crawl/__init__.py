"""From source cards to bytes in the archive, politely: lists, pages and attachments, asked for as each card allows.

`crawl` runs Scrapy in a process of its own; nothing else in the house knows Scrapy or Twisted.
"""

from pipelines.crawl.lock import CrawlError
from pipelines.crawl.report import CrawlLimits, CrawlReport, Event, SourceReport, Watch
from pipelines.crawl.run import crawl

__all__ = ["CrawlError", "CrawlLimits", "CrawlReport", "Event", "SourceReport", "Watch", "crawl"]
