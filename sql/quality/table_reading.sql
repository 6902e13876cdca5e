-- grain: report
WITH forms_shown AS (
    SELECT
        r.report_id,
        coalesce(
            (SELECT f.form FROM dims.form AS f WHERE f.form = r.form),
            (SELECT f.form FROM dims.form AS f WHERE r.year >= f.first_year AND r.year <= coalesce(f.last_year, r.year))
        ) AS form
    FROM lake.report AS r
    WHERE r.form IS NULL OR r.form IN (SELECT form FROM dims.form)
),
expected AS (
    SELECT DISTINCT s.report_id, m."table", s.form
    FROM forms_shown AS s
    JOIN dims.measure AS m USING (form)
),
with_cells AS (
    SELECT DISTINCT report_id, "table" FROM lake.cell WHERE status <> 'missing'
)
SELECT
    e.report_id, e."table",
    coalesce(t.state, CASE WHEN c.report_id IS NULL THEN 'absent' ELSE 'read' END) AS state,
    coalesce(CASE WHEN t.form IN (SELECT form FROM dims.form) THEN t.form END, e.form) AS form,
    t.form AS printed_form
FROM expected AS e
LEFT JOIN lake.table_reading AS t ON t.report_id = e.report_id AND t."table" = e."table"
LEFT JOIN with_cells AS c ON c.report_id = e.report_id AND c."table" = e."table"
