//! What a request brings, read strictly: JSON only, unknown fields refused, no value repeated in
//! an error.

use axum::body::{Bytes, HttpBody as _};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use kit_service::http::Problem;
use kit_values::{Fault, Id, Kind};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            let sentence = "The body must be JSON, and its content type must say so.";
            return Err(Problem(Fault::invalid("not_json", "content-type", sentence)));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            Problem(Fault::invalid("body_too_large", "body", "The body is too large."))
        })?;
        // A list of values without their names would be read, too.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem(refusal("body", "")));
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Problem(refusal("body", &error.to_string())))
    }
}

/// A query string.
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(parameters)| Self(parameters))
            .map_err(|error| Problem(refusal("query", &error.body_text())))
    }
}

/// The one id in a path. What is no id names nothing.
pub struct PathId<K>(pub Id<K>);

impl<K: Kind, S: Send + Sync> FromRequestParts<S> for PathId<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let what = match K::PREFIX {
            "msg" => "message",
            "mem" => "member",
            "chan" => "channel",
            "attr" => "contact attribute",
            "inv" => "invitation",
            "conv" => "conversation",
            "note" => "note",
            "contact" => "contact",
            _ => "such thing",
        };
        let missing = || Problem(Fault::not_found(what));
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| missing())?;
        text.parse().map(Self).map_err(|_| missing())
    }
}

/// The two ids in a path. What is no id names nothing.
pub struct PathIds<K, L>(pub Id<K>, pub Id<L>);

impl<K: Kind, L: Kind, S: Send + Sync> FromRequestParts<S> for PathIds<K, L> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let missing = || Problem(Fault::not_found("such thing"));
        let Path((first, second)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|_| missing())?;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(missing()),
        }
    }
}

/// No body, or an empty object: the address says it all.
pub struct Nothing;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

impl<S: Send + Sync> FromRequest<S> for Nothing {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if request.body().is_end_stream() {
            return Ok(Self);
        }
        let Body(Empty {}) = Body::from_request(request, state).await?;
        Ok(Self)
    }
}

/// Names the tab that holds, or asks for, a reply lock.
const TAB: &str = "x-guichet-tab";

/// The header of a tab, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `Tab` reads")]
pub struct TabHeader {
    /// Names the browser's tab: 16 to 64 letters and digits, as its page chose them.
    #[param(rename = "x-guichet-tab")]
    tab: String,
}

/// The tab that a request comes from.
pub struct Tab(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Tab {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let given = parts.headers.get(TAB).and_then(|value| value.to_str().ok());
        let good = |tab: &&str| {
            (16..=64).contains(&tab.len()) && tab.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        given.filter(good).map(|tab| Self(tab.to_owned())).ok_or_else(|| {
            let sentence = "Name the browser's tab in this header: 16 to 64 letters and digits.";
            Problem(Fault::invalid("tab_invalid", TAB, sentence))
        })
    }
}

/// A decoder's words can repeat what was sent, which may be a password: only the name of a
/// field is taken from them.
fn refusal(place: &'static str, words: &str) -> Fault {
    for (code, mark, sentence) in [
        ("unknown_field", "unknown field `", "There is no such field."),
        ("missing_field", "missing field `", "This field is missing."),
        ("duplicate_field", "duplicate field `", "This field is given twice."),
    ] {
        let named = words.split_once(mark).and_then(|(_, rest)| rest.split_once('`'));
        if let Some((field, _)) = named {
            let field: String = field.chars().take(64).filter(|c| !c.is_control()).collect();
            return Fault::invalid(code, field, sentence);
        }
    }
    Fault::invalid("malformed", place, "This cannot be read as what the route takes.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::rest::SignIn;

    fn refused(json: &str) -> Fault {
        let Err(error) = serde_json::from_str::<SignIn>(json) else { panic!("{json} was read") };
        refusal("body", &error.to_string())
    }

    #[test]
    fn an_unknown_field_is_named() {
        let fault = refused(r#"{"login":"a","password":"b","role":"admin"}"#);
        assert_eq!((fault.code(), fault.field()), ("unknown_field", Some("role")));
    }

    #[test]
    fn no_value_is_repeated() {
        let fault = refused(r#"{"login":"a","password":{"hunter2":1}}"#);
        assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
        let fault = refused(r#"{"login":"a","password":"hunter2"#);
        assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
    }
}
