//! How far somebody has read: one mark a stream.

/// A stream that the live feed follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// CONVERSATION.
    Conversation,
    /// DIRECTORY.
    Directory,
    /// ROUTING.
    Routing,
    /// NOTIFICATION.
    Notification,
}

/// How many streams there are.
const SOURCES: usize = 4;

impl Source {
    /// Every stream.
    pub const ALL: [Self; SOURCES] =
        [Self::Conversation, Self::Directory, Self::Routing, Self::Notification];

    /// Its place in [`Source::ALL`].
    const fn place(self) -> usize {
        match self {
            Self::Conversation => 0,
            Self::Directory => 1,
            Self::Routing => 2,
            Self::Notification => 3,
        }
    }
}

/// A place in one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mark {
    /// Which life of the stream: sequences of two lives have nothing to do with each other.
    pub incarnation: u128,
    /// Everything up to here has been read.
    pub sequence: u64,
}

/// A place in all streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Position([Mark; SOURCES]);

impl Position {
    /// The place with this mark in each stream.
    #[must_use]
    pub fn new(mark: impl Fn(Source) -> Mark) -> Self {
        Self(Source::ALL.map(mark))
    }

    /// The mark in one stream.
    #[must_use]
    pub const fn mark(&self, source: Source) -> Mark {
        self.0[source.place()]
    }

    /// Moves the mark in one stream.
    pub const fn set(&mut self, source: Source, mark: Mark) {
        self.0[source.place()] = mark;
    }
}

/// First byte of a written position; another one is of another version and cannot be read.
/// Version 1 knew two streams.
const VERSION: u8 = 2;
/// Length of a written position.
pub const LENGTH: usize = 1 + SOURCES * (16 + 8);

/// Writes a position, to be signed.
#[must_use]
pub fn encode(position: &Position) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[0] = VERSION;
    let mut rest = &mut bytes[1..];
    for source in Source::ALL {
        let mark = position.mark(source);
        let (incarnation, after) = rest.split_at_mut(16);
        incarnation.copy_from_slice(&mark.incarnation.to_be_bytes());
        let (sequence, after) = after.split_at_mut(8);
        sequence.copy_from_slice(&mark.sequence.to_be_bytes());
        rest = after;
    }
    bytes
}

/// Reads a position; none if it is of another version or length.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Position> {
    let (&version, mut rest) = bytes.split_first()?;
    if version != VERSION || bytes.len() != LENGTH {
        return None;
    }
    let mut position = Position::default();
    for source in Source::ALL {
        let (incarnation, after) = rest.split_first_chunk()?;
        let (sequence, after) = after.split_first_chunk()?;
        let mark = Mark {
            incarnation: u128::from_be_bytes(*incarnation),
            sequence: u64::from_be_bytes(*sequence),
        };
        position.set(source, mark);
        rest = after;
    }
    Some(position)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_position_reads_back(marks in any::<[(u128, u64); SOURCES]>()) {
            let position = Position::new(|source| {
                let (incarnation, sequence) = marks[source.place()];
                Mark { incarnation, sequence }
            });
            prop_assert_eq!(decode(&encode(&position)), Some(position));
            for source in Source::ALL {
                prop_assert_eq!(position.mark(source).sequence, marks[source.place()].1);
            }
        }

        #[test]
        fn nothing_else_is_a_position(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            if let Some(position) = decode(&bytes) {
                prop_assert_eq!(encode(&position).to_vec(), bytes);
            } else {
                prop_assert!(bytes.len() != LENGTH || bytes[0] != VERSION);
            }
        }
    }
}
