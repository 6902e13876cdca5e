SELECT
    'facts.cell' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, "table", "row", "column")) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR "table" IS NULL OR "row" IS NULL OR "column" IS NULL) AS null_keys,
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)) AS contradictions,
    0 AS unlike_cells
FROM facts.cell
UNION ALL
SELECT
    'facts.claim' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, ordinal)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR ordinal IS NULL) AS null_keys,
    0 AS contradictions,
    0 AS unlike_cells
FROM facts.claim
UNION ALL
SELECT
    'facts.section' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, ordinal)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR ordinal IS NULL) AS null_keys,
    0 AS contradictions,
    0 AS unlike_cells
FROM facts.section
UNION ALL
SELECT
    'facts.totals' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL) AS null_keys,
    0 AS contradictions,
    0 AS unlike_cells
FROM facts.totals
UNION ALL
SELECT
    'facts.filing' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL) AS null_keys,
    0 AS contradictions,
    0 AS unlike_cells
FROM facts.filing
UNION ALL
SELECT
    'facts.application', count(*), 0, 0, count(*) FILTER (report_id IS NULL OR outcome IS NULL OR applicant IS NULL),
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)),
    abs(count(*) - (SELECT count(*) FROM facts.cell WHERE "table" = 'application'))
FROM facts.application
UNION ALL
SELECT
    'facts.disclosure', count(*), 0, 0, count(*) FILTER (report_id IS NULL OR subject IS NULL OR measure IS NULL),
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)),
    abs(count(*) - (SELECT count(*) FROM facts.cell WHERE "table" = 'disclosure'))
FROM facts.disclosure
UNION ALL
SELECT
    'facts.review', count(*), 0, 0, count(*) FILTER (report_id IS NULL OR "procedure" IS NULL OR result IS NULL),
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)),
    abs(count(*) - (SELECT count(*) FROM facts.cell WHERE "table" = 'review'))
FROM facts.review
UNION ALL
SELECT
    'facts.statistic', count(*), 0, 0, count(*) FILTER (report_id IS NULL OR indicator IS NULL),
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)),
    abs(count(*) - (SELECT count(*) FROM facts.cell WHERE "table" = 'statistics'))
FROM facts.statistic
