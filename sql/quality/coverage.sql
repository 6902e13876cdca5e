SELECT
    coalesce(p.division, m.division) AS division, coalesce(p.year, m.year) AS year,
    coalesce(p.reports, 0) AS reports_before, coalesce(m.reports, 0) AS reports,
    p.division IS NOT NULL AND m.division IS NULL AS gone
FROM previous.coverage AS p
FULL JOIN (SELECT division, year, reports FROM marts.coverage WHERE division IS NOT NULL) AS m
    ON m.division = p.division AND m.year = p.year
ORDER BY ALL
