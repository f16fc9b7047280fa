DELETE FROM push_subscription AS kept
USING unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS heard (organization_id, member_id, epoch)
WHERE kept.organization_id = heard.organization_id AND kept.member_id = heard.member_id
    AND kept.session_epoch < heard.epoch
