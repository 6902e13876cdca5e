-- grain: form
SELECT
    form, "table", "row", "column", position, table_title, row_group, row_label, column_group, column_label,
    is_total, signed, amount, since, until,
    min(since) OVER (PARTITION BY "table", "row", "column") AS comparable_from
FROM forms.measure
