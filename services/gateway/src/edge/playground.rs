//! `/playground` is the playground service's, behind this port so that one address is enough.
//!
//! Only in a simulated installation. The session's cookie goes no further than here.

use axum::body::Body;
use axum::extract::Request;
use axum::http::uri::{Authority, Scheme};
use axum::http::{HeaderMap, HeaderName, Uri, header};
use axum::response::{IntoResponse as _, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kit_service::Peer;
use kit_service::http::Problem;
use kit_values::{Class, Fault};

/// Passes requests on.
#[derive(Clone)]
pub struct Playground {
    client: Client<HttpConnector, Body>,
    authority: Authority,
}

impl Playground {
    /// To the service at this address.
    ///
    /// # Errors
    /// Invalid, naming the setting, when it is no plain HTTP address.
    pub fn new(peer: &Peer) -> Result<Self, Fault> {
        let refused = || {
            Fault::invalid(
                "playground",
                "gateway.playground.address",
                "Give the playground's host and port.",
            )
        };
        let uri: Uri = peer.url().parse().map_err(|_| refused())?;
        let authority = uri.authority().ok_or_else(refused)?.clone();
        if uri.scheme() != Some(&Scheme::HTTP) {
            return Err(refused());
        }
        Ok(Self { client: Client::builder(TokioExecutor::new()).build_http(), authority })
    }

    /// Passes one request on.
    pub async fn pass(&self, mut request: Request) -> Response {
        let path = request.uri().path_and_query().cloned();
        let mut uri = Uri::builder().scheme(Scheme::HTTP).authority(self.authority.clone());
        if let Some(path) = path {
            uri = uri.path_and_query(path);
        }
        let Ok(uri) = uri.build() else {
            return Problem(Fault::not_found("page")).into_response();
        };
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        remove_hop_by_hop(headers);
        for private in [header::COOKIE, header::AUTHORIZATION, header::HOST] {
            headers.remove(private);
        }
        match self.client.request(request).await {
            Ok(response) => {
                let mut response = response.map(Body::new);
                remove_hop_by_hop(response.headers_mut());
                // No cookie of this origin is the playground's to set.
                response.headers_mut().remove(header::SET_COOKIE);
                response
            }
            Err(error) => {
                let sentence = "The playground cannot be reached.";
                Problem(
                    Fault::new(Class::Unavailable, "playground_unavailable", sentence)
                        .caused_by(error),
                )
                .into_response()
            }
        }
    }
}

/// What belongs to one connection only (RFC 9110, 7.6.1).
fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let always = [
        header::CONNECTION,
        HeaderName::from_static("keep-alive"),
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ];
    for name in always.into_iter().chain(named) {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_one_connection_do_not_travel() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, x-private"),
            ("x-private", "1"),
            ("transfer-encoding", "chunked"),
            ("x-kept", "1"),
        ] {
            headers.insert(name, value.parse().expect("a value"));
        }
        remove_hop_by_hop(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["x-kept"]);
    }

    #[test]
    fn only_a_plain_http_address_is_a_playground() {
        let peer = |address: &str| Peer { address: address.to_owned() };
        assert!(Playground::new(&peer("127.0.0.1:9000")).is_ok());
        assert!(Playground::new(&peer("http://playground:9000")).is_ok());
        for wrong in ["https://playground", "", "ftp://playground"] {
            assert!(Playground::new(&peer(wrong)).is_err(), "{wrong}");
        }
    }
}
