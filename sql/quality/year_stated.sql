-- grain: report
WITH mentioned AS (
    SELECT
        r.report_id, any_value(r.year) AS year,
        list_sort(list(DISTINCT m.year) FILTER (m.role = 'title')) AS title,
        list_sort(list(DISTINCT m.year) FILTER (m.role = 'period')) AS period,
        list_sort(list(DISTINCT m.year) FILTER (m.role = 'narrative')) AS narrative,
        count(DISTINCT m.year) AS years
    FROM lake.report AS r
    LEFT JOIN lake.year_mention AS m USING (report_id)
    GROUP BY r.report_id
)
SELECT
    report_id, 'year_stated' AS rule, 'report' AS instance,
    CASE WHEN years = 0 THEN 'unknown' WHEN years = 1 THEN 'holds' ELSE 'broken' END AS outcome,
    CASE WHEN years > 1 THEN CAST(year AS VARCHAR) END AS expected,
    CASE
        WHEN years > 1 THEN concat_ws(', ',
            'title ' || array_to_string(title, '/'),
            'period ' || array_to_string(period, '/'),
            'narrative ' || array_to_string(narrative, '/'))
    END AS observed,
    CAST(NULL AS VARCHAR[][]) AS cells,
    CASE WHEN years = 0 THEN 'the document states no year' END AS note
FROM mentioned
