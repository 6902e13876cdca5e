-- grain: report
SELECT
    c.report_id, r.agency_id, r.year, c."row" AS indicator,
    coalesce(CASE WHEN c."row" = 'local' THEN c."column" END, m.row_label) AS label,
    c.value, c.unit, c.status
FROM lake.cell AS c
JOIN lake.report AS r USING (report_id)
LEFT JOIN dims.measure AS m ON m."table" = c."table" AND m."row" = c."row"
WHERE c."table" = 'statistics'
