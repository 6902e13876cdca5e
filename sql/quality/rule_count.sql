-- Every report counts, revisions too, as in quality.flag: a report once a rule, and as broken where any place of it is.
WITH judged AS (
    SELECT report_id, rule, bool_or(outcome = 'broken') AS broken, bool_or(outcome = 'unknown') AS unknown
    FROM quality.judgement
    GROUP BY report_id, rule
)
SELECT
    j.rule, r.year, left(r.division, 2) AS province, r.form, coalesce(a.functions, []) AS functions,
    count(*) AS judged,
    count(*) FILTER (NOT j.broken AND NOT j.unknown) AS holds,
    count(*) FILTER (j.broken) AS broken,
    count(*) FILTER (j.unknown AND NOT j.broken) AS unknown
FROM judged AS j
JOIN dims.report AS r USING (report_id)
LEFT JOIN dims.agency AS a USING (agency_id)
GROUP BY ALL
ORDER BY ALL
