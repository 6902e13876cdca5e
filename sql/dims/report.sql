WITH seen AS (
    SELECT sha256, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM quality.document GROUP BY sha256
),
ranked AS (
    SELECT
        r.*, s.first_seen, s.last_seen,
        row_number() OVER (
            PARTITION BY r.agency_id, r.year
            ORDER BY coalesce(r.published, CAST(s.first_seen AS DATE)), s.first_seen, r.numbers, r.report_id
        ) AS place,
        count(*) OVER (PARTITION BY r.agency_id, r.year) AS revisions
    FROM facts.filing AS r
    JOIN seen AS s USING (sha256)
)
SELECT
    report_id, agency_id, year, form, title, printed_agency, division, published, year_source,
    CASE WHEN identified THEN place ELSE 1 END AS revision,
    identified AND place = revisions AS is_current,
    numbers, numbers_digest, format, path AS source, url, sha256, size, ordinal, first_seen, last_seen
FROM (SELECT *, agency_id IS NOT NULL AND year IS NOT NULL AS identified FROM ranked)
ORDER BY report_id
