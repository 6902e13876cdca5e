-- grain: report
WITH claimed AS (
    SELECT report_id, ordinal, kind, value, approximate
    FROM lake.claim
    WHERE kind IN ('reconsideration', 'litigation') AND scope = 'own'
),
printed AS (
    SELECT
        report_id,
        any_value(value) FILTER ("row" = 'reconsideration' AND "column" = 'total') AS reconsideration,
        any_value(value) FILTER ("row" = 'reconsideration' AND "column" = 'pending') AS reconsideration_pending,
        any_value(value) FILTER ("row" = 'litigation_direct' AND "column" = 'total') AS direct,
        any_value(value) FILTER ("row" = 'litigation_direct' AND "column" = 'pending') AS direct_pending,
        any_value(value) FILTER ("row" = 'litigation_after_reconsideration' AND "column" = 'total') AS after,
        any_value(value) FILTER ("row" = 'litigation_after_reconsideration' AND "column" = 'pending') AS after_pending
    FROM facts.cell
    WHERE "table" = 'review' AND "column" IN ('total', 'pending')
    GROUP BY report_id
),
readings AS (
    SELECT
        c.*,
        CASE WHEN kind = 'reconsideration' THEN p.reconsideration ELSE p.direct + p.after END AS expected,
        CASE
            WHEN kind = 'reconsideration'
                THEN [p.reconsideration, p.reconsideration - p.reconsideration_pending]
            ELSE [p.direct + p.after, p.direct, p.after, p.direct + p.after - p.direct_pending - p.after_pending]
        END AS accepted
    FROM claimed AS c
    LEFT JOIN printed AS p USING (report_id)
)
SELECT
    report_id, 'narrative_review' AS rule, kind || '.' || CAST(ordinal AS VARCHAR) AS instance,
    CASE
        WHEN expected IS NULL THEN 'unknown'
        WHEN list_contains(accepted, value) THEN 'holds'
        WHEN approximate THEN 'unknown'
        ELSE 'broken'
    END AS outcome,
    rtrim(rtrim(CAST(expected AS VARCHAR), '0'), '.') AS expected,
    rtrim(rtrim(CAST(value AS VARCHAR), '0'), '.') AS observed,
    CASE
        WHEN kind = 'reconsideration' THEN [['review', 'reconsideration', 'total']]
        ELSE [['review', 'litigation_direct', 'total'], ['review', 'litigation_after_reconsideration', 'total']]
    END AS cells,
    CASE
        WHEN expected IS NULL THEN 'a cell that it needs has no number'
        WHEN approximate THEN 'the narrative gives a round number'
    END AS note
FROM readings
