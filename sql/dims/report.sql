WITH ranked AS (
    SELECT
        r.*, s.first_seen, s.last_seen,
        row_number() OVER (
            PARTITION BY r.agency_id, r.year
            ORDER BY coalesce(r.published, CAST(s.first_seen AS DATE)), s.first_seen, r.numbers, r.report_id
        ) AS place,
        count(*) OVER (PARTITION BY r.agency_id, r.year) AS revisions
    FROM lake.report AS r
    JOIN lake.seen AS s USING (report_id)
)
SELECT
    report_id, agency_id, year, form, title, printed_agency, division, published, year_source,
    CASE WHEN identified THEN place ELSE 1 END AS revision,
    identified AND place = revisions AS is_current,
    numbers, numbers_digest, format, path AS source, url, sha256, size, ordinal, first_seen, last_seen
FROM (SELECT *, agency_id IS NOT NULL AND year IS NOT NULL AS identified FROM ranked)
ORDER BY report_id
