-- What a member chose.
UPDATE member SET
    availability = $3, away_state_id = $4, since = $5, availability_epoch = $6,
    default_availability = $7, ever_chosen = $8,
    signed_in_at = GREATEST(signed_in_at, $9), chosen_at = GREATEST(chosen_at, $11),
    -- A member who is available again keeps what has not gone back yet.
    handing_back = CASE WHEN $3::smallint = 1 THEN false ELSE handing_back OR $10 END
WHERE organization_id = $1 AND member_id = $2
