//! Isolation by organization, as the database's own catalogue tells it.
//!
//! Every table of every service is either isolated by forced row-level security or stands in
//! [`OUTSIDE`] with its reason and with exactly who reaches it. The catalogue is read into
//! [`Catalogue`], and [`violations`] judges it without a server, so that it can be shown to turn
//! red.

use std::collections::{BTreeMap, BTreeSet};

use kit_testkit::Database;

/// The services that keep something in PostgreSQL, each in a schema of its name.
const SCHEMAS: [&str; 8] = [
    "conversation",
    "delivery",
    "directory",
    "gateway",
    "ingest",
    "link_shortener",
    "notification",
    "routing",
];

/// The one policy, as PostgreSQL shows it, for reading and for writing.
const POLICY: &str = "(organization_id = ANY ((( SELECT NULLIF(current_setting(\
                      'guichet.organizations'::text, true), ''::text) AS \"nullif\"))::uuid[]))";

const ALL: &str = "DELETE INSERT SELECT UPDATE";

/// Isolated tables, in every schema that has them, whose rows are only ever added.
const APPEND_ONLY: [&str; 1] = ["audit"];

/// Tables whose texts are searched: operators on text are not leakproof, so under the policy no
/// index would serve them. A role that logs in nowhere sees all of them, and owns just these
/// functions, each of which takes the organization first and looks at no other.
const SEARCHED: [&str; 3] =
    ["conversation.contact", "conversation.conversation", "conversation.message"];
const SEARCHES: [&str; 2] = [
    "conversation.search_contacts(uuid,text[],uuid[],uuid,integer,boolean)",
    "conversation.search_messages(uuid,text[],uuid[],timestamp with time zone,uuid,integer,boolean)",
];

/// A table outside row-level security.
struct Outside {
    /// Schemas that have it; empty means every one (tables of the kit).
    schemas: &'static [&'static str],
    table: &'static str,
    /// Why its rows must be found before their organization is known.
    reason: &'static str,
    /// What the service's role may do with it; empty means nothing.
    service: &'static str,
    /// What the role of the service's relay may do with it.
    relay: &'static str,
}

const OUTSIDE: &[Outside] = &[
    Outside {
        schemas: &[],
        table: "outbox",
        reason: "the relay publishes every organization's events; the service only adds to it",
        service: "INSERT",
        relay: "DELETE SELECT",
    },
    Outside {
        schemas: &[],
        table: "outbox_pending",
        reason: "what the relay has still to publish, whoever's it is",
        service: "INSERT",
        relay: ALL,
    },
    Outside {
        schemas: &[],
        table: "outbox_sequence",
        reason: "the relay's record of sequences in the stream, which has every organization's",
        service: "",
        relay: ALL,
    },
    Outside {
        schemas: &[],
        table: "outbox_floor",
        reason: "one row for each incarnation of the stream",
        service: "",
        relay: ALL,
    },
    Outside {
        schemas: &[],
        table: "inbox",
        reason: "ids of applied events; matched before a batch's organizations are trusted",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &[],
        table: "inbox_attempt",
        reason: "counts attempts at events whose organization may be what cannot be trusted",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &[],
        table: "parked",
        reason: "what could not be read may not tell its organization",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &[],
        table: "timer",
        reason: "the runner looks for what is due in every organization",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &[],
        table: "waiting_turn",
        reason: "ids and moments only: a reader looks for what is due in every organization",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &[],
        table: "migration",
        reason: "names of applied files",
        service: "SELECT",
        relay: "",
    },
    Outside {
        schemas: &["directory"],
        table: "member_login",
        reason: "who signs in is known by login name before anything else",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["directory"],
        table: "application",
        reason: "may belong to the whole installation; its secrets are sealed",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["directory"],
        table: "channel_account",
        reason: "one account is one channel over the whole installation",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["directory"],
        table: "sign_in_throttle",
        reason: "an unknown login has no organization; digests and moments only",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["directory"],
        table: "one_time_token",
        reason: "whoever holds a link names no organization; digests and moments only",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["gateway"],
        table: "session",
        reason: "a cookie's digest is recognised before its organization is known",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["link_shortener"],
        table: "link_code",
        reason: "whoever follows a link names no organization",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["delivery"],
        table: "application",
        reason: "may belong to the whole installation; holds an address and no secret",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["delivery"],
        table: "budget",
        reason: "an application's limits are shared by accounts of several organizations; numbers",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["delivery"],
        table: "turn",
        reason: "ids and moments only: a worker looks for what it may do in every organization",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["delivery"],
        table: "lookup_turn",
        reason: "ids and moments only: a worker looks for what it may ask in every organization",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["ingest"],
        table: "application",
        reason: "a callback's application is looked up before any organization is known",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["ingest"],
        table: "route",
        reason: "it is what tells the organization of an item",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["ingest"],
        table: "webhook_request",
        reason: "one body may carry items of several organizations, and of none",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["ingest"],
        table: "unrouted",
        reason: "items of accounts that nobody has connected have no organization",
        service: ALL,
        relay: "",
    },
    Outside {
        schemas: &["routing"],
        table: "planner_mark",
        reason: "ids of organizations: the sweep must find whose work waits before it can name one",
        service: ALL,
        relay: "",
    },
];

/// What the catalogue says about one table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    /// `schema.name`.
    name: String,
    /// `r` for a table; views and the like have other letters.
    kind: String,
    owner: String,
    /// ENABLE and FORCE ROW LEVEL SECURITY.
    is_forced: bool,
    /// Each policy: permissive, command, roles, USING, WITH CHECK.
    policies: Vec<String>,
    /// The first column of each index, of each key and of each foreign key that refers to it.
    leading: Vec<String>,
    /// Whether it has `organization_id uuid NOT NULL`.
    has_organization: bool,
    /// What each role that is not its owner may do with it; roles that may do nothing are absent.
    /// Superusers, whom nothing binds, are left out: [`Role::is_powerful`] finds them.
    reach: BTreeMap<String, String>,
}

/// What the catalogue says about one role of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Role {
    name: String,
    can_log_in: bool,
    /// Superuser, BYPASSRLS, CREATEROLE, CREATEDB, or REPLICATION.
    is_powerful: bool,
    /// Roles that it is a member of.
    member_of: Vec<String>,
    /// How many tables, schemas and functions it owns.
    owns: i64,
}

#[derive(Debug, Clone, Default)]
struct Catalogue {
    tables: Vec<Table>,
    roles: Vec<Role>,
    /// Functions that run with their owner's rights.
    definers: Vec<String>,
}

fn outside(table: &str) -> Option<&'static Outside> {
    let (schema, name) = table.split_once('.')?;
    OUTSIDE
        .iter()
        .find(|it| it.table == name && (it.schemas.is_empty() || it.schemas.contains(&schema)))
}

/// Everything that is not as the rules say, as sentences.
fn violations(catalogue: &Catalogue) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for table in &catalogue.tables {
        let name = &table.name;
        let (schema, plain) = name.split_once('.').unwrap_or_default();
        if table.kind != "r" {
            found.insert(format!("{name} is no plain table ({})", table.kind));
        }
        if table.owner != format!("guichet_{schema}_owner") {
            found.insert(format!("{name} is owned by {}", table.owner));
        }
        let (service, relay) = if let Some(listed) = outside(name) {
            if table.is_forced || !table.policies.is_empty() {
                found.insert(format!("{name} is isolated and stands in the list of exceptions"));
            }
            (listed.service, listed.relay)
        } else {
            isolated(table, &mut found);
            (if APPEND_ONLY.contains(&plain) { "INSERT SELECT" } else { ALL }, "")
        };
        let definer = if SEARCHED.contains(&name.as_str()) { "SELECT" } else { "" };
        let expected: BTreeMap<String, String> =
            [("", service), ("_relay", relay), ("_definer", definer)]
                .map(|(suffix, rights)| (format!("guichet_{schema}{suffix}"), rights))
                .into_iter()
                .filter(|(_, rights)| !rights.is_empty())
                .map(|(role, rights)| (role, rights.to_owned()))
                .collect();
        if table.reach != expected {
            found.insert(format!("{name} is reachable by {:?}, not {expected:?}", table.reach));
        }
    }
    for role in &catalogue.roles {
        let name = &role.name;
        let is_owner = name.ends_with("_owner");
        let is_definer = name.ends_with("_definer");
        if role.is_powerful {
            found.insert(format!("{name} has powers over the cluster"));
        }
        if !role.member_of.is_empty() {
            found.insert(format!("{name} is a member of {:?}", role.member_of));
        }
        if role.can_log_in == (is_owner || is_definer) {
            found.insert(format!("{name} can log in: {}", role.can_log_in));
        }
        let owned =
            format!("{}.", name.trim_start_matches("guichet_").trim_end_matches("_definer"));
        let owned = SEARCHES.iter().filter(|it| is_definer && it.starts_with(&owned)).count();
        if !is_owner && usize::try_from(role.owns).ok() != Some(owned) {
            found.insert(format!("{name} owns {} objects", role.owns));
        }
    }
    for function in catalogue.definers.iter().filter(|it| !SEARCHES.contains(&it.as_str())) {
        found.insert(format!("{function} runs with its owner's rights"));
    }
    found
}

fn isolated(table: &Table, found: &mut BTreeSet<String>) {
    let name = &table.name;
    if !table.is_forced {
        found.insert(format!("{name} does not force row-level security, and is not in the list"));
    }
    let mut expected = vec![format!("PERMISSIVE ALL {{public}} {POLICY} {POLICY}")];
    if SEARCHED.contains(&name.as_str()) {
        let schema = name.split('.').next().unwrap_or_default();
        expected.push(format!("PERMISSIVE SELECT {{guichet_{schema}_definer}} true"));
    }
    let mut policies = table.policies.clone();
    policies.sort();
    expected.sort();
    if policies != expected {
        found.insert(format!("{name} has the policies {:?}", table.policies));
    }
    if !table.has_organization {
        found.insert(format!("{name} has no organization_id uuid NOT NULL"));
    }
    if table.leading.is_empty() {
        found.insert(format!("{name} has no key"));
    }
    for first in table.leading.iter().filter(|first| *first != "organization_id") {
        found.insert(format!("{name} has a key or index that leads with {first}"));
    }
}

const TABLES: &str = "
SELECT to_json(ARRAY[
    n.nspname || '.' || c.relname,
    c.relkind::text,
    c.relowner::regrole::text,
    (c.relrowsecurity AND c.relforcerowsecurity)::text,
    (SELECT json_agg(concat_ws(' ', p.permissive, p.cmd, p.roles, p.qual, p.with_check))
     FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname)::text,
    (SELECT json_agg(first) FROM (
        SELECT coalesce(a.attname::text, 'an expression') AS first
        FROM pg_index i LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid
        UNION ALL
        SELECT a.attname::text FROM pg_constraint f
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.confkey[1]
        WHERE f.confrelid = c.oid AND f.contype = 'f') AS keys)::text,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'
            AND a.atttypid = 'uuid'::regtype AND a.attnotnull)::text,
    (SELECT json_object_agg(rolname, rights) FROM (
        SELECT r.rolname, string_agg(right_name, ' ' ORDER BY right_name) AS rights
        FROM pg_roles r,
             unnest(ARRAY['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE',
                          'UPDATE']) AS right_name
        WHERE r.rolname LIKE 'guichet\\_%' AND r.rolname NOT LIKE '%\\_owner' AND NOT r.rolsuper
          AND (has_table_privilege(r.oid, c.oid, right_name)
               OR (right_name IN ('INSERT', 'REFERENCES', 'SELECT', 'UPDATE')
                   AND has_any_column_privilege(r.oid, c.oid, right_name)))
        GROUP BY r.rolname) AS reach)::text
])::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY 1";

const ROLES: &str = "
SELECT to_json(ARRAY[
    r.rolname::text,
    r.rolcanlogin::text,
    (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)::text,
    (SELECT json_agg(m.roleid::regrole::text) FROM pg_auth_members m WHERE m.member = r.oid)::text,
    ((SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid)
     + (SELECT count(*) FROM pg_namespace n WHERE n.nspowner = r.oid)
     + (SELECT count(*) FROM pg_proc p WHERE p.proowner = r.oid))::text
])::text
FROM pg_roles r
WHERE r.rolname ~ '^guichet_(conversation|delivery|directory|gateway|ingest|link_shortener|notification|routing)(_owner|_relay|_definer)?$'
ORDER BY 1";

const DEFINERS: &str = "
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

/// A row of texts and nulls; the texts that are JSON themselves are read by [`json`].
fn fields(row: &str) -> Vec<Option<String>> {
    serde_json::from_str(row).expect("an array of texts")
}

fn text(field: Option<&Option<String>>) -> String {
    field.cloned().flatten().unwrap_or_default()
}

fn json<T: Default + serde::de::DeserializeOwned>(field: Option<&Option<String>>) -> T {
    let text = text(field);
    if text.is_empty() { T::default() } else { serde_json::from_str(&text).expect("JSON") }
}

async fn read(database: &Database) -> Catalogue {
    let tables = database.texts(TABLES).await;
    let roles = database.texts(ROLES).await;
    Catalogue {
        tables: tables
            .iter()
            .map(|row| {
                let row = fields(row);
                Table {
                    name: text(row.first()),
                    kind: text(row.get(1)),
                    owner: text(row.get(2)),
                    is_forced: text(row.get(3)) == "true",
                    policies: json(row.get(4)),
                    leading: json(row.get(5)),
                    has_organization: text(row.get(6)) == "true",
                    reach: json(row.get(7)),
                }
            })
            .collect(),
        roles: roles
            .iter()
            .map(|row| {
                let row = fields(row);
                Role {
                    name: text(row.first()),
                    can_log_in: text(row.get(1)) == "true",
                    is_powerful: text(row.get(2)) == "true",
                    member_of: json(row.get(3)),
                    owns: text(row.get(4)).parse().expect("a number"),
                }
            })
            .collect(),
        definers: database.texts(DEFINERS).await,
    }
}

#[tokio::test]
async fn every_table_is_isolated_by_organization_or_stands_in_the_list_with_its_reason() {
    let database = Database::create(&[
        ("conversation", &conversation::migrations()),
        ("delivery", &delivery::migrations()),
        ("directory", &directory::migrations()),
        ("gateway", &gateway::migrations()),
        ("ingest", &ingest::migrations()),
        ("link_shortener", &link_shortener::migrations()),
        ("notification", &notification::migrations()),
        ("routing", &routing::migrations()),
    ])
    .await;
    let catalogue = read(&database).await;
    let found = violations(&catalogue);
    assert!(found.is_empty(), "{found:#?}");

    // The list names nothing that is gone, and the catalogue was really read.
    let names: BTreeSet<&str> = catalogue.tables.iter().map(|table| table.name.as_str()).collect();
    for listed in OUTSIDE {
        let schemas = if listed.schemas.is_empty() { &SCHEMAS[..] } else { listed.schemas };
        for schema in schemas {
            let name = format!("{schema}.{}", listed.table);
            assert!(names.contains(name.as_str()), "{name} is listed and does not exist");
        }
        assert!(!listed.reason.is_empty(), "{} has no reason", listed.table);
    }
    assert_eq!(catalogue.roles.len(), 4 * SCHEMAS.len(), "{:?}", catalogue.roles);
    let isolated = names.iter().filter(|name| outside(name).is_none()).count();
    assert!(isolated >= 4 + 9, "only {isolated} isolated tables were found");
}

fn sound() -> Catalogue {
    let all = |role: &str| (role.to_owned(), ALL.to_owned());
    let table = Table {
        name: "ingest.item".to_owned(),
        kind: "r".to_owned(),
        owner: "guichet_ingest_owner".to_owned(),
        is_forced: true,
        policies: vec![format!("PERMISSIVE ALL {{public}} {POLICY} {POLICY}")],
        leading: vec!["organization_id".to_owned()],
        has_organization: true,
        reach: BTreeMap::from([all("guichet_ingest")]),
    };
    let listed = Table {
        name: "ingest.route".to_owned(),
        is_forced: false,
        policies: Vec::new(),
        leading: vec!["application_id".to_owned()],
        ..table.clone()
    };
    let role = |name: &str| Role {
        name: name.to_owned(),
        can_log_in: !name.ends_with("_owner") && !name.ends_with("_definer"),
        is_powerful: false,
        member_of: Vec::new(),
        owns: 0,
    };
    Catalogue {
        tables: vec![table, listed],
        roles: vec![
            role("guichet_ingest"),
            role("guichet_ingest_owner"),
            role("guichet_ingest_definer"),
        ],
        definers: Vec::new(),
    }
}

#[test]
fn a_catalogue_that_keeps_the_rules_has_no_violation() {
    assert_eq!(violations(&sound()), BTreeSet::new());
}

#[test]
fn each_broken_rule_is_found() {
    type Break = (&'static str, fn(&mut Catalogue));
    let breaks: [Break; 17] = [
        ("an unknown table", |it| it.tables[1].name = "ingest.leak".to_owned()),
        ("not forced", |it| it.tables[0].is_forced = false),
        ("no policy", |it| it.tables[0].policies.clear()),
        ("a wider policy", |it| {
            it.tables[0].policies.push("PERMISSIVE SELECT {public} true".to_owned());
        }),
        ("a policy without WITH CHECK", |it| {
            it.tables[0].policies = vec![format!("PERMISSIVE ALL {{public}} {POLICY}")];
        }),
        ("an index in the wrong order", |it| it.tables[0].leading.push("id".to_owned())),
        ("a nullable organization", |it| it.tables[0].has_organization = false),
        ("a table of the service's own", |it| it.tables[0].owner = "guichet_ingest".to_owned()),
        ("a view", |it| it.tables[0].kind = "v".to_owned()),
        ("another service's reach", |it| {
            it.tables[1].reach.insert("guichet_gateway".to_owned(), "SELECT".to_owned());
        }),
        ("a powerful role", |it| it.roles[0].is_powerful = true),
        ("a way to the owner", |it| it.roles[0].member_of.push("guichet_ingest_owner".to_owned())),
        ("an owner that logs in", |it| it.roles[1].can_log_in = true),
        ("a definer's function", |it| it.definers.push("ingest.all()".to_owned())),
        ("a definer that owns more", |it| it.roles[2].owns = 1),
        ("a definer that logs in", |it| it.roles[2].can_log_in = true),
        ("a definer's reach", |it| {
            it.tables[0].reach.insert("guichet_ingest_definer".to_owned(), "SELECT".to_owned());
        }),
    ];
    for (name, break_it) in breaks {
        let mut catalogue = sound();
        break_it(&mut catalogue);
        assert!(!violations(&catalogue).is_empty(), "{name} was not found");
    }
}
