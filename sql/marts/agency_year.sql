SELECT
    r.agency_id, r.year, a.name AS agency, a.kind, a.level, a.functions, r.division, d.name AS division_name,
    r.report_id, r.form, r.revision, r.source, r.url, r.published,
    CASE
        WHEN greatest(c.application_balance, c.application_processed_sum, c.application_applicant_sum, c.review_total,
                      c.statistics_sum, c.count_valid) > 0 THEN 'no'
        WHEN c.count_valid = 0 AND CASE r.form
            WHEN '2014' THEN c.statistics_sum = 0
            ELSE c.application_balance = 0 AND c.application_processed_sum = 0 AND c.application_applicant_sum = 0
                AND c.review_total = 0
        END THEN 'yes'
        ELSE 'unknown'
    END AS consistent,
    t.* EXCLUDE (report_id, agency_id, year)
FROM dims.report AS r
JOIN dims.agency AS a USING (agency_id)
LEFT JOIN dims.division AS d ON d.division = r.division
LEFT JOIN quality.consistency AS c ON c.report_id = r.report_id
JOIN facts.totals AS t ON t.report_id = r.report_id
WHERE r.is_current
ORDER BY r.agency_id, r.year
