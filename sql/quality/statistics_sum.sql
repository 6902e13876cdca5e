-- grain: report
-- view
SELECT
    r.report_id, r.rule, r.instance, r.outcome,
    rtrim(rtrim(CAST(r.expected AS VARCHAR), '0'), '.') AS expected,
    rtrim(rtrim(CAST(r.observed AS VARCHAR), '0'), '.') AS observed,
    i.cells, r.note
FROM quality.residual AS r
JOIN dims.identity AS i USING (form, rule, instance, variant)
WHERE r.rule = 'statistics_sum'
