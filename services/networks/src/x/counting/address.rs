//! Addresses inside a text: with `http` or `https`, or bare domains of Latin letters.

use std::ops::Range;

use super::domain::{self, Domains};
use super::letters::{ends_path, ends_query, is_directional, is_path, is_query, may_precede};

/// Longest address, protocol included, in UTF-16 units.
const LONGEST: usize = 4_096;
/// Longest path of X's own short addresses.
const LONGEST_SHORT: usize = 40;
const BARE_PROTOCOL: usize = "https://".len();

/// The addresses that X would shorten, in bytes of the text, in order.
#[must_use]
pub fn addresses(text: &str) -> Vec<Range<usize>> {
    let letters: Vec<char> = text.chars().collect();
    let mut places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    places.push(text.len());
    let found = find(&letters).into_iter();
    found.map(|range| places[range.start]..places[range.end]).collect()
}

/// The same, by position in a sequence of code points.
pub(super) fn find(letters: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !letters.contains(&'.') {
        return found;
    }
    let domains = Domains::of(letters);
    let mut at = 0;
    while at <= letters.len() {
        let before = letters.get(at).copied();
        let preceded =
            before.filter(|letter| may_precede(*letter) || is_directional(*letter)).and_then(
                |letter| Match::at(letters, &domains, at + 1).map(|found| (Some(letter), found)),
            );
        let matched = preceded.or_else(|| {
            (at == 0).then(|| Match::at(letters, &domains, 0).map(|found| (None, found)))?
        });
        let Some((before, matched)) = matched else {
            at += 1;
            continue;
        };
        at = matched.end;
        matched.add_to(letters, before, &mut found);
    }
    found
}

/// What looks like an address.
struct Match {
    start: usize,
    protocol: bool,
    domain: Range<usize>,
    /// Has a path, `/` alone counts.
    path: bool,
    end: usize,
}

impl Match {
    fn at(letters: &[char], domains: &Domains<'_>, start: usize) -> Option<Self> {
        let with = protocol(letters, start)
            .and_then(|after| domains.end(after).map(|end| (true, after..end)));
        let (protocol, domain) =
            with.or_else(|| domains.end(start).map(|end| (false, start..end)))?;
        let mut end = port(letters, domain.end);
        let path = path(letters, end);
        end = path.unwrap_or(end);
        end = query(letters, end).unwrap_or(end);
        Some(Self { start, protocol, domain, path: path.is_some(), end })
    }

    fn add_to(&self, letters: &[char], before: Option<char>, found: &mut Vec<Range<usize>>) {
        let domain = &letters[self.domain.clone()];
        let length: usize = letters[self.start..self.end].iter().map(|one| one.len_utf16()).sum();
        let protocol = if self.protocol { self.domain.start - self.start } else { BARE_PROTOCOL };
        if length + protocol > LONGEST || !domain::fits(domain) {
            return;
        }
        if self.protocol {
            found.extend(self.shortened(letters).map(|end| self.start..end));
            return;
        }
        if before.is_some_and(|letter| matches!(letter, '-' | '_' | '.' | '/')) {
            return;
        }
        let inside = domain::ascii(domain).into_iter();
        found.extend(inside.map(|(start, end)| self.start + start..self.start + end));
        if let Some(last) = found.last_mut().filter(|last| last.start >= self.start)
            && self.path
        {
            last.end = self.end;
        }
    }

    /// Where it ends; X's own short addresses have no longer path, and too long a one is none.
    fn shortened(&self, letters: &[char]) -> Option<usize> {
        let domain: String = letters[self.domain.clone()].iter().collect();
        let slug = self.domain.end + 1;
        if !domain.eq_ignore_ascii_case("t.co") || letters.get(slug - 1) != Some(&'/') {
            return Some(self.end);
        }
        let rest = letters[slug.min(self.end)..self.end].iter();
        let length = rest.take_while(|letter| letter.is_ascii_alphanumeric()).count();
        match length {
            0 => Some(self.end),
            1..=LONGEST_SHORT => {
                Some(query(&letters[..self.end], slug + length).unwrap_or(slug + length))
            }
            _ => None,
        }
    }
}

/// Behind `http://` or `https://`.
fn protocol(letters: &[char], start: usize) -> Option<usize> {
    ["https://", "http://"].into_iter().find_map(|protocol| {
        let found = letters.get(start..start + protocol.len())?;
        let same = found.iter().zip(protocol.chars()).all(|(a, b)| a.eq_ignore_ascii_case(&b));
        same.then(|| start + protocol.len())
    })
}

fn port(letters: &[char], start: usize) -> usize {
    if letters.get(start) != Some(&':') {
        return start;
    }
    let digits = letters[start + 1..].iter().take_while(|letter| letter.is_ascii_digit()).count();
    if digits == 0 { start } else { start + 1 + digits }
}

/// Where the path at `start` ends: at the last letter that may end one, or behind brackets.
fn path(letters: &[char], start: usize) -> Option<usize> {
    if letters.get(start) != Some(&'/') {
        return None;
    }
    let mut at = start + 1;
    let mut end = at;
    while let Some(letter) = letters.get(at) {
        if is_path(*letter) {
            at += 1;
            if ends_path(*letter) {
                end = at;
            }
        } else if let Some(behind) = brackets(letters, at) {
            at = behind;
            end = at;
        } else {
            break;
        }
    }
    Some(end)
}

/// Behind `(…)`, which may hold one more pair.
fn brackets(letters: &[char], start: usize) -> Option<usize> {
    let run = |from: usize| letters[from..].iter().take_while(|one| is_path(**one)).count();
    if letters.get(start) != Some(&'(') {
        return None;
    }
    let outer = run(start + 1);
    let at = start + 1 + outer;
    match letters.get(at) {
        Some(')') if outer > 0 => Some(at + 1),
        Some('(') => {
            let inner = run(at + 1);
            let close = at + 1 + inner;
            if inner == 0 || letters.get(close) != Some(&')') {
                return None;
            }
            let behind = close + 1 + run(close + 1);
            (letters.get(behind) == Some(&')')).then_some(behind + 1)
        }
        _ => None,
    }
}

/// Where the query at `start` ends.
fn query(letters: &[char], start: usize) -> Option<usize> {
    if letters.get(start) != Some(&'?') {
        return None;
    }
    let mut end = None;
    for (place, letter) in letters[start + 1..].iter().enumerate() {
        if !is_query(*letter) {
            break;
        }
        if ends_query(*letter) {
            end = Some(start + 1 + place + 1);
        }
    }
    end
}
