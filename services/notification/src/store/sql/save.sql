INSERT INTO conversation AS stored (
    organization_id, conversation_id, owner_id, owner_epoch, rev, waits, notification_id,
    notified_id, kind, notified_at, badge_only, notification_rev
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::boolean[], $7::uuid[],
    $8::uuid[], $9::smallint[], $10::timestamptz[], $11::boolean[], $12::bigint[]
)
ON CONFLICT (organization_id, conversation_id) DO UPDATE SET
    owner_id = excluded.owner_id,
    owner_epoch = excluded.owner_epoch,
    rev = excluded.rev,
    waits = excluded.waits,
    notification_id = excluded.notification_id,
    notified_id = excluded.notified_id,
    kind = excluded.kind,
    notified_at = excluded.notified_at,
    badge_only = excluded.badge_only,
    notification_rev = excluded.notification_rev
