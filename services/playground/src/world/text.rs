//! Names inside texts, counted in code points as X counts them.

/// A handle in a text: where it stands, `@` included, and what it is without `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// First code point.
    pub start: usize,
    /// One beyond the last code point.
    pub end: usize,
    /// The handle as written, without `@`.
    pub handle: String,
}

/// Longest handle that X has allowed, in characters; newer ones have at most 15.
const LONGEST_HANDLE: usize = 20;

/// Every `@handle` in a text. A handle is ASCII letters, digits and underscores, and its `@` does
/// not follow one of those (an e-mail address names nobody).
#[must_use]
pub fn handles(text: &str) -> Vec<Named> {
    let letters: Vec<char> = text.chars().collect();
    let belongs = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(letter) = letters.get(start) {
        let is_free = start == 0 || !letters.get(start - 1).is_some_and(|one| belongs(*one));
        if *letter != '@' || !is_free {
            start += 1;
            continue;
        }
        let handle: String =
            letters.iter().skip(start + 1).take_while(|one| belongs(**one)).collect();
        let end = start + 1 + handle.len();
        if !handle.is_empty() && handle.len() <= LONGEST_HANDLE {
            found.push(Named { start, end, handle });
        }
        start = end;
    }
    found
}

/// Whether a text names this handle, from code point `from` on.
#[must_use]
pub fn names(text: &str, from: usize, handle: &str) -> bool {
    handles(text)
        .iter()
        .any(|named| named.start >= from && named.handle.eq_ignore_ascii_case(handle))
}

/// The text with the handle in front, unless it is named already.
#[must_use]
pub fn naming(handle: &str, text: &str) -> String {
    if names(text, 0, handle) { text.to_owned() } else { format!("@{handle} {text}") }
}

/// A reply's text with the name that X puts in front, and how many code points those are.
#[must_use]
pub fn replying(handle: &str, text: &str) -> (String, usize) {
    if handle.is_empty() {
        return (text.to_owned(), 0);
    }
    (format!("@{handle} {text}"), handle.chars().count() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_found_by_code_points_and_not_inside_addresses() {
        let found = handles("🙂 @maison, write to me@mail.test or @Other_1!");
        let named = |start, end, handle: &str| Named { start, end, handle: handle.to_owned() };
        assert_eq!(found, [named(2, 9, "maison"), named(36, 44, "Other_1")]);
    }

    #[test]
    fn a_name_that_stands_only_in_front_of_a_reply_is_not_an_explicit_one() {
        let (text, added) = replying("maison", "thank you");
        assert_eq!((text.as_str(), added), ("@maison thank you", 8));
        assert!(names(&text, 0, "MAISON"));
        assert!(!names(&text, added, "maison"));
    }

    #[test]
    fn a_mention_is_not_named_twice() {
        assert_eq!(naming("maison", "hello"), "@maison hello");
        assert_eq!(naming("maison", "hello @Maison"), "hello @Maison");
    }
}
