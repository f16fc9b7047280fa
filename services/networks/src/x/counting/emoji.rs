//! Emoji of several code points.

const JOINER: char = '\u{200D}';
const PICTURE: char = '\u{FE0F}';

/// Longest of Unicode's sequences, in code points.
const LONGEST: usize = 10;

/// Where the emoji at `start` ends, if it is one of Unicode's sequences. Those of one code point
/// weigh the same by their range and are not looked up.
pub(super) fn at(letters: &[char], start: usize) -> Option<usize> {
    let tail = &letters[start..letters.len().min(start + LONGEST)];
    let length = sequence(tail);
    let mut name: String = tail[..length].iter().collect();
    for length in (2..=length).rev() {
        if is_one(&name) {
            return Some(start + length);
        }
        name.pop();
    }
    None
}

/// Only what Unicode calls fully qualified, as in twitter-text: of a sequence written in a short
/// form X counts every code point.
fn is_one(name: &str) -> bool {
    name.ends_with('\u{20E3}') && emojis::get(name).is_some()
        || emojis::get(name).is_some_and(|emoji| emoji.as_str() == name)
}

/// How many code points might belong together.
fn sequence(tail: &[char]) -> usize {
    let mut length = 1;
    while let Some(next) = tail.get(length) {
        let joined = tail[length - 1] == JOINER;
        let pair = length == 1 && is_regional(tail[0]) && is_regional(*next);
        if !(joined || pair || continues(*next)) {
            break;
        }
        length += 1;
    }
    length
}

const fn is_regional(letter: char) -> bool {
    matches!(letter, '\u{1F1E6}'..='\u{1F1FF}')
}

const fn continues(letter: char) -> bool {
    matches!(
        letter,
        JOINER | PICTURE | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}'
    )
}
