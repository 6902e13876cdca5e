-- grain: report
WITH summed AS (
    SELECT
        t.report_id, t.form, i.rule, i.instance, i.variant,
        sum(i.weight * c.value) AS residual,
        count(c.value) AS numbers,
        count(*) FILTER (c.status IN ('blank', 'not_applicable')) AS blanks,
        count(*) FILTER (c.status <> 'missing') AS shown,
        max(c.value) FILTER (i.is_target) AS observed
    FROM quality.table_reading AS t
    JOIN dims.identity_term AS i ON i.form = t.form AND i."table" = t."table"
    JOIN facts.cell AS c
        ON c.report_id = t.report_id AND c."table" = i."table" AND c."row" = i."row" AND c."column" = i."column"
    WHERE t.state = 'read'
    GROUP BY ALL
),
chosen AS (
    SELECT s.*, d.terms
    FROM summed AS s
    JOIN dims.identity AS d USING (form, rule, instance, variant)
    WHERE s.shown > 0
    QUALIFY row_number() OVER (
        PARTITION BY s.report_id, s.rule, s.instance ORDER BY d.terms - s.shown, d.preference
    ) = 1
)
SELECT
    report_id, form, rule, instance, variant,
    CASE WHEN numbers = terms THEN observed - residual END AS expected,
    observed,
    CASE WHEN numbers = terms THEN residual END AS residual,
    CASE WHEN numbers < terms THEN 'unknown' WHEN residual = 0 THEN 'holds' ELSE 'broken' END AS outcome,
    CASE
        WHEN numbers = terms THEN NULL
        WHEN numbers + blanks < terms THEN 'a cell that it needs has no number'
        WHEN coalesce(residual, 0) = 0 THEN 'would hold were the blanks zero'
        ELSE 'would not hold were the blanks zero'
    END AS note
FROM chosen
