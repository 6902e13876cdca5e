-- An agency is missing in a year where it has none of that year's reports, but one of an earlier year. A year is over
-- before its reports are due: none is missed of the year in which the warehouse is made.
WITH current AS (
    SELECT report_id, agency_id, division, year, numbers, published FROM dims.report WHERE is_current
),
agency AS (
    SELECT agency_id, division, min(year) AS first_year FROM current WHERE division IS NOT NULL GROUP BY agency_id, division
),
years AS (
    SELECT DISTINCT c.year FROM current AS c CROSS JOIN run.info AS i WHERE c.year < year(i.built_at)
),
missing AS (
    SELECT a.division, y.year, count(*) AS missing
    FROM agency AS a
    JOIN years AS y ON y.year > a.first_year
    ANTI JOIN current AS c ON c.agency_id = a.agency_id AND c.year = y.year
    GROUP BY a.division, y.year
),
found AS (
    SELECT
        c.division, c.year, count(*) AS found,
        count(c.published) AS dated,
        count(*) FILTER (c.numbers > 0) AS read,
        count(*) FILTER (m.consistent = 'yes') AS consistent,
        count(*) FILTER (m.consistent = 'no') AS inconsistent,
        count(*) FILTER (q.published_late > 0) AS late,
        count(*) FILTER (q.published_late IS NULL) AS late_unknown
    FROM current AS c
    LEFT JOIN marts.agency_year AS m USING (report_id)
    LEFT JOIN quality.consistency AS q USING (report_id)
    WHERE c.division IS NOT NULL
    GROUP BY c.division, c.year
),
unread AS (
    SELECT s.division, d.partition_year AS year, count(DISTINCT d.sha256) AS unread
    FROM quality.source AS s
    JOIN quality.source_document AS p USING (source)
    JOIN quality.document AS d USING (sha256)
    WHERE d.outcome = 'refused' AND s.division IS NOT NULL AND d.partition_year IS NOT NULL
    GROUP BY s.division, d.partition_year
),
every_place AS (
    SELECT division, year FROM missing
    UNION
    SELECT division, year FROM found
    UNION
    SELECT division, year FROM unread
)
SELECT
    e.division, v.name AS division_name, e.year,
    coalesce(f.found, 0) + coalesce(m.missing, 0) AS due,
    coalesce(f.found, 0) AS found, coalesce(u.unread, 0) AS unread, coalesce(f.dated, 0) AS dated,
    coalesce(f.read, 0) AS read, coalesce(f.consistent, 0) AS consistent, coalesce(f.inconsistent, 0) AS inconsistent,
    coalesce(f.late, 0) AS late, coalesce(f.late_unknown, 0) AS late_unknown,
    coalesce(m.missing, 0) AS missing
FROM every_place AS e
LEFT JOIN dims.division AS v ON v.division = e.division
LEFT JOIN found AS f ON f.division = e.division AND f.year = e.year
LEFT JOIN missing AS m ON m.division = e.division AND m.year = e.year
LEFT JOIN unread AS u ON u.division = e.division AND u.year = e.year
ORDER BY e.division, e.year
