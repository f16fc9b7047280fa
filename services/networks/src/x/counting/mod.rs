//! The length of a post as X counts it: the rules of twitter-text, whose conformance cases are
//! the test (`tests/contracts`).
//!
//! The text is counted in Unicode's composed form (NFC). Every address weighs 23, every emoji 2
//! however many code points it is made of, other code points 1 or 2.

mod address;
mod domain;
mod emoji;
mod letters;

use unicode_normalization::{UnicodeNormalization, is_nfc};

pub use address::addresses;

/// How a version of twitter-text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Configuration {
    /// Longest weighted length.
    pub limit: u32,
    /// What weighs one in `ranges`, and code points outside them, in hundredths.
    default_weight: u32,
    /// Code points that weigh 100 hundredths.
    ranges: &'static [(u32, u32)],
    /// An emoji weighs what one code point does.
    emoji: bool,
}

const ADDRESS_WEIGHT: u32 = 2_300;
const SCALE: u32 = 100;
/// Scripts that say less by a letter, and their punctuation.
const LIGHT: &[(u32, u32)] = &[(0, 4_351), (8_192, 8_205), (8_208, 8_223), (8_242, 8_247)];

impl Configuration {
    /// 140 code points.
    pub const V1: Self = Self { limit: 140, default_weight: 100, ranges: &[], emoji: false };
    /// 280, by code point.
    pub const V2: Self = Self { limit: 280, default_weight: 200, ranges: LIGHT, emoji: false };
    /// What X counts by since 2018.
    pub const V3: Self = Self { limit: 280, default_weight: 200, ranges: LIGHT, emoji: true };

    fn weight(&self, letter: char) -> u32 {
        let code = u32::from(letter);
        let light = self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&code));
        if light { SCALE } else { self.default_weight }
    }
}

/// What is known of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its length, weighted.
    pub weighted_length: u32,
    /// Neither empty nor too long, and without characters that X refuses.
    pub valid: bool,
    /// The length in thousandths of the limit.
    pub permillage: u32,
    /// The last position that still fits, in UTF-16 units of the text as given.
    pub valid_range_end: u32,
    /// The last position of the text as given, in UTF-16 units.
    pub display_range_end: u32,
}

/// The weighted length of a text, by the present configuration.
#[must_use]
pub fn weighted_length(text: &str) -> u32 {
    measure(text, &Configuration::V3).weighted_length
}

/// The weighted length of a reply to people with these `handles` (without `@`). X names them
/// before the reply by itself, so their names at its beginning are not counted.
#[must_use]
pub fn reply_length(text: &str, handles: &[&str]) -> u32 {
    let mut rest = text;
    while let Some(named) = rest.strip_prefix('@') {
        let end = named.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
        let (name, behind) = named.split_at(end.unwrap_or(named.len()));
        let known = handles.iter().any(|handle| handle.eq_ignore_ascii_case(name));
        if !known || !(behind.is_empty() || behind.starts_with(char::is_whitespace)) {
            break;
        }
        rest = behind.trim_start();
    }
    weighted_length(rest)
}

/// Measures a text.
#[must_use]
pub fn measure(text: &str, configuration: &Configuration) -> Measure {
    let given = units(text.chars());
    let composed: Vec<char> =
        if is_nfc(text) { text.chars().collect() } else { text.nfc().collect() };
    let mut addresses = address::find(&composed).into_iter().peekable();
    let (mut at, mut unit, mut weight, mut last_valid) = (0, 0_u32, 0_u32, 0_u32);
    let mut clean = true;
    while at < composed.len() {
        let (until, more) = if let Some(address) = addresses.next_if(|one| one.start == at) {
            (address.end, ADDRESS_WEIGHT)
        } else if let Some(end) = emoji::at(&composed, at).filter(|_| configuration.emoji) {
            (end, configuration.default_weight)
        } else {
            (at + 1, configuration.weight(composed[at]))
        };
        weight = weight.saturating_add(more);
        unit = unit.saturating_add(units(composed[at..until].iter().copied()));
        clean = clean && !letters::is_refused(composed[until - 1]);
        if clean && weight <= configuration.limit * SCALE {
            last_valid = unit - 1;
        }
        at = until;
    }
    let length = weight / SCALE;
    // Positions are given in the text as it was, which composing may have shortened.
    let shift = i64::from(given) - i64::from(unit);
    let valid_range_end = u32::try_from(i64::from(last_valid) + shift).unwrap_or(0);
    let permillage = u64::from(length) * 1_000 / u64::from(configuration.limit);
    Measure {
        weighted_length: length,
        valid: clean && length > 0 && length <= configuration.limit,
        permillage: u32::try_from(permillage).unwrap_or(u32::MAX),
        valid_range_end,
        display_range_end: given.saturating_sub(1),
    }
}

/// Length in UTF-16 units.
fn units(letters: impl Iterator<Item = char>) -> u32 {
    let length = letters.map(char::len_utf16).sum::<usize>();
    u32::try_from(length).unwrap_or(u32::MAX)
}
