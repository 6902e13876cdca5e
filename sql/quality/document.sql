-- grain: document
SELECT
    sha256, path, url, province, partition_year, size, format, outcome, code, reports, seconds
FROM lake.document
