//! Tolerant reading of JSON bodies: ids as opaque text, times in any of the networks' forms.
//!
//! Two bounds protect the process: serde's recursion limit (128 levels), and [`limits`] on each
//! value. Deliberately absent: typed mirrors of the networks' schemas, which would refuse a
//! whole body for the sake of one field that nobody reads.

use serde_json::Value;
use serde_json::error::Category;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::item::limits;

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// Stable code.
    pub(crate) reason: &'static str,
    /// Where, without any content.
    pub(crate) detail: String,
}

impl Unreadable {
    pub(crate) fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// The body as a value.
///
/// Meta escapes text as UTF-16 and cuts it anywhere, so an unpaired surrogate may appear; it is
/// read as U+FFFD instead of costing up to a thousand siblings their reading.
pub(crate) fn read(body: &[u8]) -> Result<Value, Unreadable> {
    let error = match serde_json::from_slice(body) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if body.is_empty() {
        return Err(Unreadable::new("empty_body", "the body is empty"));
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    if std::str::from_utf8(body).is_err() {
        return Err(Unreadable::new("invalid_utf8", place));
    }
    if error.classify() == Category::Eof {
        return Err(Unreadable::new("truncated_json", place));
    }
    if let Some(mended) = without_lone_surrogates(body)
        && let Ok(value) = serde_json::from_slice(&mended)
    {
        return Ok(value);
    }
    let reason = if error.to_string().starts_with("recursion limit") {
        "nested_too_deep"
    } else {
        "malformed_json"
    };
    Err(Unreadable::new(reason, place))
}

/// The body with every unpaired `\uD8xx` escape replaced by `\uFFFD`; `None` without any.
fn without_lone_surrogates(body: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| -> Option<u16> {
        let escape = body.get(at..at + 6)?;
        let digits = escape.strip_prefix(b"\\u").and_then(|hex| std::str::from_utf8(hex).ok())?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut mended = body.to_vec();
    let mut found = false;
    let mut at = 0;
    while at < body.len() {
        if body[at] != b'\\' {
            at += 1;
            continue;
        }
        match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                mended[at + 2..at + 6].copy_from_slice(b"FFFD");
                found = true;
                at += 6;
            }
            // Any other escape is at least two bytes long, its second never starts another.
            Some(_) | None => at += 2,
        }
    }
    found.then_some(mended)
}

/// Text with NUL, which PostgreSQL cannot hold, replaced by U+FFFD.
pub(crate) fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

/// The member, unless absent or null.
pub(crate) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).filter(|member| !member.is_null())
}

/// The elements of a list; anything else has none.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The thing itself, whether bare or wrapped as `{"data": …}`.
pub(crate) fn unwrapped(value: &Value) -> &Value {
    match value.get("data") {
        Some(inner) if inner.is_object() => inner,
        _ => value,
    }
}

/// An opaque id: text, or a whole number that JSON carried exactly. Absent, null and empty are
/// `None`.
pub(crate) fn id(value: &Value, name: &str) -> Result<Option<String>, Unreadable> {
    let id = match member(value, name) {
        None => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => number.to_string(),
        Some(_) => return Err(Unreadable::new("id_unreadable", format!("{name} is not an id"))),
    };
    if id.len() > limits::ID {
        return Err(Unreadable::new("id_too_long", format!("{name} exceeds {} bytes", limits::ID)));
    }
    if id.chars().any(char::is_control) {
        return Err(Unreadable::new("id_unreadable", format!("{name} holds a control character")));
    }
    Ok(Some(id).filter(|id| !id.is_empty()))
}

/// An id that must be there.
pub(crate) fn required_id(value: &Value, name: &str) -> Result<String, Unreadable> {
    id(value, name)?.ok_or_else(|| Unreadable::new("id_missing", format!("{name} is missing")))
}

/// What people wrote; absent is `None`.
pub(crate) fn text(value: &Value, name: &str) -> Result<Option<String>, Unreadable> {
    match member(value, name) {
        None => Ok(None),
        Some(Value::String(text)) if text.chars().count() > limits::TEXT => Err(Unreadable::new(
            "text_too_long",
            format!("{name} exceeds {} characters", limits::TEXT),
        )),
        Some(Value::String(text)) => Ok(Some(clean(text))),
        Some(_) => Err(Unreadable::new("text_unreadable", format!("{name} is not a text"))),
    }
}

/// A name, title or word: cut to its limit, empty when absent or of another type.
pub(crate) fn word(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str).unwrap_or_default();
    clean(&text.chars().take(limits::WORD).collect::<String>())
}

/// A web address; empty when absent, too long, or of another scheme.
pub(crate) fn address(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str).unwrap_or_default();
    let web = text.starts_with("https://") || text.starts_with("http://");
    let plain = !text.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    if web && plain && text.len() <= limits::ADDRESS { text.to_owned() } else { String::new() }
}

fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn moment(milliseconds: i64) -> Option<OffsetDateTime> {
    let moment =
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()?;
    // No network is older; a later year is a wrong unit.
    (2000..2100).contains(&moment.year()).then_some(moment)
}

/// A moment in Unix milliseconds, as a number or as text; absent is `None`.
pub(crate) fn milliseconds(
    value: &Value,
    name: &str,
) -> Result<Option<OffsetDateTime>, Unreadable> {
    let Some(found) = member(value, name) else { return Ok(None) };
    whole_number(found).and_then(moment).map(Some).ok_or_else(|| unreadable_time(name))
}

/// A moment in Unix seconds (Facebook feed); milliseconds are told apart by their size.
pub(crate) fn seconds(value: &Value, name: &str) -> Result<Option<OffsetDateTime>, Unreadable> {
    let Some(found) = member(value, name) else { return Ok(None) };
    whole_number(found)
        .and_then(|number| number.checked_mul(1_000).and_then(moment).or_else(|| moment(number)))
        .map(Some)
        .ok_or_else(|| unreadable_time(name))
}

/// A moment in RFC 3339 (X posts); absent is `None`.
pub(crate) fn rfc3339(value: &Value, name: &str) -> Result<Option<OffsetDateTime>, Unreadable> {
    let Some(found) = member(value, name) else { return Ok(None) };
    found
        .as_str()
        .and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok())
        .map(kit_values::truncated)
        .filter(|moment| (2000..2100).contains(&moment.year()))
        .map(Some)
        .ok_or_else(|| unreadable_time(name))
}

fn unreadable_time(name: &str) -> Unreadable {
    Unreadable::new("time_unreadable", format!("{name} is not a moment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unpaired_surrogate_costs_one_character_and_not_the_body() {
        let value = read(br#"{"a":"x\ud83d","b":"\ud83d\ude15","c":"\\ud83d","d":"\udc00y"}"#)
            .expect("reads");
        assert_eq!(value["a"], "x\u{FFFD}");
        assert_eq!(value["b"], "\u{1F615}");
        assert_eq!(value["c"], "\\ud83d");
        assert_eq!(value["d"], "\u{FFFD}y");
    }

    #[test]
    fn what_is_wrong_with_a_body_has_a_name() {
        let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();
        for (body, reason) in [
            (&b""[..], "empty_body"),
            (br#"{"a":"#, "truncated_json"),
            (b"{\"a\":\"\xff\"}", "invalid_utf8"),
            (br#"{"a":1} {"b":2}"#, "malformed_json"),
            (&deep, "nested_too_deep"),
        ] {
            assert_eq!(read(body).expect_err("is unreadable").reason, reason);
        }
    }

    #[test]
    fn an_id_beyond_two_to_the_53rd_keeps_every_digit() {
        let value = read(br#"{"a":18446744073709551615,"b":"-2781149976877970683","c":1e30}"#)
            .expect("reads");
        assert_eq!(id(&value, "a"), Ok(Some("18446744073709551615".to_owned())));
        assert_eq!(id(&value, "b"), Ok(Some("-2781149976877970683".to_owned())));
        assert!(id(&value, "c").is_err());
        assert_eq!(id(&value, "d"), Ok(None));
    }

    #[test]
    fn a_time_in_the_wrong_unit_or_out_of_range_is_not_a_moment() {
        let value =
            read(br#"{"s":1784927000,"ms":"1784927000123","never":99999999999999999,"neg":-5}"#)
                .expect("reads");
        assert!(milliseconds(&value, "ms").is_ok());
        assert_eq!(
            seconds(&value, "s").expect("is a moment").map(OffsetDateTime::unix_timestamp),
            Some(1_784_927_000)
        );
        for name in ["never", "neg"] {
            assert!(milliseconds(&value, name).is_err(), "{name}");
            assert!(seconds(&value, name).is_err(), "{name}");
        }
    }
}
