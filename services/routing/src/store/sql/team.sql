-- How much the members of an organization may own, if it has said so.
SELECT capacity, hard_limit, version FROM team WHERE organization_id = $1
