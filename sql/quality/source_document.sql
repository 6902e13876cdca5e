SELECT DISTINCT source, sha256 FROM crawl.document
UNION
SELECT s.source, d.sha256
FROM crawl.source AS s
JOIN quality.document AS d ON d.path = s.path OR starts_with(d.path, rtrim(s.path, '/') || '/')
WHERE s.path IS NOT NULL
