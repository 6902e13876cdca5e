-- grain: report
WITH shown AS (
    SELECT report_id, form, "table", "row", "column"
    FROM facts.cell
    WHERE form IS NOT NULL AND status <> 'missing'
    UNION
    SELECT c.report_id, f.form, c."table", c."row", c."column"
    FROM facts.cell AS c
    JOIN (VALUES ('other', '2019'), ('other_uncorrected', '2021'), ('other_unpaid', '2021'), ('other_remaining', '2021'))
        AS f ("row", form) ON f."row" = c."row"
    WHERE c."table" = 'application' AND c.form IS NULL AND c.status <> 'missing'
),
gathered AS (
    SELECT
        r.report_id, r.form, r.year,
        list_sort(list(DISTINCT s.form) FILTER (s.form IS NOT NULL)) AS forms,
        list_slice(list(DISTINCT [s."table", s."row", s."column"]) FILTER (s.form <> r.form), 1, 40) AS cells
    FROM lake.report AS r
    LEFT JOIN shown AS s USING (report_id)
    GROUP BY ALL
)
SELECT
    g.report_id, 'form_mixed' AS rule, 'report' AS instance,
    CASE
        WHEN len(g.forms) > 1 OR due.form <> g.form OR g.forms[1] <> g.form THEN 'broken'
        WHEN g.form IS NULL OR g.year IS NULL THEN 'unknown'
        WHEN due.form IS NULL AND g.year >= (SELECT min(first_year) FROM dims.form) THEN 'unknown'
        WHEN due.form IS NULL AND g.form IN (SELECT form FROM dims.form) THEN 'broken'
        ELSE 'holds'
    END AS outcome,
    coalesce(due.form, g.form) AS expected,
    coalesce(array_to_string(g.forms, ' and '), g.form) AS observed,
    list_sort(g.cells) AS cells,
    CASE WHEN g.form IS NULL THEN 'no table shows a form' WHEN g.year IS NULL THEN 'the year is not known' END AS note
FROM gathered AS g
LEFT JOIN dims.form AS due ON g.year >= due.first_year AND g.year <= coalesce(due.last_year, g.year)
