-- What was done to settings and people, by whom: rows are added and never change. Each row's
-- digest covers the digest of the row before it, so that a row altered, removed or put in
-- between by whoever gets past the privileges breaks the chain from there on. (Rows cut off the
-- end leave a shorter chain that is whole; backups tell.)

CREATE TABLE audit (
    organization_id uuid NOT NULL,
    -- Dense in its organization, from 1.
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    -- Who; without a member, the calling service alone.
    member_id uuid,
    service text NOT NULL,
    -- A stable word.
    act text NOT NULL,
    -- What it was done to, as others name it.
    subject text NOT NULL,
    -- Kept to the letter, which jsonb would not do.
    detail json NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organization_id, number)
);
SELECT isolate('audit');

-- The digest of a row after the one with digest `previous`: SHA-256 over that digest and every
-- field, each as the length of its text in bytes, a colon, and the text.
CREATE FUNCTION audit_hash(previous bytea, kept audit) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(
        previous || string_agg(
            convert_to(octet_length(field) || ':' || field, 'UTF8'), ''::bytea ORDER BY place
        )
    )
    FROM unnest(ARRAY[
        kept.organization_id::text,
        kept.number::text,
        (extract(epoch FROM kept.at) * 1000000)::bigint::text,
        coalesce(kept.member_id::text, ''),
        kept.service,
        kept.act,
        kept.subject,
        kept.detail::text
    ]) WITH ORDINALITY AS fields (field, place)
$$;

-- Number and digest are never the writer's to choose.
CREATE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    last {schema}.audit;
BEGIN
    -- One writer at a time in an organization; the next statement sees what the last one wrote.
    PERFORM pg_advisory_xact_lock(hashtextextended('{schema}.audit ' || NEW.organization_id, 0));
    SELECT * INTO last FROM {schema}.audit
    WHERE organization_id = NEW.organization_id
    ORDER BY number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.hash := {schema}.audit_hash(coalesce(last.hash, ''::bytea), NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_chain BEFORE INSERT ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_chain();

CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are only added' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

REVOKE ALL ON audit FROM guichet_{schema};
GRANT SELECT, INSERT ON audit TO guichet_{schema};
