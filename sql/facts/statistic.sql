-- grain: report
SELECT c.report_id, r.agency_id, r.year, c."row" AS indicator, c.value, c.unit, c.status
FROM lake.cell AS c
JOIN lake.report AS r USING (report_id)
WHERE c."table" = 'statistics'
