-- grain: report
WITH told AS (
    SELECT
        report_id,
        md5(string_agg(regexp_replace(coalesce(heading, '') || coalesce(text, ''), '[\s\x{a0}\x{3000}]', '', 'g'), ''
            ORDER BY ordinal)) AS text_digest
    FROM lake.section
    GROUP BY report_id
    HAVING count(text) > 0
)
SELECT
    r.report_id, r.sha256, r.ordinal, r.path, r.url, r.size, r.format, r.form, r.title, r.printed_agency,
    r.agency_id, r.agency, r.division, r.level, r.kind, r.functions, r.registered, r.year, r.year_source, r.published,
    r.numbers, r.numbers_digest, t.text_digest, r.seconds
FROM lake.report AS r
LEFT JOIN told AS t USING (report_id)
