-- Changes whenever anything that the registry holds in memory does.
SELECT concat_ws(
    ' ',
    (SELECT concat_ws(' ', count(*), max(changed_at)) FROM application),
    (SELECT concat_ws(' ', count(*), max(changed_at)) FROM route)
) AS state
