-- grain: report
WITH sixth AS (
    SELECT
        report_id,
        bool_or("row" = 'other') AS as_one,
        bool_or("row" IN ('other_uncorrected', 'other_unpaid', 'other_remaining')) AS as_three
    FROM facts.cell
    WHERE "table" = 'application' AND status <> 'missing'
    GROUP BY report_id
),
wanted AS (
    SELECT t.report_id, t."table", t.state, m."row", m."column", m.position
    FROM quality.table_reading AS t
    JOIN dims.measure AS m ON m.form = t.form AND m."table" = t."table"
    LEFT JOIN sixth AS s ON s.report_id = t.report_id AND t."table" = 'application'
    WHERE NOT (m."row" = 'other' AND m."table" = 'application' AND coalesce(s.as_three, false) AND NOT s.as_one)
      AND NOT (m."row" IN ('other_uncorrected', 'other_unpaid', 'other_remaining')
               AND coalesce(s.as_one, false) AND NOT s.as_three)
),
seen AS (
    SELECT w.*, coalesce(c.status, 'missing') AS status
    FROM wanted AS w
    LEFT JOIN facts.cell AS c
        ON c.report_id = w.report_id AND c."table" = w."table" AND c."row" = w."row" AND c."column" = w."column"
),
gathered AS (
    SELECT
        report_id, "table", state, count(*) AS wanted,
        count(*) FILTER (status = 'reported') AS numbers,
        list(["table", "row", "column"] ORDER BY position) FILTER (status <> 'reported') AS cells,
        histogram(status) FILTER (status <> 'reported') AS lacking
    FROM seen
    GROUP BY report_id, "table", state
)
SELECT
    report_id, 'cells_present' AS rule, "table" AS instance,
    CASE WHEN state = 'stated_none' THEN 'unknown' WHEN numbers = wanted THEN 'holds' ELSE 'broken' END AS outcome,
    CASE WHEN numbers < wanted THEN CAST(wanted AS VARCHAR) || ' numbers' END AS expected,
    CASE WHEN numbers < wanted THEN CAST(numbers AS VARCHAR) || ' numbers' END AS observed,
    cells,
    CASE
        WHEN state = 'stated_none' THEN 'the section says 无 and prints no table'
        WHEN state = 'absent' THEN 'the table is not in the document'
        WHEN numbers < wanted
            THEN array_to_string(list_transform(map_entries(lacking), lambda e: e.key || ' ' || CAST(e.value AS VARCHAR)), ', ')
    END AS note
FROM gathered
