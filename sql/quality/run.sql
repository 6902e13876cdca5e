WITH brought AS (
    SELECT
        c.run, c.source,
        count(DISTINCT c.sha256) FILTER (d.outcome <> 'refused') AS read,
        count(DISTINCT c.sha256) FILTER (d.outcome = 'refused') AS refused_to_read
    FROM crawl.document AS c
    JOIN quality.document AS d USING (sha256)
    GROUP BY c.run, c.source
),
flagged AS (
    SELECT DISTINCT report_id FROM quality.flag WHERE outcome = 'broken'
),
gave AS (
    SELECT
        c.run, c.source,
        count(DISTINCT r.report_id) AS reports,
        count(DISTINCT f.report_id) AS flagged
    FROM crawl.document AS c
    JOIN dims.report AS r USING (sha256)
    LEFT JOIN flagged AS f USING (report_id)
    GROUP BY c.run, c.source
)
SELECT
    r.run, r.source, r.started, r.ended, r.outcome, r.years, r.found, r.fetched, r.unchanged, r.blocked, r.failed, r.refused,
    r.withdrawn,
    coalesce(b.read, 0) AS read, coalesce(b.refused_to_read, 0) AS refused_to_read,
    coalesce(g.reports, 0) AS reports, coalesce(g.flagged, 0) AS flagged,
    r.seconds, r.problems
FROM crawl.run AS r
LEFT JOIN brought AS b USING (run, source)
LEFT JOIN gave AS g USING (run, source)
ORDER BY r.started, r.run, r.source
