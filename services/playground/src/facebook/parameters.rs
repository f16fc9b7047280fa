//! What a call of Graph carries: in its address, as JSON, or as a form; every name that an edge
//! does not know is refused.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::refused::Refused;

/// The parameters of one call, without what says who calls.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    /// The token, wherever it stood.
    pub access_token: Option<String>,
    /// The proof that the caller knows the app's secret.
    pub appsecret_proof: Option<String>,
    values: Map<String, Value>,
}

impl Parameters {
    /// From the query and a body of this media type.
    ///
    /// # Errors
    /// Parameter, when the body cannot be read.
    pub fn read(query: Option<&str>, media_type: &str, body: &[u8]) -> Result<Self, Refused> {
        let mut values = pairs(query.unwrap_or_default().as_bytes());
        let kind = media_type.split(';').next().unwrap_or_default().trim();
        if kind == "application/x-www-form-urlencoded" {
            values.extend(pairs(body));
        } else if !body.is_empty() {
            let unreadable = |_| Refused::parameter("The body is not a JSON object");
            let object: Map<String, Value> = serde_json::from_slice(body).map_err(unreadable)?;
            values.extend(object);
        }
        let mut parameters = Self { access_token: None, appsecret_proof: None, values };
        parameters.access_token = parameters.take("access_token");
        parameters.appsecret_proof = parameters.take("appsecret_proof");
        Ok(parameters)
    }

    /// The rest as what an edge knows.
    ///
    /// # Errors
    /// Parameter, naming what is unknown or malformed.
    pub fn shaped<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        serde_json::from_value(Value::Object(self.values.clone()))
            .map_err(|error| Refused::parameter(&format!("Invalid parameter: {error}")))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        match self.values.remove(name)? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }
}

/// Names and values; one that is a JSON object stands for it, as forms carry objects.
fn pairs(text: &[u8]) -> Map<String, Value> {
    let value = |text: &str| match serde_json::from_str::<Value>(text) {
        Ok(object @ Value::Object(_)) => object,
        _ => json!(text),
    };
    url::form_urlencoded::parse(text)
        .map(|(name, text)| (name.into_owned(), value(&text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_objects_is_read_as_the_same_json() {
        let form = b"recipient=%7B%22id%22%3A%221%22%7D&access_token=t&appsecret_proof=p";
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        let from_form = Parameters::read(None, kind, form).expect("readable");
        let body = br#"{"recipient":{"id":"1"}}"#;
        let query = Some("access_token=t&appsecret_proof=p");
        let from_json = Parameters::read(query, "application/json", body).expect("readable");
        assert_eq!(from_form, from_json);
        assert_eq!(from_json.access_token.as_deref(), Some("t"));
        assert!(Parameters::read(None, "application/json", b"[1]").is_err());
    }
}
