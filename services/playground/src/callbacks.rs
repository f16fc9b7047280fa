//! The networks' check that a callback belongs to the application: X's challenge, Meta's
//! handshake.

use std::sync::Arc;
use std::time::Duration;

use kit_service::Runtime;
use kit_values::{Fault, now};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::config::{Application, Config};
use crate::stage::Stage;
use crate::world::{Network, Random, fingerprint};
use crate::x;

/// How often a callback that does not answer rightly is asked again.
const UNTIL_VALID: Duration = Duration::from_secs(2);
/// How often one that does is asked again (X: hourly).
const AFTER_VALID: Duration = Duration::from_hours(1);

/// How a callback answered last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Callback {
    /// The network.
    pub network: Network,
    /// The registration.
    pub application_id: String,
    /// Whether it proved that it belongs to the registration.
    pub valid: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// When it was asked.
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
}

/// Address of a registration's callback.
#[must_use]
pub fn address(config: &Config, network: Network, application: &str) -> String {
    let base = config.ingest_url.trim_end_matches('/');
    format!("{base}/hooks/{}/{application}", network.as_str())
}

/// Whether a network asks a callback who it is; TikTok does not.
#[must_use]
pub const fn has_handshake(network: Network) -> bool {
    !matches!(network, Network::Tiktok)
}

/// Asks every callback until the process stops.
///
/// # Errors
/// Never by itself; the signature is that of a task.
pub async fn watch(
    config: Arc<Config>,
    stage: Arc<Stage>,
    client: reqwest::Client,
    runtime: Runtime,
) -> Result<(), Fault> {
    let mut complained = false;
    loop {
        let mut callbacks = Vec::new();
        let asked = config.applications.iter().filter(|one| has_handshake(one.network));
        for application in asked {
            let reason = ask(&config, application, &client).await.err();
            callbacks.push(Callback {
                network: application.network,
                application_id: application.application_id.clone(),
                valid: reason.is_none(),
                reason,
                checked_at: now(),
            });
        }
        let is_valid = callbacks.iter().all(|callback| callback.valid);
        if !is_valid && !complained {
            complained = true;
            tracing::info!("a callback does not answer its network's challenge yet, asking again");
        }
        stage.lock().callbacks = callbacks;
        let wait = if is_valid { AFTER_VALID } else { UNTIL_VALID };
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn ask(
    config: &Config,
    application: &Application,
    client: &reqwest::Client,
) -> Result<(), &'static str> {
    let moment = now().unix_timestamp_nanos().to_string();
    let mut random = Random::new(fingerprint(&format!("{moment}/{}", application.application_id)));
    let challenge = random.draw().to_string();
    let secret = application.secret.expose();
    let (query, expected) = match application.network {
        Network::X => {
            (vec![("crc_token", challenge.as_str())], x::response_token(secret, &challenge))
        }
        Network::Tiktok => return Ok(()),
        Network::Facebook | Network::Instagram => (
            vec![
                ("hub.mode", "subscribe"),
                ("hub.verify_token", application.verify_token.expose().as_str()),
                ("hub.challenge", challenge.as_str()),
            ],
            challenge.clone(),
        ),
    };
    let address = address(config, application.network, &application.application_id);
    let mut url = reqwest::Url::parse(&address).map_err(|_| "the address is not one")?;
    url.query_pairs_mut().extend_pairs(query);
    let answer =
        client.get(url).timeout(Duration::from_secs(10)).send().await.map_err(|_| "no answer")?;
    if !answer.status().is_success() {
        return Err("refused");
    }
    let body = answer.text().await.map_err(|_| "no answer")?;
    let given = match application.network {
        Network::X => serde_json::from_str::<Value>(&body)
            .ok()
            .and_then(|value| value["response_token"].as_str().map(ToOwned::to_owned))
            .ok_or("the answer holds no response token")?,
        _ => body,
    };
    if given == expected { Ok(()) } else { Err("wrong answer to the challenge") }
}
