//! How long a post is for X (contract 1.3): 280 of a weight of its own.
//!
//! Simple on purpose, and never heavier than X's own counting: what this refuses X would refuse.
//! Exact counting is what the product must do; this only catches the one that does not count.

/// The heaviest post that X takes.
pub const HEAVIEST: u32 = 280;

/// What every address weighs.
const ADDRESS: u32 = 23;

/// The weight of a post's text.
#[must_use]
pub fn weight(text: &str) -> u32 {
    let mut total = 0;
    let mut word = String::new();
    for letter in text.chars() {
        if letter.is_whitespace() {
            total += of_word(&word) + of_letters(&letter.to_string());
            word.clear();
        } else {
            word.push(letter);
        }
    }
    total + of_word(&word)
}

/// The names that stand in front of a reply count nothing.
#[must_use]
pub fn without_leading_names(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix('@') {
        let belongs = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let after = after.trim_start_matches(belongs);
        if !after.starts_with(char::is_whitespace) {
            return rest;
        }
        rest = after.trim_start();
    }
    rest
}

fn of_word(word: &str) -> u32 {
    let letters = of_letters(word);
    let lower = word.to_ascii_lowercase();
    let scheme = ["https://", "http://"].into_iter().find_map(|scheme| lower.find(scheme));
    match scheme {
        Some(start) if has_name(&lower[start..]) => of_letters(&word[..start]) + ADDRESS,
        // An address without a scheme, or of a machine without a name: X may or may not take it
        // for one.
        _ if lower.contains('.') || scheme.is_some() => letters.min(ADDRESS),
        _ => letters,
    }
}

/// Whether the host ends in letters, as the names of sites do.
fn has_name(address: &str) -> bool {
    let host = address.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(name, end)| {
        !name.is_empty() && end.len() >= 2 && end.chars().all(|one| one.is_ascii_alphabetic())
    })
}

fn of_letters(text: &str) -> u32 {
    let mut total = 0;
    let mut is_joined = false;
    let mut is_half_a_flag = false;
    for letter in text.chars() {
        let code = u32::from(letter);
        let is_flag = (0x1F1E6..=0x1F1FF).contains(&code);
        let weight = match code {
            // Joiners, variation selectors, skin tones, tags and combining marks make one sign
            // with what stands before them.
            0x0300..=0x036F
            | 0x1160..=0x11FF
            | 0x200D
            | 0xFE00..=0xFE0F
            | 0x1F3FB..=0x1F3FF
            | 0xE0020..=0xE007F => 0,
            _ if is_joined || (is_flag && is_half_a_flag) => 0,
            0..=4351 | 8192..=8223 | 8242..=8247 | 0x20E3 => 1,
            _ => 2,
        };
        is_joined = code == 0x200D;
        is_half_a_flag = is_flag && !is_half_a_flag;
        total += weight;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_weigh_one_and_signs_of_the_far_east_two() {
        assert_eq!(weight("hello"), 5);
        assert_eq!(weight("où est mon colis ?"), 18);
        assert_eq!(weight("こんにちは"), 10);
        assert_eq!(weight(""), 0);
    }

    #[test]
    fn a_sign_made_of_several_weighs_two() {
        for sign in ["😀", "👨‍👩‍👧‍👦", "👍🏽", "🇫🇷", "❤️"] {
            assert_eq!(weight(sign), 2, "{sign}");
        }
        assert_eq!(weight("🇫🇷🇬🇧"), 4);
    }

    #[test]
    fn every_address_weighs_twenty_three() {
        let long = format!("https://example.com/{}", "a".repeat(300));
        assert_eq!(weight(&long), 23);
        assert_eq!(weight("see https://a.fr now"), 31);
        assert!(weight("http://127.0.0.1:8083/abcdefgh") <= 23);
        assert_eq!(weight("http://a"), 8);
    }

    #[test]
    fn leading_names_of_a_reply_count_nothing() {
        assert_eq!(without_leading_names("@maison @tom hello @lea"), "hello @lea");
        assert_eq!(without_leading_names("hello"), "hello");
        assert_eq!(without_leading_names("@maison"), "@maison");
    }
}
