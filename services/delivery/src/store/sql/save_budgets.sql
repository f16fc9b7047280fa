INSERT INTO budget (holder_id, call, name, reason, allowed, remaining, counted, resets_at)
SELECT * FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::boolean[],
    $8::timestamptz[]
)
ON CONFLICT (holder_id, call, name) DO UPDATE
SET reason = excluded.reason,
    allowed = excluded.allowed,
    remaining = excluded.remaining,
    counted = excluded.counted,
    resets_at = excluded.resets_at
