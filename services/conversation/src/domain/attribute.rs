//! What can be known of a contact, and what a value of each type looks like.

use time::Date;
use time::macros::format_description;

use super::words::AttributeId;

/// Longest value, in characters.
pub const LONGEST: usize = 1_000;

/// One thing that can be known of a contact, as its organization defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Which.
    pub id: AttributeId,
    /// The stable word of those that every organization begins with; else empty.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What its values are.
    pub kind: Type,
}

/// What the values of an attribute are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Any words.
    Text,
    /// A decimal number.
    Number,
    /// A day.
    Date,
    /// One of these.
    List(Vec<String>),
    /// True or false.
    Boolean,
    /// An http or https address.
    Url,
    /// An email address.
    Email,
    /// A telephone number.
    Phone,
}

/// Why something is no value of an attribute: a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoValue(pub &'static str);

impl Definition {
    /// The value that `text` is, as it is kept.
    ///
    /// # Errors
    /// Why it is none.
    pub fn value(&self, text: &str) -> Result<String, NoValue> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NoValue("value_empty"));
        }
        if text.chars().any(char::is_control) {
            return Err(NoValue("value_invalid"));
        }
        if text.chars().count() > LONGEST {
            return Err(NoValue("value_too_long"));
        }
        let is_value = match &self.kind {
            Type::Text => true,
            Type::Number => is_number(text),
            Type::Date => Date::parse(text, format_description!("[year]-[month]-[day]")).is_ok(),
            Type::List(choices) => choices.iter().any(|choice| choice == text),
            Type::Boolean => matches!(text, "true" | "false"),
            Type::Url => is_url(text),
            Type::Email => is_email(text),
            Type::Phone => is_phone(text),
        };
        let code = match &self.kind {
            Type::Text => "value_invalid",
            Type::Number => "not_a_number",
            Type::Date => "not_a_date",
            Type::List(_) => "not_a_choice",
            Type::Boolean => "not_a_boolean",
            Type::Url => "not_an_address",
            Type::Email => "not_an_email",
            Type::Phone => "not_a_phone_number",
        };
        if is_value { Ok(text.to_owned()) } else { Err(NoValue(code)) }
    }

    /// Whether it is what somebody calls `word`: its stable word or its name, whatever the case.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        let word = word.trim().to_lowercase();
        (!self.key.is_empty() && self.key == word) || self.name.to_lowercase() == word
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(part) && digits.len() <= 30
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // Nobody means somebody's name and password by an address.
        !host.is_empty() && !host.contains('@') && !rest.contains(char::is_whitespace)
    })
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | ',' | ';' | '@');
    let named = domain.split('.').count() >= 2 && domain.split('.').all(|part| !part.is_empty());
    !local.is_empty() && local.len() <= 64 && text.len() <= 254 && named && {
        local.chars().all(plain) && domain.chars().all(plain)
    }
}

fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/');
    (3..=15).contains(&digits) && rest.chars().all(known)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(kind: Type) -> Definition {
        Definition {
            id: AttributeId::from_uuid(uuid::Uuid::nil()),
            key: "account_number".to_owned(),
            name: "Kundennummer Ä".to_owned(),
            kind,
        }
    }

    #[test]
    fn each_type_takes_its_own_values_and_says_why_not() {
        let list = Type::List(vec!["Gold".to_owned(), "Silver".to_owned()]);
        let cases: [(Type, &[&str], &[&str], &str); 8] = [
            (Type::Text, &["a b", "\u{202e}x"], &["a\nb"], "value_invalid"),
            (Type::Number, &["0", "-12.50", "7"], &["1e5", ".5", "5.", "--1", "½"], "not_a_number"),
            (Type::Date, &["2026-11-23"], &["2026-02-30", "23.11.2026"], "not_a_date"),
            (list, &["Gold"], &["gold", "Bronze"], "not_a_choice"),
            (Type::Boolean, &["true", "false"], &["yes", "True"], "not_a_boolean"),
            (
                Type::Url,
                &["https://a.test/x?y=1", "http://b"],
                &["javascript:alert(1)", "https://", "https://me@a.test", "ftp://a.test"],
                "not_an_address",
            ),
            (
                Type::Email,
                &["anna@example.org", "a.b+c@x.y.z"],
                &["anna", "@x.y", "a@x", "a@x..y", "a b@x.y", "a<b@x.y"],
                "not_an_email",
            ),
            (Type::Phone, &["+49 (30) 123-45", "112"], &["12", "phone"], "not_a_phone_number"),
        ];
        for (kind, values, others, code) in cases {
            let definition = of(kind);
            for value in values {
                assert_eq!(definition.value(&format!(" {value} ")), Ok((*value).to_owned()));
            }
            for other in others {
                assert_eq!(definition.value(other), Err(NoValue(code)), "{other}");
            }
            assert_eq!(definition.value(" "), Err(NoValue("value_empty")));
            let long = "9".repeat(LONGEST + 1);
            assert_eq!(definition.value(&long), Err(NoValue("value_too_long")));
        }
    }

    #[test]
    fn an_attribute_is_called_by_its_word_and_by_its_name() {
        let definition = of(Type::Text);
        for word in ["account_number", "ACCOUNT_NUMBER", " kundennummer ä"] {
            assert!(definition.is_called(word), "{word}");
        }
        assert!(!definition.is_called("") && !definition.is_called("number"));
        let nameless = Definition { key: String::new(), ..definition };
        assert!(!nameless.is_called("account_number"));
    }

    proptest! {
        #[test]
        fn whatever_is_kept_is_kept_again_the_same(text in any::<String>(), which in 0_usize..8) {
            let kinds = [
                Type::Text, Type::Number, Type::Date, Type::List(vec![text.trim().to_owned()]),
                Type::Boolean, Type::Url, Type::Email, Type::Phone,
            ];
            let definition = of(kinds[which].clone());
            if let Ok(kept) = definition.value(&text) {
                prop_assert_eq!(definition.value(&kept), Ok(kept));
            }
        }
    }
}
