//! Seeded pseudo-random numbers: the same seed gives the same run on every machine and in every
//! release, which a general-purpose crate does not promise across its versions.

/// `SplitMix64` (Steele, Lea and Flood, 2014): sixty-four bits of state, full period. Not for
/// secrets; nothing here guards anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// The run that belongs to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// An independent run for one part of a whole: the same (seed, part) gives the same numbers
    /// whatever was drawn for other parts.
    #[must_use]
    pub fn for_part(seed: u64, part: u64) -> Self {
        let mut own = Self::new(seed ^ part.wrapping_mul(GOLDEN));
        let state = own.draw();
        Self::new(state)
    }

    /// The next sixty-four bits.
    pub const fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; zero when `bound` is zero.
    pub const fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.draw() % bound }
    }

    /// A number from `low` to `high`, both included.
    pub const fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of a hundred draws.
    pub fn chance(&mut self, percent: u8) -> bool {
        self.below(100) < u64::from(percent)
    }

    /// One of `items`; none when there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(items.len()).unwrap_or(u64::MAX));
        items.get(usize::try_from(index).unwrap_or(0))
    }
}

/// A number that depends on the text alone (FNV-1a, then one `SplitMix64` step): gives people and
/// accounts ids that stay the same from run to run.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    Random::new(hash).draw()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_published_algorithm() {
        let mut random = Random::new(1_234_567);
        assert_eq!(random.draw(), 6_457_827_717_110_365_317);
        assert_eq!(random.draw(), 3_203_168_211_198_807_973);
        assert_eq!(random.draw(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn a_part_does_not_depend_on_what_other_parts_drew() {
        let mut first = Random::for_part(7, 42);
        Random::for_part(7, 41).draw();
        assert_eq!(first.draw(), Random::for_part(7, 42).draw());
        assert_ne!(Random::for_part(7, 42).draw(), Random::for_part(7, 43).draw());
    }

    #[test]
    fn a_chance_of_nought_never_happens_and_of_a_hundred_always_does() {
        let mut random = Random::new(3);
        assert!((0..1_000).all(|_| !random.chance(0)));
        assert!((0..1_000).all(|_| random.chance(100)));
        let hits = (0..10_000).filter(|_| random.chance(25)).count();
        assert!((2_200..2_800).contains(&hits), "{hits} of 10,000 at 25 %");
    }
}
