WITH pairs AS (
    SELECT now.report_id, before.report_id AS report_before
    FROM dims.report AS now
    JOIN dims.report AS before ON before.agency_id = now.agency_id AND before.year = now.year - 1
    WHERE now.is_current AND before.is_current
),
both_years AS (
    SELECT
        p.report_id, p.report_before, i.applicant, i.value AS observed, o.value AS expected
    FROM pairs AS p
    JOIN facts.application AS i ON i.report_id = p.report_id AND i.outcome = 'carried_in'
    JOIN facts.application AS o
        ON o.report_id = p.report_before AND o.outcome = 'carried_out' AND o.applicant = i.applicant
)
SELECT
    report_id, 'carried_over' AS rule, applicant AS instance,
    CASE WHEN observed IS NULL OR expected IS NULL THEN 'unknown' WHEN observed = expected THEN 'holds' ELSE 'broken' END
        AS outcome,
    rtrim(rtrim(CAST(expected AS VARCHAR), '0'), '.') AS expected,
    rtrim(rtrim(CAST(observed AS VARCHAR), '0'), '.') AS observed,
    [['application', 'carried_in', applicant]] AS cells,
    CASE
        WHEN observed IS NULL THEN 'this report shows no number here'
        WHEN expected IS NULL THEN 'the report of the year before, ' || report_before || ', shows no number here'
        WHEN observed <> expected THEN 'the year before: report ' || report_before
    END AS note
FROM both_years
