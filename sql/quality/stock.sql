WITH pairs AS (
    SELECT now.report_id, before.report_id AS report_before
    FROM dims.report AS now
    JOIN dims.report AS before ON before.agency_id = now.agency_id AND before.year = now.year - 1
    WHERE now.is_current AND before.is_current
),
stocks AS (
    SELECT
        report_id, subject,
        count(*) FILTER (measure = 'in_force') > 0 AS prints_stock,
        count(*) FILTER (measure = 'prior_items') > 0 AS prints_items,
        any_value(value) FILTER (measure = 'in_force') AS in_force,
        any_value(value) FILTER (measure = 'issued') AS issued,
        any_value(value) FILTER (measure = 'repealed') AS repealed,
        any_value(value) FILTER (measure = 'prior_items') AS prior_items,
        any_value(value) FILTER (measure = 'change') AS change
    FROM facts.disclosure
    WHERE measure IN ('in_force', 'issued', 'repealed', 'prior_items', 'change') AND status <> 'missing'
    GROUP BY report_id, subject
),
compared AS (
    SELECT
        p.report_id, p.report_before, now.subject,
        now.prints_stock,
        CASE
            WHEN now.prints_stock THEN before.in_force + now.issued - now.repealed
            ELSE before.prior_items + before.change
        END AS expected,
        CASE WHEN now.prints_stock THEN now.in_force ELSE now.prior_items END AS observed
    FROM pairs AS p
    JOIN stocks AS now ON now.report_id = p.report_id
    JOIN stocks AS before ON before.report_id = p.report_before AND before.subject = now.subject
    WHERE (now.prints_stock AND before.prints_stock) OR (now.prints_items AND before.prints_items)
)
SELECT
    report_id, 'stock' AS rule, subject AS instance,
    CASE WHEN observed IS NULL OR expected IS NULL THEN 'unknown' WHEN observed = expected THEN 'holds' ELSE 'broken' END
        AS outcome,
    rtrim(rtrim(CAST(expected AS VARCHAR), '0'), '.') AS expected,
    rtrim(rtrim(CAST(observed AS VARCHAR), '0'), '.') AS observed,
    CASE
        WHEN prints_stock THEN
            [['disclosure', subject, 'in_force'], ['disclosure', subject, 'issued'], ['disclosure', subject, 'repealed']]
        ELSE [['disclosure', subject, 'prior_items']]
    END AS cells,
    CASE
        WHEN observed IS NULL OR expected IS NULL THEN 'a cell that it needs has no number, here or in ' || report_before
        WHEN observed <> expected THEN 'the year before: report ' || report_before
    END AS note
FROM compared
