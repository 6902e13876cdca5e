-- view
WITH listed AS (
    SELECT
        agency_id, year, report_id, agency, division, kind, level, form, consistent AS consistent,
        unnest([
            {'rate': 'corrected_of_all', 'procedure': 'reconsideration', 'numerator': CAST(reconsideration_corrected AS DECIMAL(38, 6)), 'denominator': CAST(reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'corrected_of_closed', 'procedure': 'reconsideration', 'numerator': CAST(reconsideration_corrected AS DECIMAL(38, 6)), 'denominator': CAST(reconsideration_total - reconsideration_pending AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_all', 'procedure': 'reconsideration', 'numerator': CAST(reconsideration_upheld AS DECIMAL(38, 6)), 'denominator': CAST(reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_closed', 'procedure': 'reconsideration', 'numerator': CAST(reconsideration_upheld AS DECIMAL(38, 6)), 'denominator': CAST(reconsideration_total - reconsideration_pending AS DECIMAL(38, 6))},
            {'rate': 'pending_of_all', 'procedure': 'reconsideration', 'numerator': CAST(reconsideration_pending AS DECIMAL(38, 6)), 'denominator': CAST(reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'corrected_of_all', 'procedure': 'litigation_direct', 'numerator': CAST(litigation_direct_corrected AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total AS DECIMAL(38, 6))},
            {'rate': 'corrected_of_closed', 'procedure': 'litigation_direct', 'numerator': CAST(litigation_direct_corrected AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total - litigation_direct_pending AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_all', 'procedure': 'litigation_direct', 'numerator': CAST(litigation_direct_upheld AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_closed', 'procedure': 'litigation_direct', 'numerator': CAST(litigation_direct_upheld AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total - litigation_direct_pending AS DECIMAL(38, 6))},
            {'rate': 'pending_of_all', 'procedure': 'litigation_direct', 'numerator': CAST(litigation_direct_pending AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total AS DECIMAL(38, 6))},
            {'rate': 'corrected_of_all', 'procedure': 'litigation_after_reconsideration', 'numerator': CAST(litigation_after_reconsideration_corrected AS DECIMAL(38, 6)), 'denominator': CAST(litigation_after_reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'corrected_of_closed', 'procedure': 'litigation_after_reconsideration', 'numerator': CAST(litigation_after_reconsideration_corrected AS DECIMAL(38, 6)), 'denominator': CAST(litigation_after_reconsideration_total - litigation_after_reconsideration_pending AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_all', 'procedure': 'litigation_after_reconsideration', 'numerator': CAST(litigation_after_reconsideration_upheld AS DECIMAL(38, 6)), 'denominator': CAST(litigation_after_reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_closed', 'procedure': 'litigation_after_reconsideration', 'numerator': CAST(litigation_after_reconsideration_upheld AS DECIMAL(38, 6)), 'denominator': CAST(litigation_after_reconsideration_total - litigation_after_reconsideration_pending AS DECIMAL(38, 6))},
            {'rate': 'pending_of_all', 'procedure': 'litigation_after_reconsideration', 'numerator': CAST(litigation_after_reconsideration_pending AS DECIMAL(38, 6)), 'denominator': CAST(litigation_after_reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'corrected_of_all', 'procedure': 'litigation', 'numerator': CAST(litigation_direct_corrected + litigation_after_reconsideration_corrected AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total + litigation_after_reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'corrected_of_closed', 'procedure': 'litigation', 'numerator': CAST(litigation_direct_corrected + litigation_after_reconsideration_corrected AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total + litigation_after_reconsideration_total - (litigation_direct_pending + litigation_after_reconsideration_pending) AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_all', 'procedure': 'litigation', 'numerator': CAST(litigation_direct_upheld + litigation_after_reconsideration_upheld AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total + litigation_after_reconsideration_total AS DECIMAL(38, 6))},
            {'rate': 'upheld_of_closed', 'procedure': 'litigation', 'numerator': CAST(litigation_direct_upheld + litigation_after_reconsideration_upheld AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total + litigation_after_reconsideration_total - (litigation_direct_pending + litigation_after_reconsideration_pending) AS DECIMAL(38, 6))},
            {'rate': 'pending_of_all', 'procedure': 'litigation', 'numerator': CAST(litigation_direct_pending + litigation_after_reconsideration_pending AS DECIMAL(38, 6)), 'denominator': CAST(litigation_direct_total + litigation_after_reconsideration_total AS DECIMAL(38, 6))}
        ]) AS r
    FROM marts.agency_year
)
SELECT
    agency_id, year, report_id, agency, division, kind, level, form, r."procedure", r.rate,
    r.numerator, r.denominator,
    CASE
        WHEN r.numerator >= 0 AND r.denominator > 0 THEN CAST(r.numerator AS DOUBLE) / CAST(r.denominator AS DOUBLE)
    END AS value,
    r.denominator AS n,
    CASE
        WHEN r.denominator IS NULL THEN NULL WHEN r.denominator < 30 THEN 'under 30'
        WHEN r.denominator < 100 THEN '30 to 99' ELSE '100 and more'
    END AS n_band,
    consistent,
    CASE
        WHEN coalesce(r.numerator, r.denominator) IS NULL AND form IS NULL THEN 'the report shows no table'
        WHEN coalesce(r.numerator, r.denominator) IS NULL
            AND form NOT IN (SELECT form FROM dims.measure WHERE "table" = 'review') THEN 'the form does not ask for it'
        WHEN r.numerator IS NULL THEN 'no number for the numerator'
        WHEN r.denominator IS NULL THEN 'no number for the denominator'
        WHEN r.denominator = 0 THEN 'nothing to divide by'
        WHEN r.numerator < 0 OR r.denominator < 0 THEN 'a count is negative'
    END AS reason
FROM listed
