INSERT INTO availability AS stored (organization_id, member_id, away, epoch)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::bigint[])
ON CONFLICT (organization_id, member_id) DO UPDATE SET
    away = excluded.away, epoch = excluded.epoch
WHERE stored.epoch < excluded.epoch
