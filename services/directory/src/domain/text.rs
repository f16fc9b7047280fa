//! What may stand in a field that people or networks fill in.

use kit_values::Fault;

/// `value` without surrounding blanks, when it has `1..=longest` characters (Unicode scalar
/// values, not bytes) and none of them is a control character.
pub fn line(field: &'static str, value: &str, longest: usize) -> Result<String, Fault> {
    let value = value.trim();
    let length = value.chars().count();
    if length == 0 {
        return Err(Fault::invalid("empty", field, "This must not be empty."));
    }
    if length > longest {
        return Err(Fault::invalid(
            "too_long",
            field,
            format!("This may have at most {longest} characters; it has {length}."),
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(Fault::invalid(
            "control_character",
            field,
            "This must be a single line without control characters.",
        ));
    }
    Ok(value.to_owned())
}

/// As [`line`], but nothing at all is also accepted.
pub fn optional_line(field: &'static str, value: &str, longest: usize) -> Result<String, Fault> {
    if value.trim().is_empty() { Ok(String::new()) } else { line(field, value, longest) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_limit_counts_characters_and_not_bytes() {
        let longest = "é".repeat(255);
        assert_eq!(line("name", &longest, 255).expect("fits"), longest);
        let fault = line("name", &"é".repeat(256), 255).expect_err("too long");
        assert_eq!((fault.code(), fault.field()), ("too_long", Some("name")));
    }

    proptest! {
        #[test]
        fn an_accepted_line_is_trimmed_short_and_printable(value in any::<String>(), longest in 1_usize..40) {
            if let Ok(line) = line("field", &value, longest) {
                prop_assert!((1..=longest).contains(&line.chars().count()));
                prop_assert_eq!(line.trim(), &line);
                prop_assert!(!line.chars().any(char::is_control));
            } else {
                let trimmed = value.trim();
                let length = trimmed.chars().count();
                prop_assert!(length == 0 || length > longest || trimmed.chars().any(char::is_control));
            }
        }
    }
}
