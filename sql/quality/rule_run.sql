-- The builds before this one are carried over from the warehouse that is published.
SELECT built_at, rule, judged, holds, broken, unknown FROM previous.rule_run
UNION ALL
SELECT
    i.built_at, c.rule, CAST(sum(c.judged) AS BIGINT), CAST(sum(c.holds) AS BIGINT), CAST(sum(c.broken) AS BIGINT),
    CAST(sum(c.unknown) AS BIGINT)
FROM quality.rule_count AS c
CROSS JOIN run.info AS i
GROUP BY i.built_at, c.rule
ORDER BY built_at, rule
