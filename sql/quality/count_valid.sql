-- grain: report
WITH allowed AS (
    SELECT "table", "row", "column", bool_or(signed) AS signed, bool_or(amount) AS amount FROM dims.measure GROUP BY ALL
),
judged AS (
    SELECT
        c.report_id, c."table", c."row", c."column", c.value,
        (c.value >= 0 OR coalesce(a.signed, false)) AND (c.value = trunc(c.value) OR coalesce(a.amount, false)) AS valid
    FROM facts.cell AS c
    LEFT JOIN allowed AS a USING ("table", "row", "column")
    WHERE c.value IS NOT NULL
)
SELECT
    report_id, 'count_valid' AS rule, concat_ws('.', "table", "row", "column") AS instance, 'broken' AS outcome,
    'a count, not negative' AS expected, rtrim(rtrim(CAST(value AS VARCHAR), '0'), '.') AS observed,
    [["table", "row", "column"]] AS cells, CAST(NULL AS VARCHAR) AS note
FROM judged
WHERE NOT valid
UNION ALL
SELECT report_id, 'count_valid', "table", 'holds', NULL, NULL, NULL, NULL
FROM judged
GROUP BY report_id, "table"
HAVING bool_and(valid)
