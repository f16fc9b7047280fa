//! The played networks, as their own API lets them be driven: customers write, faults are
//! switched, and it is told which calls took effect.

use std::time::Duration;

use reqwest::{Client, Method};
use serde::Deserialize;
use serde_json::{Value, json};

/// A running playground.
#[derive(Debug, Clone)]
pub struct Playground {
    address: String,
    client: Client,
}

/// One call of a network's API that took effect.
#[derive(Debug, Clone, Deserialize)]
pub struct Accepted {
    /// Its place among everything that happened.
    pub number: u64,
    /// `x` or `facebook`.
    pub network: String,
    /// The words as the caller sent them.
    pub text: String,
    /// The network's id of what was made.
    pub external_id: String,
    /// What the caller got for an answer: `success`, `with_errors`, `server_error`, `nothing`,
    /// `reset`.
    pub answered: String,
}

impl Playground {
    /// The one at `address`, once it answers.
    pub async fn at(address: &str) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(20)).build().expect("a client");
        let playground = Self { address: address.to_owned(), client };
        let mut tries = 0;
        while playground.ask(Method::GET, "state", None).await.is_err() {
            tries += 1;
            assert!(tries < 600, "the playground does not open");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        playground
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<(u16, Value)> {
        let address = format!("http://{}/playground/api/{path}", self.address);
        let mut request = self.client.request(method, address);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    async fn must(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let (status, document) = self.ask(method, path, body).await.expect("it answers");
        assert!((200..300).contains(&status), "{path} with {body:?}: {status} {document}");
        document
    }

    /// Nobody writes by themselves any more.
    pub async fn pause(&self) {
        self.must(Method::PUT, "generator", Some(&json!({ "running": false }))).await;
    }

    /// A new customer; gives the key that they go by.
    pub async fn customer(&self, number: usize) -> String {
        let body = json!({
            "name": format!("Customer {number}"),
            "handle": format!("customer_{number}"),
            "language": "en",
        });
        let customer = self.must(Method::POST, "personas", Some(&body)).await;
        customer["key"].as_str().expect("a key").to_owned()
    }

    /// Has somebody do something, as in `x/mention`; gives the network's id of what was made.
    pub async fn act(&self, action: &str, body: &Value) -> String {
        let performed = self.must(Method::POST, action, Some(body)).await;
        performed["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Switches the faults of both networks; what is left out is off.
    pub async fn faults(&self, faults: &Value) {
        self.must(Method::PUT, "faults", Some(faults)).await;
    }

    /// How often a fault of a network is still to happen.
    pub async fn still_to_happen(&self, network: &str, fault: &str) -> u64 {
        let faults = self.must(Method::GET, "faults", None).await;
        faults[network][fault]["count"].as_u64().unwrap_or_else(|| panic!("no fault {fault}"))
    }

    /// Switches how webhooks leave; what is left out is as usual.
    pub async fn switches(&self, switches: &Value) {
        self.must(Method::PUT, "switches", Some(switches)).await;
    }

    /// Every call that took effect, in order.
    pub async fn accepted(&self) -> Vec<Accepted> {
        let calls = self.must(Method::GET, "accepted", None).await;
        serde_json::from_value(calls).expect("the list of accepted calls")
    }

    /// Webhooks that ingest has not answered yet.
    pub async fn untold(&self) -> u64 {
        let state = self.must(Method::GET, "state", None).await;
        state["pending"].as_u64().expect("a number")
    }
}
