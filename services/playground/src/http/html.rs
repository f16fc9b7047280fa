//! HTML by hand: escaping, and templates with `{{word}}` places.

use std::fmt::Write as _;

use super::language::Words;

/// `text` as it may stand in an element or in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // NUL cannot stand in HTML in any form.
            '\0' => escaped.push('\u{FFFD}'),
            // `=`, backquote and slash: harmless in quoted attributes, and shown as they are.
            other => {
                // Writing to memory does not fail.
                let _ = escaped.write_char(other);
            }
        }
    }
    escaped
}

/// The template with each `{{key}}` replaced by its word, escaped. An unknown key stays and is
/// found by a test.
#[must_use]
pub fn fill(template: &str, words: &Words) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((key, after)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        match words.get(key) {
            Some(word) => filled.push_str(&escape(word)),
            None => {
                let _ = write!(filled, "{{{{{key}}}}}");
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_escaped_can_begin_a_tag_or_end_an_attribute() {
        let escaped = escape("</script><img src=x onerror='a()'> \"q\" & \0");
        assert!(!escaped.contains(['<', '>', '"', '\'', '\0']), "{escaped}");
        assert_eq!(escape("é 😀 م"), "é 😀 م");
    }

    #[test]
    fn places_of_a_template_take_their_words_escaped() {
        let words = Words::from([("a".to_owned(), "<b>".to_owned())]);
        assert_eq!(fill("x {{a}} y {{b}} z {{", &words), "x &lt;b&gt; y {{b}} z {{");
    }
}
