//! Domains inside a text, found from the right so that the time is linear in the text.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::letters::{is_accented_latin, is_domain};

const LIST: &str = include_str!("top_level_domains.txt");

static TOP_LEVEL: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// In characters; none of the list is longer.
const LONGEST: usize = 24;

/// Longest part of a domain in its ASCII form.
const LONGEST_LABEL: usize = 63;

/// Where a domain that starts at some position ends, for every position of a text.
pub(super) struct Domains<'a> {
    letters: &'a [char],
    /// For every position, which label it is in.
    label_of: Vec<u32>,
    labels: Vec<Label>,
}

const NO_LABEL: u32 = u32::MAX;

/// Letters between dots, up to and with the dot.
struct Label {
    /// Where its dot is; `None` for the last of a run.
    dot: Option<usize>,
    /// The last letter is none of `-` and `_`.
    ends_well: bool,
    /// Behind the last `_` in it.
    after_underscore: usize,
    /// Where a domain ends that starts with this label, from its first letter.
    domain_end: Option<usize>,
    /// Where the top-level domain behind the dot ends.
    top_end: Option<usize>,
}

impl<'a> Domains<'a> {
    pub(super) fn of(letters: &'a [char]) -> Self {
        let mut label_of = vec![NO_LABEL; letters.len()];
        let mut labels = Vec::new();
        let mut starts = Vec::new();
        let mut at = 0;
        while at < letters.len() {
            let start = at;
            let mut after_underscore = start;
            let number = u32::try_from(labels.len()).unwrap_or(NO_LABEL);
            while at < letters.len() && in_label(letters[at]) {
                label_of[at] = number;
                at += 1;
                if letters[at - 1] == '_' {
                    after_underscore = at;
                }
            }
            if at == start {
                at += 1;
                continue;
            }
            let dot = (letters.get(at) == Some(&'.')).then_some(at);
            labels.push(Label {
                dot,
                ends_well: is_domain(letters[at - 1]),
                after_underscore,
                domain_end: None,
                top_end: dot.and_then(|dot| top_level(letters, dot + 1)),
            });
            starts.push(start);
            at += usize::from(dot.is_some());
        }
        let mut domains = Self { letters, label_of, labels };
        for number in (0..starts.len()).rev() {
            domains.labels[number].domain_end = domains.end(starts[number]);
        }
        domains
    }

    /// Where the longest domain from `start` on ends.
    pub(super) fn end(&self, start: usize) -> Option<usize> {
        let number = *self.label_of.get(start)?;
        let label = self.labels.get(usize::try_from(number).ok()?)?;
        let dot = label.dot?;
        if !is_domain(self.letters[start]) || !label.ends_well {
            return None;
        }
        let next = self.label_of.get(dot + 1).and_then(|number| {
            self.labels.get(usize::try_from(*number).ok()?).and_then(|next| next.domain_end)
        });
        // Only parts before the last may hold `_`.
        next.or_else(|| label.top_end.filter(|_| start >= label.after_underscore))
    }
}

fn in_label(letter: char) -> bool {
    is_domain(letter) || matches!(letter, '-' | '_')
}

/// Where the top-level domain at `start` ends.
fn top_level(letters: &[char], start: usize) -> Option<usize> {
    let tail = letters.get(start..)?;
    let mut name = String::new();
    let mut found = None;
    for (place, letter) in tail.iter().take(LONGEST).enumerate() {
        name.extend(letter.to_lowercase());
        let next = tail.get(place + 1);
        let stops = next
            .is_none_or(|next| !(next.is_ascii_alphanumeric() || matches!(next, '@' | '+' | '-')));
        if stops && TOP_LEVEL.contains(name.as_str()) {
            found = Some(start + place + 1);
        }
        if !in_label(*letter) {
            break;
        }
    }
    found.or_else(|| encoded_top_level(tail).map(|length| start + length))
}

/// One in its ASCII form: `xn--` and more.
fn encoded_top_level(tail: &[char]) -> Option<usize> {
    let prefix = tail.get(..4)?.iter().collect::<String>();
    let more =
        tail[4..].iter().take_while(|letter| letter.is_ascii_alphanumeric() || **letter == '-');
    let more = more.count();
    (prefix.eq_ignore_ascii_case("xn--") && more > 0).then_some(4 + more)
}

/// Whether every part of the domain has a length that the domain name system takes.
pub(super) fn fits(domain: &[char]) -> bool {
    let text: String = domain.iter().collect();
    if text.starts_with("xn--") && ascii(domain).is_empty() {
        return false;
    }
    text.split('.').all(|label| {
        let length = if label.is_ascii() {
            label.len()
        } else if label.chars().count() > LONGEST_LABEL {
            // The ASCII form is never shorter, and takes long to make.
            return false;
        } else {
            idna::punycode::encode_str(label).map_or(usize::MAX, |encoded| encoded.len() + 4)
        };
        (1..=LONGEST_LABEL).contains(&length)
    })
}

/// The domains of Latin letters inside a domain, which alone become addresses without a protocol.
pub(super) fn ascii(domain: &[char]) -> Vec<(usize, usize)> {
    let in_part =
        |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || is_accented_latin(letter);
    let mut found = Vec::new();
    let mut at = 0;
    while at < domain.len() {
        let start = at;
        let mut end = None;
        loop {
            let part = at;
            while at < domain.len() && in_part(domain[at]) {
                at += 1;
            }
            if at == part || domain.get(at) != Some(&'.') {
                break;
            }
            at += 1;
            end = top_level(domain, at).or(end);
        }
        match end {
            Some(end) => {
                found.push((start, end));
                at = end;
            }
            None => at = at.max(start + 1),
        }
    }
    found
}
