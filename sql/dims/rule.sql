-- grain: form
SELECT rule, severity, reach, zh, en
FROM (VALUES
    ('application_balance', 'error', 'report', '每一列：本年新收＋上年结转＝办理结果总计＋结转下年度', 'in each column, received + carried_in = processed + carried_out'),
    ('application_processed_sum', 'error', 'report', '每一列：办理结果总计＝各类办理结果之和', 'in each column, processed = the sum of its outcome rows'),
    ('application_applicant_sum', 'error', 'report', '每一行：总计＝六类申请人之和', 'in each row, total = the sum of the six applicant columns'),
    ('review_total', 'error', 'report', '复议、诉讼：总计＝维持＋纠正＋其他＋尚未审结', 'for each procedure, total = upheld + corrected + other + pending'),
    ('statistics_sum', 'error', 'report', '统计表：总数＝其下各项之和', 'on the statistics sheet, a total = the sum of its parts'),
    ('count_valid', 'error', 'report', '件数为非负整数，金额不为负', 'a count is a whole number and not negative; an amount is not negative'),
    ('cells_present', 'error', 'report', '报表应有的行和列都在，且都填了数', 'every row and column of the form is there and shows a number'),
    ('year_stated', 'error', 'report', '标题、统计期间、正文说的是同一年', 'title, period and narrative speak of one year'),
    ('narrative_received', 'error', 'report', '正文所说收到申请数与表内一致', 'the applications received that the narrative states are those of the table'),
    ('narrative_outcome', 'warning', 'report', '正文所说办理结果与表内一致', 'the outcomes that the narrative states are those of the table'),
    ('narrative_review', 'warning', 'report', '正文所说复议、诉讼件数与表内一致', 'the reviews and lawsuits that the narrative states are those of the table'),
    ('rules_competence', 'warning', 'report', '只有有权制定规章的机关才有规章件数', 'only those who may issue 规章 report any'),
    ('form_mixed', 'info', 'report', '各表出自同一版式，且是该年度的版式', 'all tables are of one generation, the one printed for the year'),
    ('label_altered', 'info', 'report', '行名、列名与规定格式一字不差', 'row and column labels are those of the form, to the letter'),
    ('carried_over', 'error', 'years', '每一列：上年结转＝上一年报告的结转下年度', 'in each column, carried_in = carried_out of the year before'),
    ('stock', 'warning', 'years', '存量＝上年存量＋增－减', 'the stock is that of the year before, plus what came, less what went'),
    ('tables_copied', 'warning', 'years', '表内数字不是上一年的照抄', 'the tables are not, number for number, those of the year before'),
    ('revised', 'warning', 'years', '一个机关一年只有一份报告，另一份数字不同即为改版', 'an agency and year has one report; another with other numbers is a revision'),
    ('published_late', 'info', 'years', '次年1月31日前（部门、乡镇）或3月31日前（政府）已经公布', 'published by 31 January (departments, townships) or 31 March (governments) of the next year')
) AS rules (rule, severity, reach, zh, en)
