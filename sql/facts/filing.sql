-- grain: report
SELECT
    report_id, sha256, ordinal, path, url, size, format, form, title, printed_agency,
    agency_id, agency, division, level, kind, functions, registered, year, year_source, published,
    numbers, numbers_digest, seconds
FROM lake.report
