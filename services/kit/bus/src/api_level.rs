//! Whether the server is new enough, decided from its own reply.
//!
//! An old nats-server answers "ok" to a stream or consumer whose settings it does not know and
//! silently drops them (`reference/infrastructure.md` 1), so nothing else would tell.

use kit_values::{Class, Fault};
use serde::Deserialize;

/// The JetStream API level of nats-server 2.12, the oldest that is accepted.
pub const MINIMUM_API_LEVEL: u32 = 2;

#[derive(Deserialize)]
struct AccountInfo {
    #[serde(default)]
    error: Option<ApiError>,
    #[serde(default)]
    api: Api,
}

#[derive(Deserialize)]
struct ApiError {
    code: u32,
}

#[derive(Default, Deserialize)]
struct Api {
    /// Absent before nats-server 2.11.
    #[serde(default)]
    level: u32,
}

/// The API level in a reply to `$JS.API.INFO`.
///
/// # Errors
/// `Rejected` `broker_too_old` when the level is below [`MINIMUM_API_LEVEL`] or not given at all;
/// `Unavailable` `broker_not_ready` when the server says that it cannot answer for now or that
/// JetStream is off; `Internal` when the reply is not one.
pub fn api_level(reply: &[u8]) -> Result<u32, Fault> {
    let info: AccountInfo = serde_json::from_slice(reply).map_err(Fault::internal)?;
    if let Some(error) = info.error {
        return Err(Fault::new(
            Class::Unavailable,
            "broker_not_ready",
            format!("The NATS server cannot answer for JetStream (code {}).", error.code),
        ));
    }
    if info.api.level < MINIMUM_API_LEVEL {
        return Err(Fault::new(
            Class::Rejected,
            "broker_too_old",
            format!(
                "The NATS server is too old: its JetStream API level is {}, and {MINIMUM_API_LEVEL} \
                 is needed. Use nats-server 2.12.7 or later; deploy/install gets one.",
                info.api.level
            ),
        ));
    }
    Ok(info.api.level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_of_level_two_or_more_is_accepted() {
        for level in [2, 3, 5] {
            let reply = format!(r#"{{"type":"x","memory":0,"api":{{"level":{level},"total":7}}}}"#);
            assert_eq!(api_level(reply.as_bytes()).expect("accepted"), level);
        }
    }

    #[test]
    fn an_old_server_is_refused_with_the_version_to_use() {
        for reply in [
            // 2.9 and 2.10 give no level at all, 2.11 gives 1.
            r#"{"type":"io.nats.jetstream.api.v1.account_info_response","memory":0,"api":{"total":3}}"#,
            r#"{"type":"io.nats.jetstream.api.v1.account_info_response","api":{"level":1}}"#,
            r#"{"type":"io.nats.jetstream.api.v1.account_info_response"}"#,
        ] {
            let fault = api_level(reply.as_bytes()).expect_err("refused");
            assert_eq!(fault.code(), "broker_too_old");
            assert!(fault.sentence().contains("2.12.7"), "{fault}");
        }
    }

    #[test]
    fn a_server_that_is_not_ready_is_not_called_old() {
        let reply =
            br#"{"error":{"code":503,"err_code":10008,"description":"temporarily unavailable"}}"#;
        let fault = api_level(reply).expect_err("not ready");
        assert_eq!(fault.class(), Class::Unavailable);
        assert_eq!(api_level(b"not json").expect_err("garbage").class(), Class::Internal);
    }
}
