-- grain: report
SELECT
    report_id, 'label_altered' AS rule, concat_ws('.', "table", axis, code) AS instance, 'broken' AS outcome,
    any_value(official) AS expected, min(printed) AS observed, CAST(NULL AS VARCHAR[][]) AS cells,
    CAST(NULL AS VARCHAR) AS note
FROM lake.label
WHERE altered
GROUP BY report_id, "table", axis, code
UNION ALL
SELECT report_id, 'label_altered', 'report', 'holds', NULL, NULL, NULL, NULL
FROM lake.label
GROUP BY report_id
HAVING NOT bool_or(altered)
