-- Changes whenever anything that the registry holds in memory does. The sums tell what the moment
-- cannot: a change that began before another and was committed after it.
SELECT concat_ws(
    ' ',
    (
        SELECT concat_ws(' ', count(*), sum(version), sum(sealed_version), max(changed_at))
        FROM application
    ),
    (SELECT concat_ws(' ', count(*), sum(version), max(changed_at)) FROM route)
) AS state
