//! Which events are told by which means, and what comes of it for one member now (`product.md` 8).

use super::Kind;

/// How somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// In the workspace.
    InApp,
    /// By a sound of the workspace.
    Sound,
    /// By the desktop, through Web Push.
    Desktop,
    /// By mail.
    Email,
}

impl Means {
    /// All of them, by their number.
    pub const ALL: [Self; 4] = [Self::InApp, Self::Sound, Self::Desktop, Self::Email];

    const fn bit(self) -> u8 {
        match self {
            Self::InApp => 1,
            Self::Sound => 2,
            Self::Desktop => 4,
            Self::Email => 8,
        }
    }
}

/// Some of the means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Set(u8);

impl Set {
    /// These.
    #[must_use]
    pub fn of(means: &[Means]) -> Self {
        Self(means.iter().fold(0, |bits, one| bits | one.bit()))
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, means: Means) -> bool {
        self.0 & means.bit() != 0
    }

    /// Whether all of them are among `others`.
    #[must_use]
    pub const fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// One by one.
    #[must_use]
    pub fn list(self) -> Vec<Means> {
        Means::ALL.into_iter().filter(|means| self.has(*means)).collect()
    }

    /// As a number of four bits.
    #[must_use]
    pub const fn bits(self) -> i32 {
        self.0 as i32
    }

    /// From such a number.
    #[must_use]
    pub fn from_bits(bits: i32) -> Self {
        Self(u8::try_from(bits & 0xf).unwrap_or_default())
    }
}

/// A row of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// A conversation was handed to the member.
    AssignedToYou,
    /// The contact answered in one of theirs.
    CustomerAnswered,
    /// Something new waits in New: the workspace's own badge and sound, never a notification.
    NewInQueue,
    /// A reply in one of theirs failed for good.
    ReplyFailed,
    /// A network refuses an account's token.
    ChannelUnhealthy,
}

impl Occasion {
    /// All of them, in the order of their numbers, which are stored.
    pub const ALL: [Self; 5] = [
        Self::AssignedToYou,
        Self::CustomerAnswered,
        Self::NewInQueue,
        Self::ReplyFailed,
        Self::ChannelUnhealthy,
    ];

    const fn place(self) -> usize {
        self as usize
    }

    /// What can be chosen for it at all.
    #[must_use]
    pub fn offered(self) -> Set {
        match self {
            Self::NewInQueue => Set::of(&[Means::InApp, Means::Sound]),
            _ => Set::of(&Means::ALL),
        }
    }

    /// What is told before the member chooses (`workspace-ui.md` 4.13).
    #[must_use]
    pub fn default(self) -> Set {
        match self {
            Self::AssignedToYou | Self::CustomerAnswered => {
                Set::of(&[Means::InApp, Means::Sound, Means::Desktop])
            }
            Self::NewInQueue => Set::of(&[Means::InApp]),
            Self::ReplyFailed => Set::of(&[Means::InApp, Means::Desktop]),
            Self::ChannelUnhealthy => Set::of(&[Means::InApp, Means::Desktop, Means::Email]),
        }
    }

    /// The desktop tells it only while no window of the workspace is seen.
    #[must_use]
    pub const fn is_for_hidden_windows(self) -> bool {
        matches!(self, Self::CustomerAnswered | Self::ReplyFailed)
    }
}

/// What a member wants; rows that they never chose are as they are for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matrix([Option<Set>; 5]);

impl Matrix {
    /// Four bits a row in the first number, and in the second which rows were chosen.
    #[must_use]
    pub fn from_bits(wanted: i32, chosen: i32) -> Self {
        Self(std::array::from_fn(|place| {
            (chosen >> place & 1 == 1).then(|| Set::from_bits(wanted >> (4 * place)))
        }))
    }

    /// As two numbers.
    #[must_use]
    pub fn bits(self) -> (i32, i32) {
        self.0.iter().enumerate().fold((0, 0), |(wanted, chosen), (place, row)| {
            row.map_or((wanted, chosen), |row| {
                (wanted | row.bits() << (4 * place), chosen | 1 << place)
            })
        })
    }

    /// What is wanted of one row.
    #[must_use]
    pub fn wants(self, occasion: Occasion) -> Set {
        self.0[occasion.place()].unwrap_or_else(|| occasion.default())
    }

    /// With one row chosen; none when it asks for what is not offered.
    #[must_use]
    pub fn with(mut self, occasion: Occasion, wanted: Set) -> Option<Self> {
        self.0[occasion.place()] = Some(wanted);
        wanted.is_within(occasion.offered()).then_some(self)
    }
}

/// By what a member can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// They are away: nothing but a badge.
    pub away: bool,
    /// A browser of theirs takes pushes.
    pub has_subscription: bool,
    /// Their login is an address.
    pub has_address: bool,
}

/// What the installation can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equipment {
    /// Send pushes.
    pub push: bool,
    /// Send mails.
    pub mail: bool,
}

/// Why somebody is not told by one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// Nothing but a badge while Away.
    Away,
    /// They do not want it.
    NotWanted,
    /// No browser of theirs takes pushes.
    NoSubscription,
    /// No address of theirs is known.
    NoAddress,
    /// No mail server is set up.
    NoMailServer,
    /// Pushes are not set up.
    NoPush,
}

impl WhyNot {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::NotWanted => "not_wanted",
            Self::NoSubscription => "no_subscription",
            Self::NoAddress => "no_address",
            Self::NoMailServer => "no_mail_server",
            Self::NoPush => "no_push",
        }
    }
}

/// By which means a member is told now; for each of the others, why not.
pub fn told_by(
    kind: Kind,
    wanted: Set,
    reach: Reach,
    equipment: Equipment,
) -> [(Means, Result<(), WhyNot>); 4] {
    Means::ALL.map(|means| {
        let asked_for = kind == Kind::Test;
        let verdict = if !wanted.has(means) {
            Err(WhyNot::NotWanted)
        } else if reach.away && !asked_for {
            Err(WhyNot::Away)
        } else {
            match means {
                Means::Desktop if !equipment.push => Err(WhyNot::NoPush),
                Means::Desktop if !reach.has_subscription => Err(WhyNot::NoSubscription),
                Means::Email if !equipment.mail => Err(WhyNot::NoMailServer),
                Means::Email if !reach.has_address => Err(WhyNot::NoAddress),
                Means::InApp | Means::Sound | Means::Desktop | Means::Email => Ok(()),
            }
        };
        (means, verdict)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: Equipment = Equipment { push: true, mail: true };

    fn reach() -> impl Strategy<Value = Reach> {
        (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(away, has_subscription, has_address)| Reach { away, has_subscription, has_address },
        )
    }

    fn kinds() -> impl Strategy<Value = Kind> {
        prop::sample::select(vec![
            Kind::AssignedToYou,
            Kind::CustomerAnswered,
            Kind::ReplyFailed,
            Kind::ChannelUnhealthy,
        ])
    }

    proptest! {
        #[test]
        fn a_matrix_reads_back(wanted in any::<i32>(), chosen in 0..32_i32) {
            let matrix = Matrix::from_bits(wanted, chosen);
            let (wanted, chosen) = matrix.bits();
            prop_assert_eq!(Matrix::from_bits(wanted, chosen), matrix);
        }

        #[test]
        fn choosing_one_row_leaves_the_others(
            wanted in any::<i32>(), chosen in 0..32_i32, row in 0..5_usize, means in 0..16_i32,
        ) {
            let (before, row) = (Matrix::from_bits(wanted, chosen), Occasion::ALL[row]);
            let choice = Set::from_bits(means);
            let is_offered = choice.is_within(row.offered());
            prop_assert_eq!(before.with(row, choice).is_some(), is_offered);
            let Some(after) = before.with(row, choice) else { return Ok(()) };
            for other in Occasion::ALL {
                let expected = if other == row { choice } else { before.wants(other) };
                prop_assert_eq!(after.wants(other), expected);
            }
        }

        #[test]
        fn whoever_is_away_is_told_by_no_means_and_nobody_by_what_they_do_not_want(
            kind in kinds(), wanted in 0..16_i32, reach in reach(),
        ) {
            let wanted = Set::from_bits(wanted);
            for (means, verdict) in told_by(kind, wanted, reach, ALL) {
                prop_assert!(!(reach.away && verdict.is_ok()));
                prop_assert!(wanted.has(means) || verdict == Err(WhyNot::NotWanted));
                if !reach.away && wanted.has(means) {
                    let able = match means {
                        Means::Desktop => reach.has_subscription,
                        Means::Email => reach.has_address,
                        Means::InApp | Means::Sound => true,
                    };
                    prop_assert_eq!(verdict.is_ok(), able);
                }
            }
        }

        #[test]
        fn a_test_comes_though_one_is_away(means in 0..4_usize, reach in reach()) {
            let means = Means::ALL[means];
            let verdicts = told_by(Kind::Test, Set::of(&[means]), reach, ALL);
            prop_assert!(verdicts.iter().all(|(_, it)| *it != Err(WhyNot::Away)));
        }
    }

    #[test]
    fn what_cannot_be_sent_says_what_is_missing() {
        let reach = Reach { away: false, has_subscription: false, has_address: false };
        let wanted = Set::of(&Means::ALL);
        let of = |equipment| {
            let [_, _, desktop, email] = told_by(Kind::ChannelUnhealthy, wanted, reach, equipment);
            (desktop.1, email.1)
        };
        assert_eq!(of(ALL), (Err(WhyNot::NoSubscription), Err(WhyNot::NoAddress)));
        let nothing = Equipment { push: false, mail: false };
        assert_eq!(of(nothing), (Err(WhyNot::NoPush), Err(WhyNot::NoMailServer)));
    }

    #[test]
    fn nothing_is_mailed_by_default_but_a_lost_account() {
        for occasion in Occasion::ALL {
            assert!(occasion.default().is_within(occasion.offered()));
            let mailed = occasion.default().has(Means::Email);
            assert_eq!(mailed, occasion == Occasion::ChannelUnhealthy);
        }
    }
}
