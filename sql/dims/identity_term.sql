-- grain: form
SELECT form, rule, instance, variant, "table", "row", "column", weight, is_target FROM forms.identity_term
