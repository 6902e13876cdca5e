-- 条例第四十九条: departments and townships by 31 January, governments by 31 March of the next year; the regulations of 2008
-- (第三十一条), in force for the years before 2019, gave everybody until 31 March. A revision is late only where the first
-- report was. A date before the year's end is no date of publication. What was seen in time appeared in time; what was seen
-- later may have stood there for long.
WITH appeared AS (
    SELECT
        report_id, agency_id, year, published,
        CASE WHEN published > make_date(year, 12, 31) THEN published END AS stated,
        CASE
            WHEN CAST(first_seen + INTERVAL 8 HOUR AS DATE) > make_date(year, 12, 31)
                THEN CAST(first_seen + INTERVAL 8 HOUR AS DATE)
        END AS seen
    FROM dims.report
),
firsts AS (
    SELECT agency_id, year, min(stated) AS stated, min(seen) AS seen
    FROM appeared
    WHERE agency_id IS NOT NULL AND year IS NOT NULL
    GROUP BY agency_id, year
),
due AS (
    SELECT
        r.report_id, r.year, r.published,
        coalesce(f.stated, r.stated) AS stated,
        coalesce(f.seen, r.seen) AS seen,
        r.year < 2019 OR a.kind IN ('government', 'department', 'township', 'subdistrict') AS bound,
        make_date(r.year + 1, CASE WHEN r.year < 2019 OR a.kind = 'government' THEN 3 ELSE 1 END, 31) AS due
    FROM appeared AS r
    LEFT JOIN dims.agency AS a ON a.agency_id = r.agency_id
    LEFT JOIN firsts AS f ON f.agency_id = r.agency_id AND f.year = r.year
)
SELECT
    report_id, 'published_late' AS rule, 'report' AS instance,
    CASE
        WHEN least(stated, seen) <= due THEN 'holds'
        WHEN stated > due AND bound THEN 'broken'
        ELSE 'unknown'
    END AS outcome,
    CASE WHEN stated > due AND bound AND coalesce(seen > due, true) THEN 'by ' || strftime(due, '%Y-%m-%d') END AS expected,
    CASE WHEN stated > due AND bound AND coalesce(seen > due, true) THEN strftime(stated, '%Y-%m-%d') END AS observed,
    CAST(NULL AS VARCHAR[][]) AS cells,
    CASE
        WHEN year IS NULL THEN 'the year is not known'
        WHEN least(stated, seen) <= due THEN NULL
        WHEN stated IS NULL AND published IS NOT NULL THEN 'the date of publication that is stated is before the year''s end'
        WHEN stated IS NULL THEN 'no date of publication is known'
        WHEN NOT coalesce(bound, false) THEN 'by when this agency is to publish is not known'
    END AS note
FROM due
