-- grain: report
SELECT c.report_id, r.agency_id, r.year, c."row" AS outcome, c."column" AS applicant, c.value, c.status
FROM lake.cell AS c
JOIN lake.report AS r USING (report_id)
WHERE c."table" = 'application'
