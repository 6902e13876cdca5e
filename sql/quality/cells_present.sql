-- grain: report
WITH sixth_rows ("row", sixth) AS (
    VALUES ('other', 'one_row'), ('other_uncorrected', 'three_rows'), ('other_unpaid', 'three_rows'),
        ('other_remaining', 'three_rows')
),
layout AS (
    SELECT f.form, v.sixth, m."table", m."row", m."column", m.position
    FROM dims.form AS f
    CROSS JOIN (VALUES ('as the form'), ('one_row'), ('three_rows')) AS v (sixth)
    JOIN (
        SELECT m.*, s.sixth AS sixth_row
        FROM dims.measure AS m
        LEFT JOIN sixth_rows AS s ON s."row" = m."row" AND m."table" = 'application'
    ) AS m ON CASE
        WHEN m.sixth_row IS NULL OR v.sixth = 'as the form' THEN m.form = f.form
        ELSE m.sixth_row = v.sixth
    END
),
sixth AS (
    SELECT
        c.report_id,
        CASE WHEN bool_and(s.sixth = 'one_row') THEN 'one_row' ELSE 'three_rows' END AS sixth
    FROM facts.cell AS c
    JOIN sixth_rows AS s USING ("row")
    WHERE c."table" = 'application' AND c.status <> 'missing'
    GROUP BY c.report_id
),
shape AS (
    SELECT t.report_id, t."table", t.state, t.form, coalesce(s.sixth, 'as the form') AS sixth
    FROM quality.table_reading AS t
    LEFT JOIN sixth AS s ON s.report_id = t.report_id AND t."table" = 'application'
),
wanted AS (
    SELECT form, sixth, "table", count(*) AS wanted, bit_xor(hash("row", "column")) AS fingerprint
    FROM layout
    GROUP BY ALL
),
shown AS (
    SELECT report_id, "table", count(*) AS shown, bit_xor(hash("row", "column")) AS fingerprint
    FROM facts.cell
    WHERE status = 'reported'
    GROUP BY report_id, "table"
),
measured AS (
    SELECT
        t.*, w.wanted,
        s.shown IS NOT DISTINCT FROM w.wanted AND s.fingerprint IS NOT DISTINCT FROM w.fingerprint AS complete
    FROM shape AS t
    JOIN wanted AS w USING (form, sixth, "table")
    LEFT JOIN shown AS s USING (report_id, "table")
),
lacking AS (
    SELECT t.report_id, t."table", l."row", l."column", l.position, coalesce(c.status, 'missing') AS status
    FROM measured AS t
    JOIN layout AS l ON l.form = t.form AND l.sixth = t.sixth AND l."table" = t."table"
    LEFT JOIN facts.cell AS c
        ON c.report_id = t.report_id AND c."table" = l."table" AND c."row" = l."row" AND c."column" = l."column"
    WHERE NOT t.complete AND c.status IS DISTINCT FROM 'reported'
),
listed AS (
    SELECT
        report_id, "table", list(["table", "row", "column"] ORDER BY position) AS cells,
        count(*) AS lacking, map_entries(histogram(status)) AS statuses
    FROM lacking
    GROUP BY report_id, "table"
)
SELECT
    m.report_id, 'cells_present' AS rule, m."table" AS instance,
    CASE WHEN m.state = 'stated_none' THEN 'unknown' WHEN l.lacking IS NULL THEN 'holds' ELSE 'broken' END AS outcome,
    CASE WHEN l.lacking > 0 THEN CAST(m.wanted AS VARCHAR) || ' numbers' END AS expected,
    CASE WHEN l.lacking > 0 THEN CAST(m.wanted - l.lacking AS VARCHAR) || ' numbers' END AS observed,
    l.cells,
    CASE
        WHEN m.state = 'stated_none' THEN 'the section says 无 and prints no table'
        WHEN m.state = 'absent' THEN 'the table is not in the document'
        ELSE array_to_string(list_transform(l.statuses, lambda e: e.key || ' ' || CAST(e.value AS VARCHAR)), ', ')
    END AS note
FROM measured AS m
LEFT JOIN listed AS l USING (report_id, "table")
