-- grain: report
WITH kinds AS (
    SELECT *
    FROM (VALUES
        ('granted', ['granted']),
        ('granted', ['granted', 'granted_in_part']),
        ('granted_in_part', ['granted_in_part']),
        ('denied', ['denied_state_secret', 'denied_by_law', 'denied_safety', 'denied_third_party', 'denied_internal',
                    'denied_deliberative', 'denied_enforcement_file', 'denied_inquiry']),
        ('unavailable', ['unavailable_not_held', 'unavailable_not_ready', 'unavailable_unclear']),
        ('rejected', ['rejected_petition', 'rejected_repeat', 'rejected_publication', 'rejected_excessive',
                      'rejected_confirmation']),
        ('other', ['other']),
        ('other', ['other_uncorrected', 'other_unpaid', 'other_remaining']),
        ('applications_processed', ['processed']),
        ('applications_processed', ['received', 'carried_in']),
        ('applications_carried_out', ['carried_out']),
        ('applications_carried_in', ['carried_in'])
    ) AS kinds (kind, outcomes)
),
claimed AS (
    SELECT c.report_id, c.ordinal, c.kind, c.value, c.approximate, k.outcomes
    FROM lake.claim AS c
    JOIN kinds AS k USING (kind)
    WHERE c.scope = 'own' AND (
        k.outcomes <> ['received', 'carried_in']
        OR regexp_matches(c.quote, '共办理|共处理|收办|含[^，。]{0,8}结转')
    )
),
-- `open`: the rows are there, one of them shows no number, and some number would make the sum what the narrative says.
reading AS (
    SELECT
        c.report_id, c.ordinal, c.kind, c.value, c.approximate, c.outcomes,
        CASE WHEN count(a.value) = len(c.outcomes) THEN sum(a.value) END AS printed,
        count(a.value) < len(c.outcomes) AND count(*) FILTER (a.status <> 'missing') = len(c.outcomes)
            AND c.value >= coalesce(sum(a.value), 0) AS open
    FROM claimed AS c
    LEFT JOIN facts.cell AS a
        ON a.report_id = c.report_id AND a."table" = 'application' AND a."column" = 'total'
        AND list_contains(c.outcomes, a."row")
    GROUP BY c.report_id, c.ordinal, c.kind, c.value, c.approximate, c.outcomes
),
judged AS (
    SELECT
        report_id, ordinal, kind, value, approximate,
        arg_min(printed, len(outcomes)) FILTER (printed IS NOT NULL) AS printed,
        coalesce(bool_or(value = printed), false) AS agrees,
        bool_or(open) AS open,
        coalesce(bool_or(abs(printed - value) <= greatest(5, value / 10)), false) AS near,
        arg_min(outcomes, CASE WHEN printed IS NULL THEN 99 ELSE len(outcomes) END) AS outcomes
    FROM reading
    GROUP BY ALL
)
SELECT
    report_id, 'narrative_outcome' AS rule, kind || '.' || CAST(ordinal AS VARCHAR) AS instance,
    CASE
        WHEN printed IS NULL THEN 'unknown'
        WHEN agrees OR (approximate AND near) THEN 'holds'
        WHEN approximate OR open THEN 'unknown'
        ELSE 'broken'
    END AS outcome,
    rtrim(rtrim(CAST(printed AS VARCHAR), '0'), '.') AS expected,
    rtrim(rtrim(CAST(value AS VARCHAR), '0'), '.') AS observed,
    list_transform(outcomes, lambda o: ['application', o, 'total']) AS cells,
    CASE
        WHEN printed IS NULL THEN 'a cell that it needs has no number'
        WHEN approximate AND NOT near THEN 'the narrative gives a round number'
        WHEN open AND NOT agrees THEN 'a cell that it needs has no number'
    END AS note
FROM judged
