//! The token that the first-run page asks for: printed once a start while nobody can sign in.

use std::time::{Duration, Instant};

use kit_service::rpc;
use kit_values::Fault;
use proto::directory::v1::CreateWelcomeTokenRequest;
use proto::directory::v1::people_service_client::PeopleServiceClient;

use crate::operator;
use crate::settings::Settings;

/// How long directory may take to become ready.
const PATIENCE: Duration = Duration::from_secs(10);

/// A fresh token, which voids the one of the start before; none once somebody can sign in.
///
/// # Errors
/// What directory says.
pub async fn token(settings: &Settings) -> Result<Option<String>, Fault> {
    let listener = settings.directory.as_ref().map(|config| &config.rpc);
    let channel = operator::channel(settings, "directory", listener, None)?;
    let mut client = PeopleServiceClient::new(channel);
    let began = Instant::now();
    loop {
        let asked = operator::request(CreateWelcomeTokenRequest {});
        match client.create_welcome_token(asked).await.map_err(rpc::fault) {
            Err(fault) if fault.class().is_infrastructure() && began.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            answer => {
                let token = answer?.into_inner().token;
                return Ok((!token.is_empty()).then_some(token));
            }
        }
    }
}
