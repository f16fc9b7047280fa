//! Roles and schemas: made by an administrator of the cluster before anything runs.
//!
//! Each service has an owner, which migrates and logs in nowhere; the role that the service logs
//! in as; and the role of its relay. None of them is a superuser or bypasses row-level security,
//! and the two that log in own nothing.

use kit_values::{Class, Fault, Secret};
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};

use crate::fault::OrFault as _;
use crate::pool::ACQUIRE_TIMEOUT;
use crate::{connect, sql_state};

/// Roles are shared by the whole cluster: two provisionings of two databases may meet.
const ATTEMPTS: u32 = 20;

/// One service's schema and how its roles log in.
#[derive(Debug, Clone)]
pub struct ServiceSchema {
    name: String,
    password: Option<Secret<String>>,
    relay_password: Option<Secret<String>>,
}

impl ServiceSchema {
    /// The schema of the service called `name`. A role without a password logs in only where the
    /// server asks for none.
    ///
    /// # Errors
    ///
    /// Invalid unless the name is lower-case letters and underscores, 32 at most: it becomes
    /// part of SQL text.
    pub fn new(
        name: impl Into<String>,
        password: Option<Secret<String>>,
        relay_password: Option<Secret<String>>,
    ) -> Result<Self, Fault> {
        let name = name.into();
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if name.is_empty() || name.len() > 32 || !plain {
            return Err(Fault::invalid(
                "schema_name",
                "name",
                "A schema's name is lower-case letters and underscores, 32 at most.",
            ));
        }
        Ok(Self { name, password, relay_password })
    }

    /// The schema's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The role that the service logs in as.
    #[must_use]
    pub fn role(&self) -> String {
        format!("guichet_{}", self.name)
    }

    /// The role that its relay logs in as.
    #[must_use]
    pub fn relay_role(&self) -> String {
        format!("guichet_{}_relay", self.name)
    }

    /// The role that owns the schema and everything in it.
    #[must_use]
    pub fn owner_role(&self) -> String {
        format!("guichet_{}_owner", self.name)
    }

    fn sql(&self) -> Result<String, Fault> {
        let login = |password: &Option<Secret<String>>| match password {
            Some(password) => Ok(format!("LOGIN PASSWORD {}", literal(password)?)),
            None => Ok::<_, Fault>("LOGIN PASSWORD NULL".to_owned()),
        };
        Ok(include_str!("sql/provision.sql")
            .replace("{schema}", &self.name)
            .replace("{login}", &login(&self.password)?)
            .replace("{relay_login}", &login(&self.relay_password)?))
    }
}

/// Makes the roles and the schemas of these services in the database of `admin`, or brings them
/// to what they should be; doing it again changes nothing else.
pub async fn provision(admin: &Secret<String>, services: &[ServiceSchema]) -> Result<(), Fault> {
    let mut connection = connect_once(admin).await?;
    for service in services {
        let sql = service.sql()?;
        let mut attempt = 1;
        loop {
            let outcome = connection.execute(AssertSqlSafe(sql.clone())).await.or_fault();
            match outcome {
                Err(fault) if attempt < ATTEMPTS && met_another(&fault) => {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                    attempt += 1;
                }
                // The statement holds passwords, and the server may quote it.
                Err(fault) if fault.class() == Class::Internal => {
                    return Err(Fault::new(
                        Class::Internal,
                        "provisioning_failed",
                        format!(
                            "The roles of {} could not be made (SQLSTATE {}).",
                            service.name,
                            sql_state(&fault).unwrap_or_default()
                        ),
                    ));
                }
                outcome => {
                    outcome?;
                    break;
                }
            }
        }
    }
    connection.close().await.or_fault()
}

async fn connect_once(admin: &Secret<String>) -> Result<PgConnection, Fault> {
    let options = connect::options(admin)?;
    match tokio::time::timeout(ACQUIRE_TIMEOUT * 5, options.connect()).await {
        Ok(connection) => connection.or_fault(),
        Err(_) => Err(sqlx::Error::PoolTimedOut).or_fault(),
    }
}

/// Whether another provisioning was at the same role at the same time: a role made meanwhile
/// (42710, 23505), a catalogue row changed meanwhile (XX000), a schema made meanwhile (42P06).
fn met_another(fault: &Fault) -> bool {
    matches!(sql_state(fault).as_deref(), Some("42710" | "23505" | "XX000" | "42P06" | "40P01"))
}

/// A password as an SQL literal.
fn literal(password: &Secret<String>) -> Result<String, Fault> {
    let text = password.expose();
    if text.contains(['\0', '\\']) {
        return Err(Fault::invalid(
            "database_password",
            "password",
            "A database password holds neither NUL nor backslash.",
        ));
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_plain_is_refused() {
        for name in ["", "Ingest", "in-gest", "in gest", "ingest;", "ing\"est", "1ngest"] {
            assert!(ServiceSchema::new(name, None, None).is_err(), "{name}");
        }
        assert!(ServiceSchema::new("link_shortener", None, None).is_ok());
    }

    #[test]
    fn a_password_cannot_leave_its_literal() {
        let quoted = literal(&Secret::new("a'; DROP TABLE x; --".to_owned())).expect("quoted");
        assert_eq!(quoted, "'a''; DROP TABLE x; --'");
        assert!(literal(&Secret::new("a\\'".to_owned())).is_err());
    }
}
