-- view
-- Sums of a division are divided only where the same reports show both numbers: a part that some leave out would make
-- the rate too low.
WITH listed AS (
    SELECT
        division, division_name, year, basis, reports, inconsistent_reports,
        unnest([
            {'rate': 'disclosure_substantive', 'numerator': granted + granted_in_part, 'denominator': processed,
             'complete': granted_reports = reports AND granted_in_part_reports = reports AND processed_reports = reports},
            {'rate': 'denied', 'numerator': denied, 'denominator': processed,
             'complete': denied_reports = reports AND processed_reports = reports},
            {'rate': 'unavailable', 'numerator': unavailable, 'denominator': processed,
             'complete': unavailable_reports = reports AND processed_reports = reports},
            {'rate': 'rejected', 'numerator': rejected, 'denominator': processed,
             'complete': rejected_reports = reports AND processed_reports = reports},
            {'rate': 'carried_over', 'numerator': carried_out, 'denominator': received + carried_in,
             'complete': carried_out_reports = reports AND received_reports = reports AND carried_in_reports = reports},
            {'rate': 'disputed',
             'numerator': reconsideration_total + litigation_direct_total + litigation_after_reconsideration_total,
             'denominator': received,
             'complete': reconsideration_total_reports = reports AND litigation_direct_total_reports = reports
                AND litigation_after_reconsideration_total_reports = reports AND received_reports = reports}
        ]) AS r
    FROM marts.county_year
)
SELECT
    division, division_name, year, basis, r.rate, r.numerator, r.denominator,
    CASE
        WHEN r.complete AND r.numerator >= 0 AND r.denominator > 0
            THEN CAST(r.numerator AS DOUBLE) / CAST(r.denominator AS DOUBLE)
    END AS value,
    r.denominator AS n,
    CASE
        WHEN r.denominator IS NULL THEN NULL WHEN r.denominator < 30 THEN 'under 30'
        WHEN r.denominator < 100 THEN '30 to 99' ELSE '100 and more'
    END AS n_band,
    reports, inconsistent_reports,
    CASE
        WHEN r.denominator IS NULL OR r.numerator IS NULL THEN 'no report shows the numbers'
        WHEN NOT r.complete THEN 'some of the reports do not show the numbers'
        WHEN r.denominator = 0 THEN 'nothing to divide by'
        WHEN r.numerator < 0 OR r.denominator < 0 THEN 'a count is negative'
    END AS reason
FROM listed
