-- Notes whose words go ($1 organization, $2 note), if they were deleted at $3 of each or before.
WITH gone AS (
    SELECT n.organization_id, n.note_id
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
        AS wanted (organization_id, note_id, deleted_until)
    JOIN note AS n
        ON n.organization_id = wanted.organization_id AND n.note_id = wanted.note_id
        AND n.deleted_at <= wanted.deleted_until
), versions AS (
    DELETE FROM note_version AS v USING gone
    WHERE v.organization_id = gone.organization_id AND v.note_id = gone.note_id
)
UPDATE note AS n SET body = '' FROM gone
WHERE n.organization_id = gone.organization_id AND n.note_id = gone.note_id
