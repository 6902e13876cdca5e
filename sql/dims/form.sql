-- grain: form
SELECT form, issued_as, first_year, last_year FROM forms.form
