SELECT
    'facts.cell' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, "table", "row", "column")) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR "table" IS NULL OR "row" IS NULL OR "column" IS NULL) AS null_keys,
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)) AS contradictions
FROM facts.cell
UNION ALL
SELECT
    'facts.application' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, outcome, applicant)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR outcome IS NULL OR applicant IS NULL) AS null_keys,
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)) AS contradictions
FROM facts.application
UNION ALL
SELECT
    'facts.disclosure' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, subject, measure)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR subject IS NULL OR measure IS NULL) AS null_keys,
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)) AS contradictions
FROM facts.disclosure
UNION ALL
SELECT
    'facts.review' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, "procedure", result)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR "procedure" IS NULL OR result IS NULL) AS null_keys,
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)) AS contradictions
FROM facts.review
UNION ALL
SELECT
    'facts.statistic' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, indicator)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR indicator IS NULL) AS null_keys,
    count(*) FILTER ((status = 'reported') <> (value IS NOT NULL)) AS contradictions
FROM facts.statistic
UNION ALL
SELECT
    'facts.claim' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, ordinal)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR ordinal IS NULL) AS null_keys,
    0 AS contradictions
FROM facts.claim
UNION ALL
SELECT
    'facts.section' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id, ordinal)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL OR ordinal IS NULL) AS null_keys,
    0 AS contradictions
FROM facts.section
UNION ALL
SELECT
    'facts.totals' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL) AS null_keys,
    0 AS contradictions
FROM facts.totals
UNION ALL
SELECT
    'facts.filing' AS "table", count(*) AS "rows",
    count(*) FILTER (report_id NOT IN (SELECT report_id FROM dims.report)) AS without_report,
    count(*) - count(DISTINCT hash(report_id)) AS duplicate_keys,
    count(*) FILTER (report_id IS NULL) AS null_keys,
    0 AS contradictions
FROM facts.filing
