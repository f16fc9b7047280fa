//! Calls to Bitly: within a deadline each, never for an account that is in trouble.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kit_values::{Fault, OrganizationId, Secret};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, redirect};

use crate::bitly::{self, Body, Request, Trouble};
use crate::config;
use crate::domain::Breaker;

/// Largest answer that is read.
const LARGEST: usize = 256 * 1024;

/// Calls Bitly; cheap to clone.
#[derive(Clone)]
pub struct Bitly {
    client: Client,
    settings: Arc<config::Bitly>,
    breakers: Arc<Mutex<HashMap<OrganizationId, Breaker>>>,
}

impl Bitly {
    /// At the address of the settings.
    ///
    /// # Errors
    /// Internal when no client can be made.
    pub fn new(settings: config::Bitly) -> Result<Self, Fault> {
        kit_service::cryptography();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(2))
            .user_agent("Guichet")
            .build()
            .map_err(Fault::internal)?;
        let breakers = Arc::default();
        Ok(Self { client, settings: Arc::new(settings), breakers })
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &config::Bitly {
        &self.settings
    }

    /// Why the organization's account is not asked now; none when it may be.
    #[must_use]
    pub fn refuses(&self, organization: OrganizationId) -> Option<Trouble> {
        let breakers = self.breakers.lock().unwrap_or_else(PoisonError::into_inner);
        breakers.get(&organization)?.refuses(Instant::now())
    }

    /// What the last call says of the next.
    pub fn note(&self, organization: OrganizationId, outcome: Result<(), Trouble>) {
        let mut breakers = self.breakers.lock().unwrap_or_else(PoisonError::into_inner);
        let after =
            breakers.get(&organization).copied().unwrap_or_default().after(outcome, Instant::now());
        if after == Breaker::default() {
            breakers.remove(&organization);
        } else {
            breakers.insert(organization, after);
        }
    }

    /// Asks, and reads the answer, in that time at most.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn ask<T>(
        &self,
        request: Request,
        token: Option<&Secret<String>>,
        time: Duration,
        read: impl Fn(u16, &[u8]) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let answer = tokio::time::timeout(time, self.send(request, token)).await;
        let (status, body) = answer.map_err(|_| Trouble::Timeout)??;
        let read = read(status, &body);
        let outcome = read.as_ref().err().map_or("ok", |trouble| trouble.code());
        metrics::counter!("bitly_calls", "outcome" => outcome).increment(1);
        read
    }

    async fn send(
        &self,
        request: Request,
        token: Option<&Secret<String>>,
    ) -> Result<(u16, Vec<u8>), Trouble> {
        let address = format!("{}{}", self.settings.api_base.trim_end_matches('/'), request.path);
        let method = if request.method == "GET" { Method::GET } else { Method::POST };
        let mut call = self.client.request(method, address).header(ACCEPT, "application/json");
        if let Some(token) = token {
            let value = HeaderValue::try_from(format!("Bearer {}", token.expose()));
            let mut value = value.map_err(|_| Trouble::Unauthorized)?;
            value.set_sensitive(true);
            call = call.header(AUTHORIZATION, value);
        }
        call = match request.body {
            Body::None => call,
            Body::Json(json) => call.json(&json),
            Body::Form(fields) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for (name, value) in fields {
                    form.append_pair(name, value.expose());
                }
                call.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.finish())
            }
        };
        let broken = |error: reqwest::Error| {
            if error.is_timeout() { Trouble::Timeout } else { Trouble::Unavailable }
        };
        let mut answer = call.send().await.map_err(broken)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Trouble::Unreadable);
            }
            body.extend_from_slice(&chunk);
        }
        Ok((answer.status().as_u16(), body))
    }

    /// Whose token it is, and where its links may live.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn look(
        &self,
        token: &Secret<String>,
        time: Duration,
    ) -> Result<(bitly::User, Vec<bitly::Group>), Trouble> {
        let user = self.ask(bitly::user(), Some(token), time, bitly::read_user);
        let groups = self.ask(bitly::groups(), Some(token), time, bitly::read_groups);
        let (user, groups) = tokio::join!(user, groups);
        Ok((user?, groups?))
    }
}
