WITH moving AS (
    SELECT DISTINCT report_id
    FROM facts.cell
    WHERE value <> 0 AND "column" NOT IN ('in_force', 'prior_items', 'public_total')
)
SELECT
    now.report_id, 'tables_copied' AS rule, 'report' AS instance,
    CASE
        WHEN now.numbers = 0 OR before.numbers = 0 THEN 'unknown'
        WHEN now.numbers_digest = before.numbers_digest AND now.report_id IN (SELECT report_id FROM moving) THEN 'broken'
        ELSE 'holds'
    END AS outcome,
    CAST(NULL AS VARCHAR) AS expected, CAST(NULL AS VARCHAR) AS observed, CAST(NULL AS VARCHAR[][]) AS cells,
    CASE
        WHEN now.numbers = 0 OR before.numbers = 0 THEN 'one of the two reports shows no number'
        WHEN now.numbers_digest = before.numbers_digest THEN 'the same numbers as report ' || before.report_id
    END AS note
FROM dims.report AS now
JOIN dims.report AS before ON before.agency_id = now.agency_id AND before.year = now.year - 1
WHERE now.is_current AND before.is_current
