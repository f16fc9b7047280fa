//! Checks JSON against the schemas of an OpenAPI 3.0 document.
//!
//! Only the keywords that the networks' documents use are known; any other, and any pattern or
//! format without a check here, is an error, so that nothing passes unchecked. Deliberately
//! absent: a general validator, which would be the largest dependency of the workspace.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An OpenAPI document.
#[derive(Debug)]
pub struct Document(Value);

impl Document {
    /// From its text.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| error.to_string())
    }

    /// Everything in which `value` differs from the component schema `name`; empty when nothing.
    #[must_use]
    pub fn differences(&self, name: &str, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        match self.component(name) {
            Some(schema) => self.check(schema, value, name, &mut found),
            None => found.push(format!("the document has no schema {name}")),
        }
        found
    }

    fn component(&self, name: &str) -> Option<&Value> {
        self.0.pointer(&format!("/components/schemas/{name}"))
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let Some(keywords) = schema.as_object() else {
            found.push(format!("{at}: the schema is not an object"));
            return;
        };
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            match self.component(name) {
                Some(schema) => self.check(schema, value, at, found),
                None => found.push(format!("{at}: {reference} leads nowhere")),
            }
            return;
        }
        if value.is_null() && keywords.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        for (keyword, expected) in keywords {
            self.keyword(keyword, expected, keywords, value, at, found);
        }
    }

    fn keyword(
        &self,
        keyword: &str,
        expected: &Value,
        schema: &Map<String, Value>,
        value: &Value,
        at: &str,
        found: &mut Vec<String>,
    ) {
        let fits = match keyword {
            "description" | "example" | "nullable" | "default" => true,
            "type" => has_type(expected, value),
            "enum" => expected.as_array().is_some_and(|values| values.contains(value)),
            "format" => has_format(expected, value),
            "pattern" => matches_pattern(expected, value),
            "minItems" => length(value) >= expected.as_u64().unwrap_or(u64::MAX),
            "maxItems" => length(value) <= expected.as_u64().unwrap_or(0),
            "required" => {
                let names = expected.as_array().into_iter().flatten().filter_map(Value::as_str);
                names.into_iter().all(|name| value.get(name).is_some())
            }
            "properties" => {
                for (name, schema) in expected.as_object().into_iter().flatten() {
                    if let Some(member) = value.get(name) {
                        self.check(schema, member, &format!("{at}.{name}"), found);
                    }
                }
                true
            }
            "additionalProperties" if expected == &Value::Bool(false) => {
                let known = schema.get("properties");
                let mut names = value.as_object().into_iter().flatten().map(|(name, _)| name);
                names.all(|name| known.is_some_and(|known| known.get(name).is_some()))
            }
            "items" => {
                for (place, element) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(expected, element, &format!("{at}[{place}]"), found);
                }
                true
            }
            "oneOf" => {
                let fitting = expected.as_array().into_iter().flatten().filter(|schema| {
                    let mut differences = Vec::new();
                    self.check(schema, value, at, &mut differences);
                    differences.is_empty()
                });
                fitting.count() == 1
            }
            unknown => {
                found.push(format!("{at}: no check for the keyword {unknown}"));
                true
            }
        };
        if !fits {
            found.push(format!("{at}: {keyword} {expected}"));
        }
    }
}

fn has_type(expected: &Value, value: &Value) -> bool {
    match expected.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        _ => false,
    }
}

fn has_format(expected: &Value, value: &Value) -> bool {
    match expected.as_str() {
        Some("date-time") => {
            value.as_str().is_some_and(|text| OffsetDateTime::parse(text, &Rfc3339).is_ok())
        }
        Some("int32") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Some("int64") => value.is_i64(),
        Some("double") => value.is_number(),
        _ => false,
    }
}

fn matches_pattern(expected: &Value, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    match expected.as_str() {
        Some("^[0-9]{1,19}$") => {
            (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        }
        Some("^[A-Za-z0-9_]{1,40}$") => {
            (1..=40).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        }
        _ => false,
    }
}

fn length(value: &Value) -> u64 {
    value.as_array().map_or(0, |list| u64::try_from(list.len()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        Document(json!({"components": {"schemas": {
            "Thing": {"type": "object", "required": ["id"], "additionalProperties": false,
                "properties": {
                    "id": {"$ref": "#/components/schemas/Id"},
                    "at": {"type": "string", "format": "date-time"},
                    "range": {"type": "array", "minItems": 2, "maxItems": 2,
                        "items": {"type": "integer", "format": "int64"}},
                    "kind": {"oneOf": [{"type": "string", "enum": ["a", "b"]}]},
                }},
            "Id": {"type": "string", "pattern": "^[0-9]{1,19}$"},
            "Odd": {"type": "string", "maxLength": 3},
        }}}))
    }

    #[test]
    fn what_fits_has_no_differences() {
        let thing = json!({"id": "12", "at": "2026-07-24T21:23:23.000Z", "range": [0, 16],
            "kind": "a"});
        assert_eq!(document().differences("Thing", &thing), Vec::<String>::new());
    }

    #[test]
    fn every_difference_is_found() {
        for wrong in [
            json!({}),
            json!({"id": 12}),
            json!({"id": "-12"}),
            json!({"id": "1", "at": "yesterday"}),
            json!({"id": "1", "range": [0]}),
            json!({"id": "1", "range": [0, "1"]}),
            json!({"id": "1", "kind": "c"}),
            json!({"id": "1", "more": true}),
            json!(["id"]),
        ] {
            assert!(!document().differences("Thing", &wrong).is_empty(), "{wrong} passed");
        }
    }

    #[test]
    fn an_unknown_keyword_or_schema_is_never_passed_over() {
        assert_eq!(document().differences("Odd", &json!("ab")).len(), 1);
        assert_eq!(document().differences("Nowhere", &json!("ab")).len(), 1);
    }
}
