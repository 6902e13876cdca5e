-- grain: report
WITH applications AS (
    SELECT
        report_id,
        any_value(value) FILTER (outcome = 'received' AND applicant = 'total') AS received,
        any_value(value) FILTER (outcome = 'carried_in' AND applicant = 'total') AS carried_in,
        any_value(value) FILTER (outcome = 'granted' AND applicant = 'total') AS granted,
        any_value(value) FILTER (outcome = 'granted_in_part' AND applicant = 'total') AS granted_in_part,
        CASE WHEN count(value) FILTER (applicant = 'total' AND outcome IN ('denied_state_secret', 'denied_by_law', 'denied_safety', 'denied_third_party', 'denied_internal', 'denied_deliberative', 'denied_enforcement_file', 'denied_inquiry')) = 8
            THEN sum(value) FILTER (applicant = 'total' AND outcome IN ('denied_state_secret', 'denied_by_law', 'denied_safety', 'denied_third_party', 'denied_internal', 'denied_deliberative', 'denied_enforcement_file', 'denied_inquiry')) END AS denied,
        any_value(value) FILTER (outcome = 'denied_state_secret' AND applicant = 'total') AS denied_state_secret,
        any_value(value) FILTER (outcome = 'denied_by_law' AND applicant = 'total') AS denied_by_law,
        any_value(value) FILTER (outcome = 'denied_safety' AND applicant = 'total') AS denied_safety,
        any_value(value) FILTER (outcome = 'denied_third_party' AND applicant = 'total') AS denied_third_party,
        any_value(value) FILTER (outcome = 'denied_internal' AND applicant = 'total') AS denied_internal,
        any_value(value) FILTER (outcome = 'denied_deliberative' AND applicant = 'total') AS denied_deliberative,
        any_value(value) FILTER (outcome = 'denied_enforcement_file' AND applicant = 'total') AS denied_enforcement_file,
        any_value(value) FILTER (outcome = 'denied_inquiry' AND applicant = 'total') AS denied_inquiry,
        CASE WHEN count(value) FILTER (applicant = 'total' AND outcome IN ('unavailable_not_held', 'unavailable_not_ready', 'unavailable_unclear')) = 3
            THEN sum(value) FILTER (applicant = 'total' AND outcome IN ('unavailable_not_held', 'unavailable_not_ready', 'unavailable_unclear')) END AS unavailable,
        any_value(value) FILTER (outcome = 'unavailable_not_held' AND applicant = 'total') AS unavailable_not_held,
        any_value(value) FILTER (outcome = 'unavailable_not_ready' AND applicant = 'total') AS unavailable_not_ready,
        any_value(value) FILTER (outcome = 'unavailable_unclear' AND applicant = 'total') AS unavailable_unclear,
        CASE WHEN count(value) FILTER (applicant = 'total' AND outcome IN ('rejected_petition', 'rejected_repeat', 'rejected_publication', 'rejected_excessive', 'rejected_confirmation')) = 5
            THEN sum(value) FILTER (applicant = 'total' AND outcome IN ('rejected_petition', 'rejected_repeat', 'rejected_publication', 'rejected_excessive', 'rejected_confirmation')) END AS rejected,
        any_value(value) FILTER (outcome = 'rejected_petition' AND applicant = 'total') AS rejected_petition,
        any_value(value) FILTER (outcome = 'rejected_repeat' AND applicant = 'total') AS rejected_repeat,
        any_value(value) FILTER (outcome = 'rejected_publication' AND applicant = 'total') AS rejected_publication,
        any_value(value) FILTER (outcome = 'rejected_excessive' AND applicant = 'total') AS rejected_excessive,
        any_value(value) FILTER (outcome = 'rejected_confirmation' AND applicant = 'total') AS rejected_confirmation,
        coalesce(
            any_value(value) FILTER (outcome = 'other' AND applicant = 'total'),
            CASE WHEN count(value) FILTER (applicant = 'total' AND outcome IN ('other_uncorrected', 'other_unpaid', 'other_remaining')) = 3
                THEN sum(value) FILTER (applicant = 'total' AND outcome IN ('other_uncorrected', 'other_unpaid', 'other_remaining')) END
        ) AS other,
        any_value(value) FILTER (outcome = 'other_uncorrected' AND applicant = 'total') AS other_uncorrected,
        any_value(value) FILTER (outcome = 'other_unpaid' AND applicant = 'total') AS other_unpaid,
        any_value(value) FILTER (outcome = 'other_remaining' AND applicant = 'total') AS other_remaining,
        any_value(value) FILTER (outcome = 'processed' AND applicant = 'total') AS processed,
        any_value(value) FILTER (outcome = 'carried_out' AND applicant = 'total') AS carried_out,
        any_value(value) FILTER (outcome = 'received' AND applicant = 'natural_person') AS received_natural_person,
        any_value(value) FILTER (outcome = 'received' AND applicant = 'company') AS received_company,
        any_value(value) FILTER (outcome = 'received' AND applicant = 'research') AS received_research,
        any_value(value) FILTER (outcome = 'received' AND applicant = 'public_welfare') AS received_public_welfare,
        any_value(value) FILTER (outcome = 'received' AND applicant = 'legal_service') AS received_legal_service,
        any_value(value) FILTER (outcome = 'received' AND applicant = 'other_organisation') AS received_other_organisation
    FROM facts.application
    WHERE applicant = 'total' OR outcome = 'received'
    GROUP BY report_id
),
reviews AS (
    SELECT
        report_id,
        any_value(value) FILTER ("procedure" = 'reconsideration' AND result = 'upheld') AS reconsideration_upheld,
        any_value(value) FILTER ("procedure" = 'reconsideration' AND result = 'corrected') AS reconsideration_corrected,
        any_value(value) FILTER ("procedure" = 'reconsideration' AND result = 'other') AS reconsideration_other,
        any_value(value) FILTER ("procedure" = 'reconsideration' AND result = 'pending') AS reconsideration_pending,
        any_value(value) FILTER ("procedure" = 'reconsideration' AND result = 'total') AS reconsideration_total,
        any_value(value) FILTER ("procedure" = 'litigation_direct' AND result = 'upheld') AS litigation_direct_upheld,
        any_value(value) FILTER ("procedure" = 'litigation_direct' AND result = 'corrected') AS litigation_direct_corrected,
        any_value(value) FILTER ("procedure" = 'litigation_direct' AND result = 'other') AS litigation_direct_other,
        any_value(value) FILTER ("procedure" = 'litigation_direct' AND result = 'pending') AS litigation_direct_pending,
        any_value(value) FILTER ("procedure" = 'litigation_direct' AND result = 'total') AS litigation_direct_total,
        any_value(value) FILTER ("procedure" = 'litigation_after_reconsideration' AND result = 'upheld') AS litigation_after_reconsideration_upheld,
        any_value(value) FILTER ("procedure" = 'litigation_after_reconsideration' AND result = 'corrected') AS litigation_after_reconsideration_corrected,
        any_value(value) FILTER ("procedure" = 'litigation_after_reconsideration' AND result = 'other') AS litigation_after_reconsideration_other,
        any_value(value) FILTER ("procedure" = 'litigation_after_reconsideration' AND result = 'pending') AS litigation_after_reconsideration_pending,
        any_value(value) FILTER ("procedure" = 'litigation_after_reconsideration' AND result = 'total') AS litigation_after_reconsideration_total
    FROM facts.review
    GROUP BY report_id
),
disclosures AS (
    SELECT
        report_id,
        any_value(value) FILTER (subject = 'rules' AND measure = 'issued') AS rules_issued,
        any_value(value) FILTER (subject = 'rules' AND measure = 'repealed') AS rules_repealed,
        any_value(value) FILTER (subject = 'rules' AND measure = 'in_force') AS rules_in_force,
        any_value(value) FILTER (subject = 'normative_documents' AND measure = 'issued') AS normative_documents_issued,
        any_value(value) FILTER (subject = 'normative_documents' AND measure = 'repealed') AS normative_documents_repealed,
        any_value(value) FILTER (subject = 'normative_documents' AND measure = 'in_force') AS normative_documents_in_force,
        any_value(value) FILTER (subject = 'licensing' AND measure = 'decisions') AS licensing_decisions,
        any_value(value) FILTER (subject = 'penalty' AND measure = 'decisions') AS penalty_decisions,
        any_value(value) FILTER (subject = 'coercion' AND measure = 'decisions') AS coercion_decisions,
        any_value(value) FILTER (subject = 'fees' AND measure = 'amount') AS fees_amount,
        any_value(value) FILTER (subject = 'rules' AND measure = 'made') AS rules_made,
        any_value(value) FILTER (subject = 'rules' AND measure = 'disclosed') AS rules_disclosed,
        any_value(value) FILTER (subject = 'rules' AND measure = 'public_total') AS rules_public_total,
        any_value(value) FILTER (subject = 'normative_documents' AND measure = 'made') AS normative_documents_made,
        any_value(value) FILTER (subject = 'normative_documents' AND measure = 'disclosed') AS normative_documents_disclosed,
        any_value(value) FILTER (subject = 'normative_documents' AND measure = 'public_total') AS normative_documents_public_total,
        any_value(value) FILTER (subject = 'licensing' AND measure = 'prior_items') AS licensing_prior_items,
        any_value(value) FILTER (subject = 'licensing' AND measure = 'change') AS licensing_change,
        any_value(value) FILTER (subject = 'other_services' AND measure = 'prior_items') AS other_services_prior_items,
        any_value(value) FILTER (subject = 'other_services' AND measure = 'change') AS other_services_change,
        any_value(value) FILTER (subject = 'other_services' AND measure = 'decisions') AS other_services_decisions,
        any_value(value) FILTER (subject = 'penalty' AND measure = 'prior_items') AS penalty_prior_items,
        any_value(value) FILTER (subject = 'penalty' AND measure = 'change') AS penalty_change,
        any_value(value) FILTER (subject = 'coercion' AND measure = 'prior_items') AS coercion_prior_items,
        any_value(value) FILTER (subject = 'coercion' AND measure = 'change') AS coercion_change,
        any_value(value) FILTER (subject = 'fees' AND measure = 'prior_items') AS fees_prior_items,
        any_value(value) FILTER (subject = 'fees' AND measure = 'change') AS fees_change,
        any_value(value) FILTER (subject = 'procurement' AND measure = 'projects') AS procurement_projects,
        any_value(value) FILTER (subject = 'procurement' AND measure = 'amount') AS procurement_amount
    FROM facts.disclosure
    GROUP BY report_id
)
SELECT
    r.report_id, r.agency_id, r.year,
    ap.* EXCLUDE (report_id), rv.* EXCLUDE (report_id), di.* EXCLUDE (report_id)
FROM lake.report AS r
LEFT JOIN applications AS ap ON ap.report_id = r.report_id
LEFT JOIN reviews AS rv ON rv.report_id = r.report_id
LEFT JOIN disclosures AS di ON di.report_id = r.report_id
