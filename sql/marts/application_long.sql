-- view
WITH asked (form, measure, source, "row", "column") AS (
    VALUES
        ('2014', 'received', 'statistics', 'received_total', 'value'),
        ('2014', 'granted', 'statistics', 'reply_granted', 'value'),
        ('2014', 'granted_in_part', 'statistics', 'reply_partial', 'value'),
        ('2014', 'denied', 'statistics', 'reply_denied', 'value'),
        ('2014', 'not_held', 'statistics', 'reply_not_ours', 'value'),
        ('2014', 'not_held', 'statistics', 'reply_not_exist', 'value'),
        ('2014', 'processed', 'statistics', 'closed_total', 'value'),
        ('2014', 'reconsideration_total', 'statistics', 'reconsideration_total', 'value'),
        ('2014', 'reconsideration_upheld', 'statistics', 'reconsideration_upheld', 'value'),
        ('2014', 'reconsideration_corrected', 'statistics', 'reconsideration_corrected', 'value'),
        ('2014', 'reconsideration_other', 'statistics', 'reconsideration_other', 'value'),
        ('2014', 'litigation_total', 'statistics', 'litigation_total', 'value'),
        ('2014', 'litigation_upheld', 'statistics', 'litigation_upheld', 'value'),
        ('2014', 'litigation_corrected', 'statistics', 'litigation_corrected', 'value'),
        ('2014', 'litigation_other', 'statistics', 'litigation_other', 'value')
    UNION ALL
    SELECT f.form, m.measure, 'application', m."row", 'total'
    FROM (VALUES ('2019'), ('2021')) AS f (form)
    CROSS JOIN (
        VALUES
            ('received', 'received'), ('carried_in', 'carried_in'), ('granted', 'granted'),
            ('granted_in_part', 'granted_in_part'), ('not_held', 'unavailable_not_held'), ('processed', 'processed'),
            ('carried_out', 'carried_out'), ('denied', 'denied_state_secret'), ('denied', 'denied_by_law'),
            ('denied', 'denied_safety'), ('denied', 'denied_third_party'), ('denied', 'denied_internal'),
            ('denied', 'denied_deliberative'), ('denied', 'denied_enforcement_file'), ('denied', 'denied_inquiry'),
            ('unavailable', 'unavailable_not_held'), ('unavailable', 'unavailable_not_ready'),
            ('unavailable', 'unavailable_unclear'), ('rejected', 'rejected_petition'), ('rejected', 'rejected_repeat'),
            ('rejected', 'rejected_publication'), ('rejected', 'rejected_excessive'),
            ('rejected', 'rejected_confirmation')
    ) AS m (measure, "row")
    UNION ALL
    SELECT f.form, p.measure || '_' || r.result, 'review', p."procedure", r.result
    FROM (VALUES ('2019'), ('2021')) AS f (form)
    CROSS JOIN (
        VALUES ('reconsideration', 'reconsideration'), ('litigation', 'litigation_direct'),
            ('litigation', 'litigation_after_reconsideration')
    ) AS p (measure, "procedure")
    CROSS JOIN (VALUES ('total'), ('upheld'), ('corrected'), ('other'), ('pending')) AS r (result)
),
measures AS (
    SELECT DISTINCT measure FROM asked
),
breaks (measure, form, note) AS (
    VALUES
        ('received', '2019', '2014 版只记收到申请数，2019 版起按申请人分列并单列上年结转。Form 2014 counts applications received; from 2019 they are counted by applicant, with those carried in apart.'),
        ('granted', '2019', '2014 版按答复计，已主动公开的另列一项；2019 版起按办理结果计，此类答复并入予以公开。Form 2014 counts replies, with those about what was public already apart; from 2019 outcomes are counted, and such replies are granted ones.'),
        ('granted_in_part', '2019', '2014 版按答复计，2019 版起按办理结果计，每件只计一种结果。Form 2014 counts replies; from 2019 each application is counted in one outcome.'),
        ('denied', '2019', '2014 版为不同意公开答复，含“不是政府信息”；2019 版起为八种法定理由。Form 2014 counts refusals, “not government information” among them; from 2019 eight grounds of the regulation of that year.'),
        ('not_held', '2019', '2014 版为“不属于本行政机关公开”与“信息不存在”两项之和，2019 版起为“本机关不掌握”一项。On form 2014 the sum of “not ours to disclose” and “does not exist”; from 2019 the one row “not held”.'),
        ('processed', '2019', '2014 版为申请办结数，2019 版起为办理结果总计。On form 2014 the applications closed; from 2019 the total of outcomes.'),
        ('reconsideration', '2019', '2014 版不列尚未审结的案件，2019 版起总计含尚未审结。Form 2014 has no cases pending; from 2019 the total includes them.'),
        ('litigation', '2019', '2014 版只有一项行政诉讼，不列尚未审结；2019 版起为未经复议直接起诉与复议后起诉之和，总计含尚未审结。Form 2014 has one row of lawsuits and none pending; from 2019 it is direct suits plus those after reconsideration, the total including pending ones.'),
        ('processed', '2021', '2021 版把（六）其他处理分为三行，总计口径未变。Form 2021 prints the sixth outcome as three rows; the total means the same.')
),
shown AS (
    SELECT report_id, 'statistics' AS source, indicator AS "row", 'value' AS "column", value, status
    FROM facts.statistic
    WHERE indicator <> 'local'
    UNION ALL
    SELECT report_id, 'application', outcome, applicant, value, status
    FROM facts.application
    WHERE applicant = 'total'
    UNION ALL
    SELECT report_id, 'review', "procedure", result, value, status
    FROM facts.review
),
summed AS (
    SELECT
        r.report_id, a.measure,
        CASE WHEN count(s.value) = count(*) THEN sum(s.value) END AS value,
        min(coalesce(s.status, 'missing')) FILTER (s.value IS NULL) AS lacking
    FROM dims.report AS r
    JOIN asked AS a USING (form)
    LEFT JOIN shown AS s
        ON s.report_id = r.report_id AND s.source = a.source AND s."row" = a."row" AND s."column" = a."column"
    WHERE r.is_current AND r.year >= (SELECT min(first_year) FROM dims.form)
    GROUP BY r.report_id, a.measure
)
SELECT
    r.agency_id, r.year, r.report_id, r.form, m.measure, CAST(s.value AS DECIMAL(24, 6)) AS value,
    CASE WHEN s.value IS NOT NULL THEN 'reported' ELSE s.lacking END AS status,
    CASE
        WHEN s.value IS NOT NULL THEN NULL
        WHEN r.form IS NULL THEN 'the report shows no table'
        WHEN s.report_id IS NULL THEN 'the form does not ask for it'
        ELSE 'a cell that it needs is ' || replace(s.lacking, '_', ' ')
    END AS reason,
    b.note AS break_note
FROM dims.report AS r
CROSS JOIN measures AS m
LEFT JOIN summed AS s ON s.report_id = r.report_id AND s.measure = m.measure
LEFT JOIN breaks AS b
    ON b.form = r.form
    AND (b.measure = m.measure OR (b.measure IN ('reconsideration', 'litigation') AND m.measure LIKE b.measure || '_%'))
WHERE r.is_current AND r.year >= (SELECT min(first_year) FROM dims.form)
ORDER BY r.agency_id, r.year, m.measure
