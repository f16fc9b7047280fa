//! How a browser gets to its live feed: a session, then a socket.

use reqwest::Client;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Whatever went wrong on the way.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// An open live feed.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Signs in with login and password; gives the session's cookie, as the `cookie` header has it.
///
/// # Errors
/// When the gateway at `host:port` cannot be reached or says no.
pub async fn sign_in(
    gateway: &str,
    (login, password): (&str, &str),
    client: &Client,
) -> Result<String, Failure> {
    let answer = client
        .post(format!("http://{gateway}/api/v1/session"))
        .header("origin", format!("http://{gateway}"))
        .json(&json!({ "login": login, "password": password }))
        .send()
        .await?
        .error_for_status()?;
    let cookie = answer.headers().get("set-cookie").ok_or("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Opens the live feed of a session. The caller says hello.
///
/// # Errors
/// When the gateway cannot be reached or does not let the session in.
pub async fn connect(gateway: &str, session: &str) -> Result<Socket, Failure> {
    let mut request = format!("ws://{gateway}/api/v1/live").into_client_request()?;
    request.headers_mut().insert("cookie", HeaderValue::from_str(session)?);
    let origin = HeaderValue::from_str(&format!("http://{gateway}"))?;
    request.headers_mut().insert("origin", origin);
    Ok(tokio_tungstenite::connect_async(request).await?.0)
}
