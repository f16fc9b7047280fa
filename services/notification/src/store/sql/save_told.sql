INSERT INTO notification AS stored (
    organization_id, notification_id, member_id, kind, conversation_id, channel_id, at,
    badge_only, count, rev, settled_at, reason, raised_rev
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::uuid[],
    $7::timestamptz[], $8::boolean[], $9::integer[], $10::bigint[], $11::timestamptz[], $12::text[],
    $13::bigint[]
)
ON CONFLICT (organization_id, notification_id) DO UPDATE SET
    kind = excluded.kind,
    at = excluded.at,
    badge_only = excluded.badge_only,
    count = stored.count + excluded.count,
    rev = excluded.rev,
    settled_at = excluded.settled_at,
    reason = excluded.reason,
    -- What settles it raises nothing.
    raised_rev = greatest(stored.raised_rev, excluded.raised_rev)
