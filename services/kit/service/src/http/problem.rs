//! `application/problem+json` (RFC 9457).

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use kit_values::Fault;
use serde_json::json;

use crate::{class, telemetry};

/// A fault as the answer to an HTTP request; answering with it writes its one log record.
#[derive(Debug)]
pub struct Problem(pub Fault);

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let fault = self.0;
        class::log(&fault, "http");
        let projection = class::projection(fault.class());
        let mut document = json!({
            "type": format!("urn:guichet:problem:{}", fault.code()),
            "title": projection.title,
            "status": projection.http.as_u16(),
            "code": fault.code(),
            "detail": fault.sentence(),
        });
        if let Some(field) = fault.field() {
            document["field"] = field.into();
        }
        if let Some(trace) = telemetry::trace_id() {
            document["trace_id"] = trace.into();
        }
        let mut response = (projection.http, document.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = fault.wait() {
            // The header knows whole seconds; too early would be refused again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
