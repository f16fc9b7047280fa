//! An organization's named reasons for being away, as its supervisors change them. Pure.
//!
//! Archived ones stay: whoever is in one stays in it, and what was told of them keeps its word.
//! So does their name, which no other one can have meanwhile.

use super::view::AwayState;
use super::words::AwayStateId;

/// Longest name, in characters.
pub const LONGEST: usize = 60;

/// Most of one organization, archived ones included.
pub const MOST: usize = 100;

/// What stands against a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The name is empty, too long, or more than one line.
    Name,
    /// There is one of this name.
    NameTaken,
    /// There are as many as may be.
    TooMany,
    /// It was changed since it was seen.
    Stale,
    /// There is no such one.
    Unknown,
    /// An order does not name each of them once.
    Order,
}

/// What becomes of one; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Whether it may not be chosen.
    pub archived: Option<bool>,
}

/// A name as it is kept.
///
/// # Errors
/// [`Rejection::Name`].
pub fn name(given: &str) -> Result<&str, Rejection> {
    let name = given.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
        return Err(Rejection::Name);
    }
    Ok(name)
}

/// Whether one more of this name may be added.
///
/// # Errors
/// [`Rejection::TooMany`] or [`Rejection::NameTaken`].
pub fn room_for(known: &[AwayState], name: &str) -> Result<(), Rejection> {
    if known.len() >= MOST {
        return Err(Rejection::TooMany);
    }
    if known.iter().any(|state| state.name == name) {
        return Err(Rejection::NameTaken);
    }
    Ok(())
}

/// One of them changed, seen at `rev`; `None` when it is so already.
///
/// # Errors
/// As [`Rejection`] says; nothing changes then.
pub fn changed(
    known: &[AwayState],
    (id, rev): (AwayStateId, i64),
    change: &Change,
) -> Result<Option<AwayState>, Rejection> {
    let before = known.iter().find(|state| state.id == id).ok_or(Rejection::Unknown)?;
    if before.rev != rev {
        return Err(Rejection::Stale);
    }
    let mut after = before.clone();
    if let Some(given) = &change.name {
        name(given)?.clone_into(&mut after.name);
    }
    after.archived = change.archived.unwrap_or(before.archived);
    if known.iter().any(|other| other.id != id && other.name == after.name) {
        return Err(Rejection::NameTaken);
    }
    if after == *before {
        return Ok(None);
    }
    after.rev = next(known);
    Ok(Some(after))
}

/// All of them in another order, the list seen at `rev`; `None` when they stand so already.
///
/// # Errors
/// As [`Rejection`] says; nothing changes then.
pub fn ordered(
    known: &[AwayState],
    ids: &[AwayStateId],
    rev: i64,
) -> Result<Option<Vec<AwayState>>, Rejection> {
    let is_known = |id: &AwayStateId| known.iter().any(|state| state.id == *id);
    if !ids.iter().all(is_known) {
        return Err(Rejection::Unknown);
    }
    if seen(known) != rev {
        return Err(Rejection::Stale);
    }
    if ids.len() != known.len() {
        return Err(Rejection::Order);
    }
    if known.iter().map(|state| state.id).eq(ids.iter().copied()) {
        return Ok(None);
    }
    let after = (1..).zip(ids).map(|(position, id)| {
        let state = known.iter().find(|state| state.id == *id).ok_or(Rejection::Order)?;
        Ok(AwayState { position, rev: next(known), ..state.clone() })
    });
    let after: Vec<AwayState> = after.collect::<Result<_, _>>()?;
    // As many as there are, and each of them known: one that is missing stands twice.
    let all_there = known.iter().all(|state| ids.contains(&state.id));
    if all_there { Ok(Some(after)) } else { Err(Rejection::Order) }
}

/// The rev of the list: that of its last change.
fn seen(known: &[AwayState]) -> i64 {
    known.iter().map(|state| state.rev).max().unwrap_or_default()
}

fn next(known: &[AwayState]) -> i64 {
    seen(known) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(names: &[&str]) -> Vec<AwayState> {
        let of = |(position, name): (i32, &&str)| AwayState {
            id: AwayStateId::mint(),
            name: (*name).to_owned(),
            position,
            archived: false,
            rev: i64::from(position),
        };
        (1..).zip(names).map(of).collect()
    }

    fn renamed(name: &str) -> Change {
        Change { name: Some(name.to_owned()), archived: None }
    }

    #[test]
    fn a_name_is_one_line_of_at_most_sixty_characters() {
        assert_eq!(name("  Pause déjeuner "), Ok("Pause déjeuner"));
        assert_eq!(name(&"é".repeat(60)).map(|it| it.chars().count()), Ok(60));
        for wrong in ["", "   ", &"é".repeat(61), "Lunch\nbreak"] {
            assert_eq!(name(wrong), Err(Rejection::Name), "{wrong:?}");
        }
    }

    #[test]
    fn no_two_have_one_name_archived_or_not() {
        let mut known = states(&["Lunch", "Training"]);
        known[0].archived = true;
        assert_eq!(room_for(&known, "Lunch"), Err(Rejection::NameTaken));
        assert_eq!(room_for(&known, "Meeting"), Ok(()));
        let training = (known[1].id, known[1].rev);
        assert_eq!(changed(&known, training, &renamed("Lunch")), Err(Rejection::NameTaken));
        assert_eq!(changed(&known, training, &renamed(" Training ")), Ok(None));
        let full = states(&vec!["One"; MOST]);
        assert_eq!(room_for(&full, "Other"), Err(Rejection::TooMany));
    }

    #[test]
    fn a_change_needs_the_one_that_was_seen_and_leaves_a_newer_one() {
        let known = states(&["Lunch", "Training"]);
        let (id, rev) = (known[0].id, known[0].rev);
        assert_eq!(changed(&known, (id, rev + 1), &renamed("Break")), Err(Rejection::Stale));
        let nobody = (AwayStateId::mint(), 1);
        assert_eq!(changed(&known, nobody, &renamed("Break")), Err(Rejection::Unknown));
        let off = Change { name: None, archived: Some(true) };
        let after = changed(&known, (id, rev), &off).expect("possible").expect("another");
        assert_eq!((after.archived, after.name.as_str(), after.rev), (true, "Lunch", 3));
    }

    #[test]
    fn an_order_names_each_once_and_the_list_that_was_seen() {
        let known = states(&["Lunch", "Training", "Meeting"]);
        let ids: Vec<AwayStateId> = known.iter().map(|state| state.id).collect();
        let turned = [ids[2], ids[0], ids[1]];
        let after = ordered(&known, &turned, 3).expect("possible").expect("another");
        assert_eq!(after.iter().map(|state| state.id).collect::<Vec<_>>(), turned);
        assert_eq!(after.iter().map(|state| state.position).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(after.iter().all(|state| state.rev == 4));
        assert_eq!(ordered(&known, &ids, 3), Ok(None));
        assert_eq!(ordered(&known, &turned, 2), Err(Rejection::Stale));
        for wrong in [vec![ids[0], ids[1]], vec![ids[0], ids[0], ids[1]]] {
            assert_eq!(ordered(&known, &wrong, 3), Err(Rejection::Order));
        }
        let stranger = [ids[0], ids[1], AwayStateId::mint()];
        assert_eq!(ordered(&known, &stranger, 3), Err(Rejection::Unknown));
    }
}
