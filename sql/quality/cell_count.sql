SELECT r.year, r.format, c.reading, c.status, count(*) AS cells
FROM facts.cell AS c
JOIN dims.report AS r USING (report_id)
GROUP BY ALL
ORDER BY ALL
