WITH held AS (
    SELECT
        p.source, count(DISTINCT p.sha256) AS documents, count(DISTINCT r.report_id) AS reports,
        count(DISTINCT r.report_id) FILTER (r.withdrawn IS NOT NULL) AS withdrawn
    FROM quality.source_document AS p
    LEFT JOIN dims.report AS r USING (sha256)
    GROUP BY p.source
),
crawls AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY source ORDER BY started DESC, run DESC) AS ago,
        lag(found) OVER (
            PARTITION BY source, outcome = 'complete', years ORDER BY started, run
        ) AS found_before
    FROM crawl.run
    WHERE ended IS NOT NULL
),
last_crawl AS (
    SELECT * FROM crawls WHERE ago = 1
),
answered AS (
    SELECT source, max(ended) AS last_success FROM crawls WHERE outcome IN ('complete', 'partial') GROUP BY source
),
below AS (
    SELECT source, list(year ORDER BY year) AS years FROM quality.source_year WHERE reports < expected GROUP BY source
)
SELECT
    s.source, s.kind, s.publisher, s.division, s.status,
    CASE
        WHEN s.status = 'retired' THEN 'retired'
        WHEN s.path IS NOT NULL AND coalesce(h.documents, 0) = 0 THEN 'empty'
        WHEN s.path IS NULL AND l.source IS NULL THEN 'never'
        WHEN l.outcome = 'failed' THEN 'dead'
        WHEN l.outcome IN ('blocked', 'refused') THEN l.outcome
        WHEN l.outcome = 'complete' AND l.found < l.found_before THEN 'shrinking'
        WHEN b.years IS NOT NULL THEN 'below'
        ELSE 'ok'
    END AS state,
    l.started AS last_run, a.last_success, l.found_before, l.found,
    coalesce(h.documents, 0) AS documents, coalesce(h.reports, 0) AS reports, coalesce(h.withdrawn, 0) AS withdrawn,
    coalesce(b.years, []) AS years_below
FROM crawl.source AS s
LEFT JOIN held AS h USING (source)
LEFT JOIN last_crawl AS l USING (source)
LEFT JOIN answered AS a USING (source)
LEFT JOIN below AS b USING (source)
ORDER BY s.source
