WITH ordered AS (
    SELECT
        report_id, agency_id, year, revision, numbers_digest, published, first_seen,
        lag(report_id) OVER years AS report_before, lag(numbers_digest) OVER years AS digest_before,
        lag(published) OVER years AS published_before, lag(first_seen) OVER years AS first_seen_before
    FROM dims.report
    WHERE agency_id IS NOT NULL AND year IS NOT NULL AND same_as IS NULL
    WINDOW years AS (PARTITION BY agency_id, year ORDER BY revision)
)
SELECT
    o.report_id, o.agency_id, o.year, o.revision, o.report_before, c."table", c."row", c."column",
    b.value AS value_before, b.status AS status_before, c.value, c.status,
    o.published_before, o.first_seen_before, o.published, o.first_seen
FROM ordered AS o
JOIN facts.cell AS c ON c.report_id = o.report_id
JOIN facts.cell AS b
    ON b.report_id = o.report_before AND b."table" = c."table" AND b."row" = c."row" AND b."column" = c."column"
WHERE o.numbers_digest <> o.digest_before AND (b.value IS DISTINCT FROM c.value OR b.status <> c.status)
