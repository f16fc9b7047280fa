SELECT ordinal, code, short_url FROM link WHERE organization_id = $1 AND reply_key = $2
