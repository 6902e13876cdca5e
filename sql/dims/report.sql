-- `published` is the earliest date after the year's end that the report, its page or a list states.
-- `standing`: some address still shows these very bytes; a file of our own stands by being there. The report that counts
-- is the last of those that stand; where none does, the last of all: what was withdrawn stays.
WITH read AS (
    SELECT sha256, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM quality.document GROUP BY sha256
),
addresses AS (
    SELECT *, row_number() OVER (PARTITION BY url ORDER BY last_seen DESC, first_seen DESC, sha256) = 1 AS is_last
    FROM crawl.document
),
crawled AS (
    SELECT
        sha256, min(published) AS published, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
        CASE WHEN count(withdrawn) = count(*) THEN max(withdrawn) END AS withdrawn,
        bool_or(is_last AND withdrawn IS NULL) AS standing
    FROM addresses
    GROUP BY sha256
),
dated AS (
    SELECT
        f.report_id, f.agency_id, f.year, f.numbers, f.numbers_digest,
        f.agency_id IS NOT NULL AND f.year IS NOT NULL AS identified,
        coalesce(f.text_digest, f.report_id) AS text_key,
        coalesce(
            least(
                CASE WHEN f.published > make_date(f.year, 12, 31) THEN f.published END,
                CASE WHEN c.published > make_date(f.year, 12, 31) THEN c.published END
            ),
            f.published, c.published
        ) AS published,
        least(r.first_seen, c.first_seen) AS first_seen,
        greatest(r.last_seen, c.last_seen) AS last_seen,
        c.withdrawn,
        coalesce(c.standing, true) AS standing
    FROM facts.filing AS f
    JOIN read AS r USING (sha256)
    LEFT JOIN crawled AS c USING (sha256)
),
same AS (
    SELECT
        *,
        CASE WHEN identified THEN first_value(report_id) OVER alike ELSE report_id END AS kept,
        min(coalesce(published, CAST(first_seen AS DATE))) OVER alike_all AS appeared,
        min(first_seen) OVER alike_all AS appeared_at
    FROM dated
    WINDOW
        alike AS (
            PARTITION BY agency_id, year, numbers_digest, text_key
            ORDER BY standing DESC, coalesce(published, CAST(first_seen AS DATE)), first_seen, report_id
        ),
        alike_all AS (PARTITION BY agency_id, year, numbers_digest, text_key)
),
ranked AS (
    SELECT
        *,
        dense_rank() OVER (PARTITION BY agency_id, year ORDER BY appeared, appeared_at, numbers, kept) AS place,
        row_number() OVER (
            PARTITION BY agency_id, year
            ORDER BY report_id = kept DESC, standing DESC, appeared DESC, appeared_at DESC, numbers DESC, kept DESC
        ) AS from_the_last
    FROM same
)
SELECT
    f.report_id, f.agency_id, f.year, f.form, f.title, f.printed_agency, f.division, r.published, f.year_source,
    CASE WHEN r.identified THEN r.place ELSE 1 END AS revision,
    r.identified AND r.from_the_last = 1 AS is_current,
    CASE WHEN r.kept <> r.report_id THEN r.kept END AS same_as,
    f.numbers, f.numbers_digest, f.format, f.path AS source, f.url, f.sha256, f.size, f.ordinal,
    r.first_seen, r.last_seen, r.withdrawn
FROM ranked AS r
JOIN facts.filing AS f USING (report_id)
ORDER BY f.report_id
