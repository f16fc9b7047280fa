//! How much a caller may ask for: windows that begin with the first call in them and end at a
//! fixed time after it (contract 1.3 and 2). Kept in memory: a restart begins anew.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize};
use time::{Duration, OffsetDateTime};

/// Whether the networks' own limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limits {
    /// As documented.
    #[default]
    True,
    /// Ten thousand times as much.
    Off,
}

impl Limits {
    /// The limit in force where the network's own is `limit`.
    #[must_use]
    pub const fn of(self, limit: u64) -> u64 {
        match self {
            Self::True => limit,
            Self::Off => limit.saturating_mul(10_000),
        }
    }
}

impl<'de> Deserialize<'de> for Limits {
    /// `"true"` or `"off"`; `true` and `false` are taken for them.
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            Word(String),
        }
        match Written::deserialize(reader)? {
            Written::Flag(true) => Ok(Self::True),
            Written::Flag(false) => Ok(Self::Off),
            Written::Word(word) if word == "true" => Ok(Self::True),
            Written::Word(word) if word == "off" => Ok(Self::Off),
            Written::Word(_) => Err(serde::de::Error::custom("limits are \"true\" or \"off\"")),
        }
    }
}

/// One limit of one caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Whose limit of what it is.
    pub key: String,
    /// What it is called; tells a caller's several limits apart.
    pub name: &'static str,
    /// How many calls fit into a window.
    pub limit: u64,
    /// How long a window is.
    pub span: Duration,
    /// For how long nothing fits once it was too much; none: until the window ends.
    pub lockout: Option<Duration>,
}

impl Rule {
    /// A limit.
    #[must_use]
    pub fn new(whose: &str, name: &'static str, limit: u64, span: Duration) -> Self {
        Self { key: format!("{name}/{whose}"), name, limit, span, lockout: None }
    }

    /// The same, with a penalty for what is too much.
    #[must_use]
    pub fn locking_out(self, lockout: Duration) -> Self {
        Self { lockout: Some(lockout), ..self }
    }
}

/// How a caller stands with one of its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub name: &'static str,
    /// How many calls fit into the window.
    pub limit: u64,
    /// How many are left.
    pub remaining: u64,
    /// When the window ends.
    pub reset: OffsetDateTime,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    end: OffsetDateTime,
    used: u64,
    is_locked: bool,
}

/// The windows of all callers.
#[derive(Debug, Default)]
pub struct Windows {
    open: HashMap<String, Window>,
}

impl Windows {
    /// Counts one call in each of `rules`, or in none when one of them is used up. Gives how the
    /// caller stands with all of them, in their order.
    ///
    /// # Errors
    /// The standing of the first that is used up.
    pub fn count(
        &mut self,
        rules: &[Rule],
        now: OffsetDateTime,
    ) -> Result<Vec<Standing>, Standing> {
        for rule in rules {
            let window = self.window(rule, now);
            if window.used >= rule.limit {
                if let Some(lockout) = rule.lockout.filter(|_| !window.is_locked) {
                    window.end = now + lockout;
                    window.is_locked = true;
                }
                let (name, limit, reset) = (rule.name, rule.limit, window.end);
                return Err(Standing { name, limit, remaining: 0, reset });
            }
        }
        let count = |rule: &Rule| {
            let window = self.window(rule, now);
            window.used += 1;
            let remaining = rule.limit - window.used;
            Standing { name: rule.name, limit: rule.limit, remaining, reset: window.end }
        };
        Ok(rules.iter().map(count).collect())
    }

    fn window(&mut self, rule: &Rule, now: OffsetDateTime) -> &mut Window {
        let fresh = Window { end: now + rule.span, used: 0, is_locked: false };
        let window = self.open.entry(rule.key.clone()).or_insert(fresh);
        if window.end <= now {
            *window = fresh;
        }
        window
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-23 10:00 UTC);

    #[test]
    fn a_window_is_used_up_and_begins_anew_after_its_end() {
        let mut windows = Windows::default();
        let rules = [
            Rule::new("1", "dm", 2, Duration::minutes(15)),
            Rule::new("1", "day", 3, Duration::DAY),
        ];
        let first = windows.count(&rules, NOW).expect("room");
        assert_eq!((first[0].remaining, first[1].remaining), (1, 2));
        assert!(windows.count(&rules, NOW).is_ok());
        let used_up = windows.count(&rules, NOW + Duration::MINUTE).expect_err("no room");
        assert_eq!((used_up.name, used_up.remaining), ("dm", 0));
        assert_eq!(used_up.reset, NOW + Duration::minutes(15));
        let later = NOW + Duration::minutes(15);
        assert!(windows.count(&rules, later).is_ok(), "the day had room for one");
        assert_eq!(windows.count(&rules, later).expect_err("no room").name, "day");
        assert!(windows.count(&rules, NOW + Duration::DAY).is_ok());
    }

    #[test]
    fn too_much_locks_out_for_longer_than_the_window_and_once() {
        let mut windows = Windows::default();
        let second = Duration::SECOND;
        let rules = [Rule::new("1", "likes", 2, 5 * second).locking_out(Duration::HOUR)];
        assert!(windows.count(&rules, NOW).is_ok() && windows.count(&rules, NOW).is_ok());
        let locked = windows.count(&rules, NOW + second).expect_err("too much");
        assert_eq!(locked.reset, NOW + second + Duration::HOUR);
        let again = windows.count(&rules, NOW + Duration::MINUTE).expect_err("still");
        assert_eq!(again.reset, locked.reset, "asking on does not make it longer");
        assert!(windows.count(&rules, locked.reset).is_ok());
        let mut calm = Windows::default();
        assert!(calm.count(&rules, NOW).is_ok() && calm.count(&rules, NOW).is_ok());
        assert!(calm.count(&rules, NOW + 5 * second).is_ok(), "never too much");
    }

    #[test]
    fn callers_do_not_use_up_each_others_windows() {
        let mut windows = Windows::default();
        let rule = |whose| [Rule::new(whose, "dm", 1, Duration::MINUTE)];
        assert!(windows.count(&rule("1"), NOW).is_ok());
        assert!(windows.count(&rule("2"), NOW).is_ok());
        assert!(windows.count(&rule("1"), NOW).is_err());
    }

    #[test]
    fn limits_are_words_or_flags() {
        for (text, expected) in
            [("\"true\"", Limits::True), ("true", Limits::True), ("\"off\"", Limits::Off)]
        {
            assert_eq!(serde_json::from_str::<Limits>(text).expect("limits"), expected);
        }
        assert!(serde_json::from_str::<Limits>("\"on\"").is_err());
        assert_eq!(Limits::Off.of(15), 150_000);
    }
}
