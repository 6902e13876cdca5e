-- grain: report
WITH claimed AS (
    SELECT
        c.report_id, c.ordinal, c.value, c.approximate,
        regexp_matches(c.quote, '受理|办理|收办|共收|处理|结转')
            AND NOT regexp_matches(c.quote, '新收') AS may_include_carried
    FROM lake.claim AS c
    WHERE c.kind = 'applications_received' AND c.scope = 'own'
),
carried AS (
    -- the row's total; where the table shows none, the sum of its six columns
    SELECT
        report_id,
        coalesce(
            any_value(value) FILTER ("column" = 'total'),
            CASE WHEN count(value) FILTER ("column" <> 'total') = 6 THEN sum(value) FILTER ("column" <> 'total') END
        ) AS value
    FROM facts.cell
    WHERE "table" = 'application' AND "row" = 'carried_in'
    GROUP BY report_id
),
printed AS (
    SELECT
        c.*, received.value AS received, carried.value AS carried
    FROM claimed AS c
    LEFT JOIN facts.cell AS received
        ON received.report_id = c.report_id AND received."table" = 'application'
        AND received."row" = 'received' AND received."column" = 'total'
    LEFT JOIN carried ON carried.report_id = c.report_id
),
judged AS (
    SELECT
        *,
        CASE
            WHEN received IS NULL THEN 'unknown'
            WHEN value = received THEN 'holds'
            WHEN may_include_carried AND value = received + carried THEN 'holds'
            WHEN may_include_carried AND carried IS NULL THEN 'unknown'
            WHEN approximate AND abs(received - value) <= greatest(5, value / 10) THEN 'holds'
            WHEN approximate THEN 'unknown'
            ELSE 'broken'
        END AS outcome
    FROM printed
)
SELECT
    report_id, 'narrative_received' AS rule, CAST(ordinal AS VARCHAR) AS instance, outcome,
    rtrim(rtrim(CAST(received AS VARCHAR), '0'), '.') AS expected,
    rtrim(rtrim(CAST(value AS VARCHAR), '0'), '.') AS observed,
    [['application', 'received', 'total'], ['application', 'carried_in', 'total']] AS cells,
    CASE
        WHEN received IS NULL THEN 'the table shows no number of applications received'
        WHEN outcome = 'unknown' AND approximate THEN 'the narrative gives a round number'
        WHEN outcome = 'unknown' THEN 'the table shows no number carried over'
        WHEN outcome = 'holds' AND value <> received THEN 'with those carried over'
    END AS note
FROM judged
