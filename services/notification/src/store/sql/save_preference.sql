INSERT INTO preference (organization_id, member_id, wanted, chosen, volume, rev)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, member_id) DO UPDATE SET
    wanted = excluded.wanted, chosen = excluded.chosen, volume = excluded.volume,
    rev = excluded.rev
