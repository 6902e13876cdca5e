-- grain: report
SELECT
    report_id, "table", "row", "column", status, value, raw, unit, form, reading,
    place_kind, place_block, place_row, place_column, page, box
FROM lake.cell
