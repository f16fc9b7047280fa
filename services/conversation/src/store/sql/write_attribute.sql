-- What is known of one attribute, over the rev before ($1 organization, $2 contact, $3 attribute,
-- $4 value, $5 rev, $6 source, $7 who, $8 when). Gives a row if that was the one.
INSERT INTO contact_attribute AS known
    (organization_id, contact_id, attribute_id, value, rev, source, edited_by, edited_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8
WHERE $5 = 1 OR EXISTS (
    SELECT FROM contact_attribute AS before
    WHERE before.organization_id = $1 AND before.contact_id = $2 AND before.attribute_id = $3
)
ON CONFLICT (organization_id, contact_id, attribute_id) DO UPDATE SET
    value = EXCLUDED.value, rev = EXCLUDED.rev, source = EXCLUDED.source,
    edited_by = EXCLUDED.edited_by, edited_at = EXCLUDED.edited_at
WHERE known.rev = EXCLUDED.rev - 1
RETURNING 1
