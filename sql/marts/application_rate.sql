-- view
WITH listed AS (
    SELECT
        agency_id, year, report_id, agency, division, kind, level, form, consistent AS consistent,
        unnest([
            {'rate': 'disclosure_substantive', 'numerator': CAST(granted + granted_in_part AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'disclosure_strict', 'numerator': CAST(granted AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'disclosure_decidable', 'numerator': CAST(granted + granted_in_part AS DECIMAL(38, 6)), 'denominator': CAST(granted + granted_in_part + denied AS DECIMAL(38, 6))},
            {'rate': 'denied', 'numerator': CAST(denied AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'denied_state_secret', 'numerator': CAST(denied_state_secret AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'denied_by_law', 'numerator': CAST(denied_by_law AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'denied_safety', 'numerator': CAST(denied_safety AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'denied_third_party', 'numerator': CAST(denied_third_party AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'denied_internal', 'numerator': CAST(denied_internal AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'denied_deliberative', 'numerator': CAST(denied_deliberative AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'denied_enforcement_file', 'numerator': CAST(denied_enforcement_file AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'denied_inquiry', 'numerator': CAST(denied_inquiry AS DECIMAL(38, 6)), 'denominator': CAST(denied AS DECIMAL(38, 6))},
            {'rate': 'not_held', 'numerator': CAST(unavailable_not_held AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'unavailable', 'numerator': CAST(unavailable AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'rejected', 'numerator': CAST(rejected AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'rejected_petition', 'numerator': CAST(rejected_petition AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'rejected_repeat', 'numerator': CAST(rejected_repeat AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'rejected_publication', 'numerator': CAST(rejected_publication AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'rejected_excessive', 'numerator': CAST(rejected_excessive AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'rejected_confirmation', 'numerator': CAST(rejected_confirmation AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'other', 'numerator': CAST(other AS DECIMAL(38, 6)), 'denominator': CAST(processed AS DECIMAL(38, 6))},
            {'rate': 'carried_over', 'numerator': CAST(carried_out AS DECIMAL(38, 6)), 'denominator': CAST(received + carried_in AS DECIMAL(38, 6))},
            {'rate': 'clearance', 'numerator': CAST(processed AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))},
            {'rate': 'applicant_natural_person', 'numerator': CAST(received_natural_person AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))},
            {'rate': 'applicant_company', 'numerator': CAST(received_company AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))},
            {'rate': 'applicant_research', 'numerator': CAST(received_research AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))},
            {'rate': 'applicant_public_welfare', 'numerator': CAST(received_public_welfare AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))},
            {'rate': 'applicant_legal_service', 'numerator': CAST(received_legal_service AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))},
            {'rate': 'applicant_other_organisation', 'numerator': CAST(received_other_organisation AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))},
            {'rate': 'disputed', 'numerator': CAST(reconsideration_total + litigation_direct_total + litigation_after_reconsideration_total AS DECIMAL(38, 6)), 'denominator': CAST(received AS DECIMAL(38, 6))}
        ]) AS r
    FROM marts.agency_year
)
SELECT
    agency_id, year, report_id, agency, division, kind, level, form, r.rate,
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
            AND form NOT IN (SELECT form FROM dims.measure WHERE "table" = 'application') THEN 'the form does not ask for it'
        WHEN r.numerator IS NULL THEN 'no number for the numerator'
        WHEN r.denominator IS NULL THEN 'no number for the denominator'
        WHEN r.denominator = 0 THEN 'nothing to divide by'
        WHEN r.numerator < 0 OR r.denominator < 0 THEN 'a count is negative'
    END AS reason
FROM listed
