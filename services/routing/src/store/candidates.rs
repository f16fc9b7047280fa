//! How the candidates of an explanation are kept: packed, because there is one for every decision
//! and each names many.
//!
//! Base64 of: a version; how many were considered and could be chosen; how many rules there are
//! and how many members each removed; then each candidate: the bytes of the id, the place of the
//! removal in [`Removal::ALL`] plus one, load, capacity, and the microseconds from the last
//! assignment to the explanation, plus one, signs folded in. Numbers are written seven bits at a
//! time, the lowest first. Whatever begins with a brace is JSON of an earlier release.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kit_values::Fault;
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::agent::Removal;
use crate::domain::explanation::{Candidate, Candidates};
use crate::domain::words::MemberId;

const VERSION: u8 = 1;

/// Bytes of an id.
const ID: usize = 16;

/// As an earlier release wrote it.
#[derive(Deserialize)]
struct Written {
    shown: Vec<WrittenCandidate>,
}

/// Member, what removed them, load, capacity, microseconds of the last assignment.
type WrittenCandidate = (Uuid, Option<u8>, u32, u32, Option<i64>);

/// Packs the candidates of an explanation made at `at`.
pub(super) fn write(candidates: &Candidates, at: OffsetDateTime) -> String {
    let mut bytes = Vec::with_capacity(32 + candidates.shown.len() * (ID + 12));
    bytes.push(VERSION);
    put(&mut bytes, candidates.considered.into());
    put(&mut bytes, candidates.eligible.into());
    put(&mut bytes, u64::try_from(candidates.removed.len()).unwrap_or_default());
    for count in candidates.removed {
        put(&mut bytes, count.into());
    }
    for one in &candidates.shown {
        bytes.extend_from_slice(one.member.uuid().as_bytes());
        bytes.push(one.removed.map_or(0, |removal| place(removal).saturating_add(1)));
        put(&mut bytes, one.load.into());
        put(&mut bytes, one.capacity.into());
        let ago = one.last_assigned_at.map(|last| microseconds(at) - microseconds(last));
        put(&mut bytes, ago.map_or(0, |ago| fold(ago).saturating_add(1)));
    }
    STANDARD_NO_PAD.encode(bytes)
}

/// The candidates that are named in what [`write`] packed.
pub(super) fn read(text: &str, at: OffsetDateTime) -> Result<Vec<Candidate>, Fault> {
    if text.starts_with('{') {
        return read_written(text);
    }
    let unreadable = || Fault::internal("an explanation's candidates cannot be read");
    let bytes = STANDARD_NO_PAD.decode(text).map_err(Fault::internal)?;
    let (version, mut rest) = bytes.split_first().ok_or_else(unreadable)?;
    if *version != VERSION {
        return Err(unreadable());
    }
    let mut unpack = || -> Option<Vec<Candidate>> {
        let rest = &mut rest;
        let (_, _, rules) = (take(rest)?, take(rest)?, take(rest)?);
        for _ in 0..rules {
            take(rest)?;
        }
        let mut shown = Vec::new();
        while !rest.is_empty() {
            let (id, behind) = rest.split_at_checked(ID)?;
            let (removed, behind) = behind.split_first()?;
            *rest = behind;
            let removed = usize::from(*removed).checked_sub(1);
            shown.push(Candidate {
                member: MemberId::from_uuid(Uuid::from_slice(id).ok()?),
                removed: removed.and_then(|place| Removal::ALL.get(place).copied()),
                load: u32::try_from(take(rest)?).ok()?,
                capacity: u32::try_from(take(rest)?).ok()?,
                last_assigned_at: match take(rest)? {
                    0 => None,
                    ago => moment(microseconds(at).checked_sub(unfold(ago - 1))?),
                },
            });
        }
        Some(shown)
    };
    unpack().ok_or_else(unreadable)
}

fn read_written(text: &str) -> Result<Vec<Candidate>, Fault> {
    let written: Written = serde_json::from_str(text).map_err(Fault::internal)?;
    let of = |(member, removed, load, capacity, at): WrittenCandidate| Candidate {
        member: MemberId::from_uuid(member),
        removed: removed.and_then(|at| Removal::ALL.get(usize::from(at)).copied()),
        load,
        capacity,
        last_assigned_at: at.and_then(moment),
    };
    Ok(written.shown.into_iter().map(of).collect())
}

/// The place of a removal in [`Removal::ALL`], which only grows at its end.
fn place(removal: Removal) -> u8 {
    Removal::ALL
        .iter()
        .position(|one| *one == removal)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or(u8::MAX)
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Numbers near zero, of either sign, become small ones without.
const fn fold(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

const fn unfold(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn microseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

fn moment(microseconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(microseconds) * 1_000).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const AT: OffsetDateTime = datetime!(2026-11-23 10:00:00.123456 UTC);

    fn candidate() -> impl Strategy<Value = Candidate> {
        let moments = prop::option::of(-4_000_000_000_000_000_i64..4_000_000_000_000_000);
        (
            any::<u128>(),
            prop::option::of(0..Removal::ALL.len()),
            any::<u32>(),
            any::<u32>(),
            moments,
        )
            .prop_map(|(member, removed, load, capacity, last)| Candidate {
                member: MemberId::from_uuid(Uuid::from_u128(member)),
                removed: removed.map(|place| Removal::ALL[place]),
                load,
                capacity,
                last_assigned_at: last.and_then(moment),
            })
    }

    proptest! {
        #[test]
        fn what_was_packed_reads_back(
            shown in prop::collection::vec(candidate(), 0..30),
            considered in any::<u32>(),
        ) {
            let packed = Candidates { considered, shown: shown.clone(), ..Candidates::default() };
            prop_assert_eq!(read(&write(&packed, AT), AT).expect("readable"), shown);
        }

        #[test]
        fn of_what_was_cut_nothing_is_read_but_whole_candidates_from_before_the_cut(
            shown in prop::collection::vec(candidate(), 1..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let packed = Candidates { shown: shown.clone(), ..Candidates::default() };
            let text = write(&packed, AT);
            if let Ok(found) = read(&text[..cut.index(text.len())], AT) {
                prop_assert!(found.len() < shown.len());
                prop_assert_eq!(&shown[..found.len()], found.as_slice());
            }
        }

        #[test]
        fn of_what_was_changed_no_more_is_read_than_there_are_bytes_for(
            shown in prop::collection::vec(candidate(), 1..4),
            at in any::<prop::sample::Index>(),
            other in 0_u8..128,
        ) {
            let packed = Candidates { shown, ..Candidates::default() };
            let mut bytes = STANDARD_NO_PAD.decode(write(&packed, AT)).expect("was written");
            let at = at.index(bytes.len());
            bytes[at] = other;
            if let Ok(found) = read(&STANDARD_NO_PAD.encode(&bytes), AT) {
                // Each takes its id, a removal and three numbers at least.
                prop_assert!(found.len() * (ID + 4) < bytes.len(), "{} of {at}", found.len());
            }
        }
    }

    #[test]
    fn twenty_candidates_take_less_than_seven_hundred_bytes() {
        let one = Candidate {
            member: MemberId::from_uuid(Uuid::max()),
            removed: None,
            load: 12,
            capacity: 20,
            last_assigned_at: moment(microseconds(AT) - 3_600_000_000),
        };
        let all = Candidates { shown: vec![one; 20], ..Candidates::default() };
        let text = write(&all, AT);
        assert!(text.len() < 700, "{} bytes", text.len());
    }

    #[test]
    fn what_an_earlier_release_wrote_is_read() {
        let text = "{\"considered\":2,\"eligible\":1,\"removed\":[0,1,0,0,0,0,0],\"shown\":[\
            [\"0199f000-0000-7000-8000-000000000001\",null,1,5,1763892000000000],\
            [\"0199f000-0000-7000-8000-000000000002\",1,0,5,null]]}";
        let shown = read(text, AT).expect("readable");
        assert_eq!((shown.len(), shown[0].load, shown[0].capacity), (2, 1, 5));
        assert_eq!(shown[0].last_assigned_at, moment(1_763_892_000_000_000));
        assert_eq!((shown[0].removed, shown[1].removed), (None, Some(Removal::Away)));
        assert!(read("{}", AT).is_err() && read("", AT).is_err() && read("AgAA", AT).is_err());
    }
}
