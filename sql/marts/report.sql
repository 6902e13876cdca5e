WITH flagged AS (
    SELECT
        report_id,
        count(*) FILTER (outcome = 'broken' AND severity = 'error') AS errors,
        count(*) FILTER (outcome = 'broken' AND severity <> 'error') AS warnings,
        count(*) FILTER (outcome = 'unknown') AS undecided
    FROM quality.flag
    GROUP BY report_id
)
SELECT
    r.report_id, r.agency_id, a.name AS agency, a.functions, r.division, v.name AS division_name, r.year, r.form, r.format,
    r.title, r.printed_agency, r.published, r.revision, r.is_current, r.numbers, m.consistent,
    c.published_late > 0 AS late,
    coalesce(f.errors, 0) AS errors, coalesce(f.warnings, 0) AS warnings, coalesce(f.undecided, 0) AS undecided
FROM dims.report AS r
LEFT JOIN dims.agency AS a ON a.agency_id = r.agency_id
LEFT JOIN dims.division AS v ON v.division = r.division
LEFT JOIN marts.agency_year AS m ON m.report_id = r.report_id
LEFT JOIN quality.consistency AS c ON c.report_id = r.report_id
LEFT JOIN flagged AS f ON f.report_id = r.report_id
ORDER BY r.report_id
