WITH named AS (
    SELECT
        agency_id, arg_max(agency, report_id) AS name, arg_max(division, report_id) AS division,
        arg_max(level, report_id) AS level, arg_max(kind, report_id) AS kind,
        arg_max(functions, report_id) AS functions
    FROM facts.filing
    WHERE agency_id IS NOT NULL
    GROUP BY agency_id
)
SELECT agency_id, name, division, level, kind, functions, true AS registered FROM registry.agency
UNION ALL
SELECT agency_id, name, division, level, kind, functions, false AS registered
FROM named
WHERE agency_id NOT IN (SELECT agency_id FROM registry.agency)
ORDER BY agency_id
