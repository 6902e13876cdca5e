-- A card that no crawl has verified asserts what nobody has seen, and one that was never crawled has had no chance: neither
-- holds publication back. An agency counts once a year, however many revisions there are; a report that two sources carry counts
-- for both. Where no source is given, the files of some folder are built, and nothing of a source is missed.
WITH held AS (
    SELECT p.source, r.year, count(DISTINCT coalesce(r.agency_id, r.report_id)) AS reports
    FROM quality.source_document AS p
    JOIN dims.report AS r USING (sha256)
    WHERE r.year IS NOT NULL
    GROUP BY p.source, r.year
),
looked_at AS (
    SELECT source FROM crawl.source WHERE path IS NOT NULL
    UNION
    SELECT source FROM crawl.run WHERE ended IS NOT NULL
),
named AS (
    SELECT source, year FROM held
    UNION
    SELECT source, year FROM crawl.expected
    UNION
    SELECT source, year FROM previous.source_year
)
SELECT
    n.source, n.year, e.reports AS expected, coalesce(p.reports, 0) AS reports_before, coalesce(h.reports, 0) AS reports,
    coalesce(
        coalesce(h.reports, 0) < e.reports AND s.status <> 'retired' AND (s.status = 'verified' OR s.kind = 'local')
            AND n.source IN (SELECT source FROM looked_at),
        false
    ) AS below,
    coalesce(p.reports, 0) > 0 AND h.reports IS NULL AND EXISTS (SELECT 1 FROM crawl.source) AS gone
FROM named AS n
LEFT JOIN held AS h ON h.source = n.source AND h.year = n.year
LEFT JOIN crawl.expected AS e ON e.source = n.source AND e.year = n.year
LEFT JOIN previous.source_year AS p ON p.source = n.source AND p.year = n.year
LEFT JOIN crawl.source AS s ON s.source = n.source
ORDER BY ALL
