//! The database's errors by class.

use std::error::Error as _;
use std::sync::Arc;

use kit_values::{Class, Fault};
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// Turns the database's outcome into the kit's vocabulary.
///
/// | what happened | class |
/// |---|---|
/// | no connection, connection lost, server starting or stopping, out of room | Unavailable |
/// | a limit of time | Timeout |
/// | unique key (23505), deadlock (40P01), serialization (40001), lock not available (55P03) | Conflict |
/// | anything else | Internal |
pub trait OrFault<T> {
    /// The value, or the fault; the original error stays its source, for the log.
    fn or_fault(self) -> Result<T, Fault>;
}

impl<T> OrFault<T> for Result<T, DbErr> {
    fn or_fault(self) -> Result<T, Fault> {
        self.map_err(fault_of)
    }
}

impl<T> OrFault<T> for Result<T, SqlxError> {
    fn or_fault(self) -> Result<T, Fault> {
        self.map_err(|error| fault_of(DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))))
    }
}

/// The five-character SQLSTATE that caused `fault`, if the database refused a statement.
#[must_use]
pub fn sql_state(fault: &Fault) -> Option<String> {
    state(fault.source()?.downcast_ref::<DbErr>()?)
}

/// Whether the same transaction may succeed when run again at once: a unique key that another
/// transaction has just taken (23505), a deadlock (40P01), a serialization failure (40001).
#[must_use]
pub fn is_retryable(fault: &Fault) -> bool {
    matches!(sql_state(fault).as_deref(), Some("23505" | "40P01" | "40001"))
}

/// The driver's error inside sea-orm's.
pub(crate) fn driver(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

pub(crate) fn state(error: &DbErr) -> Option<String> {
    driver(error)?.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

/// Whether the line to the server, rather than the statement, failed.
pub(crate) fn is_connection_lost(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed => true,
        SqlxError::Database(error) => {
            matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03"))
        }
        _ => false,
    }
}

pub(crate) fn unavailable() -> Fault {
    Fault::new(Class::Unavailable, "database_unavailable", "The database cannot be reached.")
}

pub(crate) fn timed_out() -> Fault {
    Fault::new(Class::Timeout, "database_timeout", "The database took too long to answer.")
}

fn fault_of(error: DbErr) -> Fault {
    let fault = match &error {
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout | ConnAcquireErr::ConnectionClosed) => {
            unavailable()
        }
        other => match (driver(other), state(other).as_deref()) {
            (_, Some("23505")) => Fault::new(
                Class::Conflict,
                "already_exists",
                "The same thing was recorded at the same time.",
            ),
            (_, Some("40001" | "40P01" | "55P03")) => Fault::new(
                Class::Conflict,
                "concurrent_change",
                "Somebody else changed it at the same time.",
            ),
            (_, Some("57014" | "25P03")) => timed_out(),
            (_, Some(code)) if is_away(code) => unavailable(),
            (Some(SqlxError::PoolTimedOut), _) => unavailable(),
            (Some(error), _) if is_connection_lost(error) => unavailable(),
            _ => return Fault::internal(error),
        },
    };
    fault.caused_by(error)
}

/// Whether this SQLSTATE is about the server rather than the statement: connection exceptions
/// (08), insufficient resources (53), operator intervention (57P), system errors (58), and a
/// server that became a read-only standby (25006).
fn is_away(code: &str) -> bool {
    ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) || code == "25006"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_connection_is_unavailable_and_a_defect_is_internal() {
        let class = |error| Err::<(), _>(error).or_fault().expect_err("a fault").class();
        assert_eq!(class(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)), Class::Unavailable);
        assert_eq!(class(DbErr::Type("not bound".to_owned())), Class::Internal);
        let io = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let fault = Err::<(), _>(SqlxError::Io(io)).or_fault().expect_err("a fault");
        assert_eq!(fault.class(), Class::Unavailable);
        assert!(!is_retryable(&fault), "the caller backs off instead");
    }

    #[test]
    fn a_full_or_stopping_server_is_away() {
        for code in ["08006", "53100", "53300", "57P01", "57P03", "58030", "25006"] {
            assert!(is_away(code), "{code}");
        }
        for code in ["22001", "23502", "42P01", "57014", "25001"] {
            assert!(!is_away(code), "{code}");
        }
    }
}
