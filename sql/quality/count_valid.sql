-- grain: report
WITH allowed AS (
    SELECT "table", "row", "column", bool_or(signed) AS signed, bool_or(amount) AS amount FROM dims.measure GROUP BY ALL
),
invalid AS (
    SELECT c.report_id, c."table", c."row", c."column", c.value
    FROM (SELECT * FROM facts.cell WHERE (value < 0 OR value <> trunc(value)) AND "row" <> 'local') AS c
    LEFT JOIN allowed AS a USING ("table", "row", "column")
    WHERE (c.value < 0 AND NOT coalesce(a.signed, false)) OR (c.value <> trunc(c.value) AND NOT coalesce(a.amount, false))
)
SELECT
    report_id, 'count_valid' AS rule, concat_ws('.', "table", "row", "column") AS instance, 'broken' AS outcome,
    'a count, not negative' AS expected, rtrim(rtrim(CAST(value AS VARCHAR), '0'), '.') AS observed,
    [["table", "row", "column"]] AS cells, CAST(NULL AS VARCHAR) AS note
FROM invalid
UNION ALL
SELECT c.report_id, 'count_valid', c."table", 'holds', NULL, NULL, NULL, NULL
FROM facts.cell AS c
ANTI JOIN invalid AS i ON i.report_id = c.report_id AND i."table" = c."table"
WHERE c.value IS NOT NULL
GROUP BY c.report_id, c."table"
