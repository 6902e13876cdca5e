-- grain: document
SELECT
    d.sha256, d.path, d.url, d.province, d.partition_year, d.size, d.format, d.outcome, d.code, d.reports, d.seconds,
    s.first_seen, s.last_seen, s.reading_key
FROM lake.document AS d
JOIN lake.seen AS s USING (sha256)
