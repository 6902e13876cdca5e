-- grain: report
SELECT report_id, ordinal, code, heading, "text" FROM lake.section
