WITH changes AS (
    SELECT
        report_id,
        any_value(report_before) AS report_before,
        count(*) FILTER (value <> value_before) AS changed,
        list(["table", "row", "column"] ORDER BY "table", "row", "column") FILTER (value <> value_before) AS cells
    FROM quality.revision
    GROUP BY report_id
),
others AS (
    SELECT
        report_id, revision, numbers_digest,
        lag(numbers_digest) OVER years AS digest_before
    FROM dims.report
    WHERE agency_id IS NOT NULL AND year IS NOT NULL AND same_as IS NULL
    WINDOW years AS (PARTITION BY agency_id, year ORDER BY revision)
)
SELECT
    o.report_id, 'revised' AS rule, 'report' AS instance,
    CASE
        WHEN o.digest_before IS NULL OR o.digest_before = o.numbers_digest THEN 'holds'
        WHEN c.changed > 0 THEN 'broken'
        ELSE 'unknown'
    END AS outcome,
    CASE WHEN c.changed > 0 THEN 'the numbers of report ' || c.report_before END AS expected,
    CASE WHEN c.changed > 0 THEN CAST(c.changed AS VARCHAR) || ' other numbers' END AS observed,
    c.cells,
    CASE
        WHEN o.digest_before <> o.numbers_digest AND coalesce(c.changed, 0) = 0
            THEN 'another report shows numbers where this one shows none, or the other way round'
    END AS note
FROM others AS o
LEFT JOIN changes AS c USING (report_id)
UNION ALL
SELECT report_id, 'revised', 'report', 'holds', NULL, NULL, NULL, 'word for word report ' || same_as
FROM dims.report
WHERE same_as IS NOT NULL
