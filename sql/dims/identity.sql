-- grain: form
SELECT form, rule, instance, variant, preference, "table", terms, cells FROM forms.identity
