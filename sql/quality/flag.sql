WITH broken AS (
    SELECT report_id, rule, instance, outcome, expected, observed, cells, note
    FROM quality.judgement
    WHERE outcome = 'broken'
),
undecided AS (
    SELECT
        report_id, rule, 'undecided' AS instance, 'unknown' AS outcome,
        CAST(NULL AS VARCHAR) AS expected, CAST(NULL AS VARCHAR) AS observed,
        list_sort(list_distinct(flatten(list(cells) FILTER (cells IS NOT NULL)))) AS cells,
        CAST(count(*) AS VARCHAR) || CASE WHEN count(*) = 1 THEN ' place' ELSE ' places' END || ' undecided: '
            || string_agg(DISTINCT note, '; ' ORDER BY note) AS note
    FROM quality.judgement
    WHERE outcome = 'unknown'
    GROUP BY report_id, rule
),
raised AS (
    SELECT * FROM broken
    UNION ALL
    SELECT * FROM undecided
),
looked_at AS (
    SELECT report_id, rule, instance, unnest(cells) AS cell FROM raised WHERE cells IS NOT NULL
),
seen AS (
    SELECT
        l.report_id, l.rule, l.instance,
        bool_or(coalesce(c.status IN ('ambiguous', 'unreadable'), false)) AS doubtful,
        bool_or(coalesce(c.reading <> 'text' OR c.status = 'missing', true)) AS unsure
    FROM looked_at AS l
    LEFT JOIN facts.cell AS c
        ON c.report_id = l.report_id AND c."table" = l.cell[1] AND c."row" = l.cell[2] AND c."column" = l.cell[3]
    GROUP BY ALL
),
troubled AS (
    SELECT DISTINCT report_id FROM quality.issue WHERE stage = 'read' AND report_id IS NOT NULL
)
SELECT
    f.report_id, f.rule, d.severity, f.outcome, f.instance, f.expected, f.observed,
    coalesce(f.cells, []) AS cells,
    CASE
        WHEN s.doubtful THEN 'reader'
        WHEN s.unsure OR f.outcome = 'unknown' OR t.report_id IS NOT NULL THEN 'unknown'
        ELSE 'agency'
    END AS cause,
    concat_ws('; ',
        d.en || CASE WHEN f.instance IN ('report', 'undecided') THEN '' ELSE ' (' || f.instance || ')' END,
        'expected ' || f.expected, 'observed ' || f.observed, f.note) AS message,
    concat_ws('；',
        d.zh || CASE WHEN f.instance IN ('report', 'undecided') THEN '' ELSE '（' || f.instance || '）' END,
        '应为 ' || f.expected, '实为 ' || f.observed, f.note) AS message_zh,
    coalesce(p.first_seen, i.built_at) AS first_seen,
    i.built_at AS last_seen
FROM raised AS f
JOIN dims.rule AS d USING (rule)
CROSS JOIN run.info AS i
LEFT JOIN seen AS s USING (report_id, rule, instance)
LEFT JOIN troubled AS t USING (report_id)
LEFT JOIN previous.flag AS p
    ON p.report_id = f.report_id AND p.rule = f.rule AND p.instance = f.instance AND p.outcome = f.outcome
ORDER BY f.report_id, f.rule, f.instance
