-- grain: report
WITH printed AS (
    SELECT
        c.report_id,
        count(*) FILTER (c.value > 0) AS positive,
        count(c.value) AS numbers,
        count(*) AS cells_shown,
        max(c.value) AS most,
        list(['disclosure', 'rules', c."column"] ORDER BY c."column") FILTER (c.value > 0) AS cells
    FROM facts.cell AS c
    WHERE c."table" = 'disclosure' AND c."row" = 'rules' AND c.status <> 'missing'
    GROUP BY c.report_id
),
judged AS (
    SELECT
        p.*,
        CASE
            WHEN r.level = 'national' THEN true
            WHEN r.kind = 'government' THEN r.level IN ('province', 'prefecture')
            WHEN r.kind IN ('township', 'subdistrict') THEN false
            WHEN r.level IS NOT NULL THEN false
        END AS competent
    FROM printed AS p
    JOIN lake.report AS r USING (report_id)
)
SELECT
    report_id, 'rules_competence' AS rule, 'report' AS instance,
    CASE
        WHEN positive > 0 AND competent THEN 'holds'
        WHEN positive > 0 AND NOT competent THEN 'broken'
        WHEN positive > 0 OR numbers < cells_shown THEN 'unknown'
        ELSE 'holds'
    END AS outcome,
    CASE WHEN positive > 0 AND NOT coalesce(competent, true) THEN '0' END AS expected,
    CASE WHEN positive > 0 THEN rtrim(rtrim(CAST(most AS VARCHAR), '0'), '.') END AS observed,
    cells,
    CASE
        WHEN positive > 0 AND competent IS NULL THEN 'whether this agency may issue 规章 is not known'
        WHEN positive = 0 AND numbers < cells_shown THEN 'a cell that it needs has no number'
    END AS note
FROM judged
