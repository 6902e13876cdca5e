SELECT
    r.division, d.name AS division_name, r.year,
    count(*) AS reports,
    count(DISTINCT r.agency_id) AS agencies,
    count(*) FILTER (r.numbers > 0) AS with_numbers,
    count(*) FILTER (c.cells_present = 0) AS complete,
    count(*) FILTER (f.report_id IS NOT NULL) AS with_errors
FROM dims.report AS r
LEFT JOIN dims.division AS d ON d.division = r.division
LEFT JOIN quality.consistency AS c ON c.report_id = r.report_id
LEFT JOIN (SELECT DISTINCT report_id FROM quality.flag WHERE outcome = 'broken' AND severity = 'error') AS f
    ON f.report_id = r.report_id
WHERE r.is_current
GROUP BY r.division, d.name, r.year
ORDER BY r.division, r.year
