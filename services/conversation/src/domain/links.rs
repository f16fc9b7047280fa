//! Addresses in a text: found, and replaced by short ones.

use std::ops::Range;

/// Most addresses of one reply that are shortened; the rest stay long.
pub const MOST: usize = 20;

/// Characters that belong to the sentence around an address when they end it.
const CLOSING: &[char] =
    &['.', ',', ';', ':', '!', '?', '"', '\'', '”', '’', '»', '…', ']', '}', '>', '。', '、'];

/// Where `http` and `https` addresses stand in a text, in bytes, in order.
#[must_use]
pub fn found(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = next_scheme(text, from) {
        let length = text[start..]
            .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '"' | '«'))
            .unwrap_or(text.len() - start);
        let end = start + trimmed(&text[start..start + length]).len();
        let scheme = text[start..end].find("://").map_or(0, |at| at + 3);
        if end > start + scheme {
            found.push(start..end);
        }
        from = start + length.max(1);
    }
    found
}

fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let lower = text.get(from..)?.to_ascii_lowercase();
    let mut search = 0;
    loop {
        let at = search + lower[search..].find("http")?;
        let rest = &lower[at + 4..];
        let begins = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        if begins && (rest.starts_with("://") || rest.starts_with("s://")) {
            return Some(from + at);
        }
        search = at + 4;
    }
}

/// Without what closes the sentence around it; a closing bracket stays if it was opened inside.
fn trimmed(address: &str) -> &str {
    let mut address = address;
    loop {
        let shorter = address.trim_end_matches(CLOSING);
        let unopened =
            shorter.ends_with(')') && shorter.matches(')').count() > shorter.matches('(').count();
        let shorter = if unopened { &shorter[..shorter.len() - 1] } else { shorter };
        if shorter.len() == address.len() {
            return address;
        }
        address = shorter;
    }
}

/// The text with each of these places replaced; in order and apart.
#[must_use]
pub fn replaced(text: &str, with: &[(Range<usize>, String)]) -> String {
    let mut written = String::with_capacity(text.len());
    let mut from = 0;
    for (place, short) in with {
        written.push_str(&text[from..place.start]);
        written.push_str(short);
        from = place.end;
    }
    written.push_str(&text[from..]);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<&str> {
        found(text).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn addresses_end_where_the_sentence_around_them_goes_on() {
        assert_eq!(
            addresses("See https://a.test/x?y=1, (http://b.test/z_(1)) or HTTPS://C.test/é."),
            ["https://a.test/x?y=1", "http://b.test/z_(1)", "HTTPS://C.test/é"]
        );
        assert_eq!(addresses("no http:// here, nor xhttp://a.test, nor https://"), [""; 0]);
        assert_eq!(addresses("« https://a.test » « https://b.test/? »").len(), 2);
    }

    #[test]
    fn only_the_addresses_are_replaced() {
        let text = "Voilà https://a.test/1 et https://b.test/2!";
        let with = found(text)
            .into_iter()
            .enumerate()
            .map(|(ordinal, place)| (place, format!("s/{ordinal}")))
            .collect::<Vec<_>>();
        assert_eq!(replaced(text, &with), "Voilà s/0 et s/1!");
    }
}
