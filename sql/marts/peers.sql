-- A rate of fewer than 30 cases says little, and does not count here.
WITH compared AS (
    SELECT 'agency' AS basis, level, kind, year, 'received' AS measure, CAST(received AS DOUBLE) AS value
    FROM marts.agency_year
    WHERE received >= 0
    UNION ALL
    SELECT 'agency', level, kind, year, rate, value FROM marts.application_rate WHERE n >= 30
    UNION ALL
    SELECT 'agency', level, kind, year, "procedure" || '_' || rate, value FROM marts.review_rate WHERE n >= 30
    UNION ALL
    SELECT c.basis, d.level, NULL, c.year, 'received', CAST(c.received AS DOUBLE)
    FROM marts.county_year AS c
    JOIN dims.division AS d ON d.division = c.division
    WHERE c.basis = 'government' AND c.received >= 0
    UNION ALL
    SELECT c.basis, d.level, NULL, c.year, c.rate, c.value
    FROM marts.county_rate AS c
    JOIN dims.division AS d ON d.division = c.division
    WHERE c.n >= 30
)
SELECT
    basis, level, kind, year, measure,
    count(*) AS compared,
    quantile_cont(value, 0.25) AS lower_quartile,
    quantile_cont(value, 0.5) AS median,
    quantile_cont(value, 0.75) AS upper_quartile
FROM compared
WHERE value IS NOT NULL AND year IS NOT NULL
GROUP BY basis, level, kind, year, measure
ORDER BY basis, level, kind, year, measure
