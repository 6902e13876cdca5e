-- grain: document
SELECT sha256, report_id, stage, code, message, place FROM lake.issue
