INSERT INTO outcome AS stored (organization_id, notification_id, means, outcome, reason, at)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::smallint[], $4::smallint[], $5::text[], $6::timestamptz[]
)
ON CONFLICT (organization_id, notification_id, means) DO UPDATE SET
    outcome = excluded.outcome, reason = excluded.reason, at = excluded.at
