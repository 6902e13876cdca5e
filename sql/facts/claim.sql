-- grain: report
SELECT c.report_id, r.agency_id, r.year, c.ordinal, c.kind, c.scope, c.value, c.approximate, c.section, c.quote
FROM lake.claim AS c
JOIN lake.report AS r USING (report_id)
