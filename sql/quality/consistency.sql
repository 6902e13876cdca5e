WITH counted AS (
    SELECT
        report_id, rule,
        count(*) FILTER (outcome = 'broken') AS broken,
        count(*) FILTER (outcome = 'unknown') AS unknown
    FROM quality.judgement
    GROUP BY report_id, rule
),
summed AS (
    SELECT report_id, rule, CASE WHEN broken > 0 THEN broken WHEN unknown = 0 THEN 0 END AS n
    FROM counted
)
SELECT
    r.report_id,
    CAST(any_value(n) FILTER (rule = 'application_balance') AS INTEGER) AS application_balance,
    CAST(any_value(n) FILTER (rule = 'application_processed_sum') AS INTEGER) AS application_processed_sum,
    CAST(any_value(n) FILTER (rule = 'application_applicant_sum') AS INTEGER) AS application_applicant_sum,
    CAST(any_value(n) FILTER (rule = 'review_total') AS INTEGER) AS review_total,
    CAST(any_value(n) FILTER (rule = 'statistics_sum') AS INTEGER) AS statistics_sum,
    CAST(any_value(n) FILTER (rule = 'count_valid') AS INTEGER) AS count_valid,
    CAST(any_value(n) FILTER (rule = 'cells_present') AS INTEGER) AS cells_present,
    CAST(any_value(n) FILTER (rule = 'year_stated') AS INTEGER) AS year_stated,
    CAST(any_value(n) FILTER (rule = 'narrative_received') AS INTEGER) AS narrative_received,
    CAST(any_value(n) FILTER (rule = 'narrative_outcome') AS INTEGER) AS narrative_outcome,
    CAST(any_value(n) FILTER (rule = 'narrative_review') AS INTEGER) AS narrative_review,
    CAST(any_value(n) FILTER (rule = 'carried_over') AS INTEGER) AS carried_over,
    CAST(any_value(n) FILTER (rule = 'stock') AS INTEGER) AS stock,
    CAST(any_value(n) FILTER (rule = 'tables_copied') AS INTEGER) AS tables_copied,
    CAST(any_value(n) FILTER (rule = 'rules_competence') AS INTEGER) AS rules_competence,
    CAST(any_value(n) FILTER (rule = 'form_mixed') AS INTEGER) AS form_mixed,
    CAST(any_value(n) FILTER (rule = 'label_altered') AS INTEGER) AS label_altered,
    CAST(any_value(n) FILTER (rule = 'revised') AS INTEGER) AS revised,
    CAST(any_value(n) FILTER (rule = 'published_late') AS INTEGER) AS published_late
FROM dims.report AS r
LEFT JOIN summed AS s USING (report_id)
GROUP BY r.report_id
ORDER BY r.report_id
