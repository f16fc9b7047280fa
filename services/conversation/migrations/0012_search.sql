-- Search. What is looked for in texts and names is folded: decomposed, without accents, lower case.
-- Operators on text are not leakproof, so under row-level security no index would serve them: the
-- two functions at the end see past it, are owned by a role of their own, take the organization
-- first, and find nothing of one that the transaction did not declare.

CREATE FUNCTION search_fold(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog
AS $$
BEGIN
    -- Nothing but ASCII.
    IF octet_length(words) = char_length(words) THEN
        RETURN lower(words COLLATE "C");
    END IF;
    RETURN lower(
        regexp_replace(normalize(words, NFKD), E'[\u0300-\u036f]', '', 'g') COLLATE "und-x-icu"
    );
END
$$;

ALTER TABLE message
    ADD COLUMN folded text NOT NULL GENERATED ALWAYS AS (search_fold(body)) STORED,
    -- Months since the year 0 (UTC): the slices of time that are searched one after the other.
    ADD COLUMN month integer NOT NULL GENERATED ALWAYS AS ((
        extract(year FROM network_time AT TIME ZONE 'UTC') * 12
        + extract(month FROM network_time AT TIME ZONE 'UTC')
    )::integer) STORED;
ALTER TABLE contact
    ADD COLUMN folded text NOT NULL
        GENERATED ALWAYS AS (search_fold(display_name || ' ' || handle)) STORED;

CREATE INDEX message_recent ON message (organization_id, network_time, message_id);
-- What was added last is looked through one by one; a search should not have to do that for long.
CREATE INDEX message_words ON message
    USING gin (organization_id, month, folded public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 512);
CREATE INDEX contact_words ON contact
    USING gin (organization_id, folded public.gin_trgm_ops) WITH (gin_pending_list_limit = 512);

CREATE POLICY search ON message FOR SELECT TO guichet_{schema}_definer USING (true);
CREATE POLICY search ON contact FOR SELECT TO guichet_{schema}_definer USING (true);
CREATE POLICY search ON conversation FOR SELECT TO guichet_{schema}_definer USING (true);
GRANT SELECT ON message, contact, conversation TO guichet_{schema}_definer;

-- Messages whose text has every pattern, the newest first, from a place on; those of conversations
-- that came through the closed channels alone are left out. The newest few thousand are looked
-- through one by one, so that a common word fills its page at once, whatever the planner thinks of
-- how common it is; then the index of words is asked month by month, each of which holds few
-- enough of any word. Without `deep`, which patterns of less than three characters cannot have,
-- the months are left out.
CREATE FUNCTION search_messages(
    organization uuid, patterns text[], closed uuid[], before timestamptz, before_id uuid,
    wanted integer, deep boolean
) RETURNS TABLE (message_id uuid, conversation_id uuid, network_time timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp
AS $$
DECLARE
    newest constant integer := CASE WHEN deep THEN 3000 ELSE 20000 END;
    conditions text;
    looked timestamptz;
    looked_id uuid;
    slice integer;
    oldest integer;
    filled integer := 0;
    got integer;
BEGIN
    IF organization IS NULL OR organization <> ALL (
        COALESCE(NULLIF(current_setting('guichet.organizations', true), ''), '{}')::uuid[]
    ) THEN
        RETURN;
    END IF;
    SELECT string_agg(format('m.folded LIKE %L', pattern), ' AND ') INTO conditions
    FROM unnest(patterns) AS pattern;
    IF conditions IS NULL OR wanted < 1 THEN
        RETURN;
    END IF;
    IF closed <> '{}' THEN
        conditions := conditions || format(
            ' AND NOT EXISTS (SELECT FROM conversation AS c WHERE c.organization_id = %L '
            'AND c.conversation_id = m.conversation_id AND c.channel_ids <@ %L::uuid[])',
            organization, closed
        );
    END IF;
    -- The inner LIMIT keeps the conditions out of what walks along time.
    RETURN QUERY EXECUTE format(
        'SELECT m.message_id, m.conversation_id, m.network_time FROM ('
        'SELECT n.message_id, n.conversation_id, n.network_time, n.folded FROM message AS n '
        'WHERE n.organization_id = %L AND (n.network_time, n.message_id) < (%L, %L) '
        'ORDER BY n.network_time DESC, n.message_id DESC LIMIT %s) AS m WHERE %s '
        'ORDER BY m.network_time DESC, m.message_id DESC LIMIT %s',
        organization, before, before_id, newest, conditions, wanted
    );
    GET DIAGNOSTICS filled = ROW_COUNT;
    IF NOT deep OR filled >= wanted THEN
        RETURN;
    END IF;
    SELECT m.network_time, m.message_id INTO looked, looked_id
    FROM message AS m
    WHERE m.organization_id = organization AND (m.network_time, m.message_id) < (before, before_id)
    ORDER BY m.network_time DESC, m.message_id DESC
    OFFSET newest - 1 LIMIT 1;
    IF looked IS NULL THEN
        RETURN;
    END IF;
    SELECT m.month INTO oldest
    FROM message AS m
    WHERE m.organization_id = organization
    ORDER BY m.network_time, m.message_id LIMIT 1;
    slice := extract(year FROM looked AT TIME ZONE 'UTC') * 12
        + extract(month FROM looked AT TIME ZONE 'UTC');
    WHILE slice >= oldest LOOP
        RETURN QUERY EXECUTE format(
            'SELECT m.message_id, m.conversation_id, m.network_time FROM message AS m '
            'WHERE m.organization_id = %L AND m.month = %s '
            'AND (m.network_time, m.message_id) < (%L, %L) AND %s '
            'ORDER BY m.network_time DESC, m.message_id DESC LIMIT %s',
            organization, slice, looked, looked_id, conditions, wanted - filled
        );
        GET DIAGNOSTICS got = ROW_COUNT;
        filled := filled + got;
        IF filled >= wanted THEN
            RETURN;
        END IF;
        slice := slice - 1;
    END LOOP;
END
$$;

-- Contacts whose name or handle has every pattern, those first who came last.
CREATE FUNCTION search_contacts(
    organization uuid, patterns text[], closed uuid[], before uuid, wanted integer, deep boolean
) RETURNS TABLE (contact_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp
AS $$
DECLARE
    newest constant integer := CASE WHEN deep THEN 3000 ELSE 20000 END;
    conditions text;
    looked uuid;
    filled integer := 0;
BEGIN
    IF organization IS NULL OR organization <> ALL (
        COALESCE(NULLIF(current_setting('guichet.organizations', true), ''), '{}')::uuid[]
    ) THEN
        RETURN;
    END IF;
    SELECT string_agg(format('p.folded LIKE %L', pattern), ' AND ') INTO conditions
    FROM unnest(patterns) AS pattern;
    IF conditions IS NULL OR wanted < 1 THEN
        RETURN;
    END IF;
    IF closed <> '{}' THEN
        conditions := conditions || format(
            ' AND EXISTS (SELECT FROM conversation AS c WHERE c.organization_id = %L '
            'AND c.contact_id = p.contact_id AND c.absorbed_into IS NULL '
            'AND NOT c.channel_ids <@ %L::uuid[])',
            organization, closed
        );
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT p.contact_id FROM (SELECT n.contact_id, n.folded FROM contact AS n '
        'WHERE n.organization_id = %L AND n.contact_id < %L '
        'ORDER BY n.contact_id DESC LIMIT %s) AS p WHERE %s '
        'ORDER BY p.contact_id DESC LIMIT %s',
        organization, before, newest, conditions, wanted
    );
    GET DIAGNOSTICS filled = ROW_COUNT;
    IF NOT deep OR filled >= wanted THEN
        RETURN;
    END IF;
    SELECT p.contact_id INTO looked
    FROM contact AS p
    WHERE p.organization_id = organization AND p.contact_id < before
    ORDER BY p.contact_id DESC
    OFFSET newest - 1 LIMIT 1;
    IF looked IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT p.contact_id FROM contact AS p WHERE p.organization_id = %L '
        'AND p.contact_id < %L AND %s ORDER BY p.contact_id DESC LIMIT %s',
        organization, looked, conditions, wanted - filled
    );
END
$$;

-- The owner of the schema is no member of that role; the administrator who migrates hands the
-- functions over. The new owner has to be able to create there, for a moment.
GRANT CREATE ON SCHEMA {schema} TO guichet_{schema}_definer;
REVOKE EXECUTE ON FUNCTION
    search_messages(uuid, text[], uuid[], timestamptz, uuid, integer, boolean),
    search_contacts(uuid, text[], uuid[], uuid, integer, boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    search_messages(uuid, text[], uuid[], timestamptz, uuid, integer, boolean),
    search_contacts(uuid, text[], uuid[], uuid, integer, boolean)
    TO guichet_{schema};
RESET ROLE;
ALTER FUNCTION search_messages(uuid, text[], uuid[], timestamptz, uuid, integer, boolean)
    OWNER TO guichet_{schema}_definer;
ALTER FUNCTION search_contacts(uuid, text[], uuid[], uuid, integer, boolean)
    OWNER TO guichet_{schema}_definer;
SET ROLE guichet_{schema}_owner;
REVOKE CREATE ON SCHEMA {schema} FROM guichet_{schema}_definer;
