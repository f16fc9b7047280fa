//! One page of what several services keep of who did what, merged by time.
//!
//! Each service numbers its entries densely, in the order in which it kept them, while moments come
//! from several clocks. So the order of one service is never changed: of what the services offer
//! next, the newest goes first. A page begins, in each service, behind the entry of a number: what
//! is kept while somebody reads on moves nothing, and stands on no later page.

use std::cmp::Reverse;
use std::fmt::{self, Display, Formatter};

/// A service that keeps who did what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// People, accounts, settings.
    Directory,
    /// Availability and capacity.
    Routing,
    /// Short links.
    LinkShortener,
}

/// How many there are.
const KEEPERS: usize = Keeper::ALL.len();

impl Keeper {
    /// All of them; at one moment, in this order.
    pub const ALL: [Self; 3] = [Self::Directory, Self::Routing, Self::LinkShortener];

    /// The service's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Routing => "routing",
            Self::LinkShortener => "link_shortener",
        }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place([i64; KEEPERS]);

impl Place {
    /// The lowest number that any entry has: behind it there is nothing.
    const OLDEST: i64 = 1;

    /// The place written as `text`; none when it is no place.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut place = [0; KEEPERS];
        let mut numbers = text.split('-');
        for number in &mut place {
            *number = numbers.next()?.parse().ok().filter(|number| *number >= Self::OLDEST)?;
        }
        numbers.next().is_none().then_some(Self(place))
    }

    /// Entries of this keeper begin below this number; 0: with the newest.
    #[must_use]
    pub const fn before(self, keeper: Keeper) -> i64 {
        self.0[keeper as usize]
    }

    /// Whether nothing of this keeper is left.
    #[must_use]
    pub const fn is_behind_all(self, keeper: Keeper) -> bool {
        self.before(keeper) == Self::OLDEST
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.map(|number| number.to_string()).join("-"))
    }
}

/// An entry, as far as its place goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered<E, M> {
    /// Dense in its keeper, from 1.
    pub number: i64,
    /// When.
    pub at: M,
    /// What.
    pub entry: E,
}

/// The page that begins at `begins`, of at most `length` of what each keeper offers from there
/// (as many, newest first), and where the next one begins.
#[must_use]
pub fn page<E, M: Ord + Copy>(
    begins: Place,
    offered: [Vec<Offered<E, M>>; KEEPERS],
    length: usize,
) -> (Vec<(Keeper, E)>, Option<Place>) {
    let mut offered = offered.map(|entries| entries.into_iter().peekable());
    let mut next = begins;
    for (before, entries) in next.0.iter_mut().zip(&mut offered) {
        *before = entries.peek().map_or(Place::OLDEST, |newest| newest.number + 1);
    }
    let mut page = Vec::new();
    while page.len() < length {
        let heads = Keeper::ALL.into_iter().zip(&mut offered);
        let heads = heads.filter_map(|(keeper, entries)| Some((entries.peek()?.at, keeper)));
        let Some((_, keeper)) = heads.max_by_key(|(at, keeper)| (*at, Reverse(*keeper as usize)))
        else {
            break;
        };
        if let Some(newest) = offered[keeper as usize].next() {
            next.0[keeper as usize] = newest.number;
            page.push((keeper, newest.entry));
        }
    }
    let is_last = Keeper::ALL.into_iter().all(|keeper| next.is_behind_all(keeper));
    (page, (!is_last).then_some(next))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a keeper of entries at these moments, the oldest first, offers from `place` on.
    fn offers(
        moments: &[i64],
        (place, keeper): (Place, Keeper),
        length: usize,
    ) -> Vec<Offered<(Keeper, i64), i64>> {
        let before = place.before(keeper);
        let kept: Vec<(i64, &i64)> = (1..).zip(moments).collect();
        let kept = kept.into_iter().rev();
        let kept = kept.filter(|(number, _)| before == 0 || *number < before);
        let kept = kept.map(|(number, at)| Offered { number, at: *at, entry: (keeper, number) });
        kept.take(length).collect()
    }

    fn read(kept: &mut [Vec<i64>; KEEPERS], length: usize, meanwhile: i64) -> Vec<(Keeper, i64)> {
        let mut read = Vec::new();
        let mut place = Place::default();
        loop {
            let offered =
                Keeper::ALL.map(|keeper| offers(&kept[keeper as usize], (place, keeper), length));
            let (entries, next) = page(place, offered, length);
            assert!(entries.iter().all(|(keeper, entry)| *keeper == entry.0));
            read.extend(entries.into_iter().map(|(_, entry)| entry));
            let Some(next) = next else { return read };
            assert_eq!(Place::parse(&next.to_string()), Some(next), "a place is written and read");
            place = next;
            for moments in kept.iter_mut() {
                moments.push(meanwhile);
            }
        }
    }

    #[test]
    fn the_newest_of_what_is_offered_goes_first() {
        let mut kept = [vec![10, 40], vec![20], vec![5, 30, 40]];
        let (directory, routing, links) =
            (Keeper::Directory, Keeper::Routing, Keeper::LinkShortener);
        let expected =
            [(directory, 2), (links, 3), (links, 2), (routing, 1), (directory, 1), (links, 1)];
        assert_eq!(read(&mut kept, 4, 99), expected);
    }

    #[test]
    fn what_is_no_place_is_not_read() {
        for text in
            ["", "1", "1-2", "1-2-3-4", "0-1-1", "1--1", "a-1-1", "1-1-99999999999999999999"]
        {
            assert_eq!(Place::parse(text), None, "{text}");
        }
        assert_eq!(page::<(), i64>(Place::default(), [vec![], vec![], vec![]], 5), (vec![], None));
    }

    proptest! {
        /// Whatever the clocks say and whatever is kept meanwhile: page by page, everything that
        /// was there when the reading began is read once, each keeper's newest first.
        #[test]
        fn pages_show_everything_once(
            kept in prop::array::uniform3(prop::collection::vec(0_i64..9, 0..12)),
            length in 1_usize..6,
            meanwhile in 0_i64..20,
        ) {
            let counts = kept.clone().map(|moments| i64::try_from(moments.len()).unwrap_or(0));
            let read = read(&mut kept.clone(), length, meanwhile);
            for keeper in Keeper::ALL {
                let own = read.iter().filter(|(of, _)| *of == keeper).map(|(_, number)| *number);
                let expected: Vec<i64> = (1..=counts[keeper as usize]).rev().collect();
                prop_assert_eq!(own.collect::<Vec<_>>(), expected);
            }
        }
    }
}
