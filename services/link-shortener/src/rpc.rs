//! gRPC: conversation asks while it accepts a reply.

use kit_service::rpc::{caller, status};
use kit_store::Store;
use kit_values::{Class, Fault, now};
use proto::link::v1 as link;
use proto::link::v1::link_shortener_service_server::LinkShortenerService;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::app;
use crate::domain::{Base, Code, RANDOM_BYTES};
use crate::wire;

/// How often fresh codes are taken when one was taken already.
const ATTEMPTS: usize = 5;

/// The service behind the port.
pub struct Shortener {
    store: Store,
    base: Base,
}

impl Shortener {
    /// Over these parts.
    pub const fn new(store: Store, base: Base) -> Self {
        Self { store, base }
    }
}

/// A code and an id for a link that may have to be made.
fn fresh() -> Result<(Code, Uuid), Fault> {
    loop {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(Fault::internal)?;
        if let Some(code) = Code::from_random(&bytes) {
            return Ok((code, kit_values::mint_uuid()));
        }
    }
}

#[tonic::async_trait]
impl LinkShortenerService for Shortener {
    async fn shorten(
        &self,
        request: Request<link::ShortenRequest>,
    ) -> Result<Response<link::ShortenResponse>, Status> {
        let caller = caller(&request)?;
        caller.require_service(&["conversation"]).map_err(status)?;
        let organization = caller.organization().map_err(status)?;
        let request = request.into_inner();
        let mut attempt = 1;
        loop {
            let asked = wire::asked(request.clone(), fresh).map_err(status)?;
            let made = self
                .store
                .transaction(&organization.into(), async |transaction| {
                    app::shorten(transaction, organization, &asked, &self.base, now()).await
                })
                .await;
            match made {
                Err(fault) if fault.class() == Class::Conflict && attempt < ATTEMPTS => {
                    attempt += 1;
                }
                made => {
                    let made = made.map_err(status)?;
                    metrics::counter!("links_shortened").increment(made.len() as u64);
                    return Ok(Response::new(wire::answer(made, &self.base)));
                }
            }
        }
    }
}
