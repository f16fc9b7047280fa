//! Who goes next: networks take turns, and within a network its lanes do.

use std::collections::{BTreeMap, VecDeque};

/// Orders items so that every network gets every k-th place of k networks, and within a
/// network's places every lane likewise, for as long as each has items; the order within a lane
/// stays.
///
/// So one account's storm, which fills its lane, delays neither another account nor another
/// network by more than one item of each.
pub(crate) fn by_turns<T>(items: Vec<T>, place: impl Fn(&T) -> (String, i16)) -> Vec<T> {
    let total = items.len();
    let mut networks: BTreeMap<String, BTreeMap<i16, VecDeque<T>>> = BTreeMap::new();
    for item in items {
        let (network, lane) = place(&item);
        networks.entry(network).or_default().entry(lane).or_default().push_back(item);
    }
    let mut networks: Vec<VecDeque<VecDeque<T>>> =
        networks.into_values().map(|lanes| lanes.into_values().collect()).collect();
    let mut ordered = Vec::with_capacity(total);
    while !networks.is_empty() {
        for lanes in &mut networks {
            let Some(mut lane) = lanes.pop_front() else { continue };
            ordered.extend(lane.pop_front());
            if !lane.is_empty() {
                lanes.push_back(lane);
            }
        }
        networks.retain(|lanes| !lanes.is_empty());
    }
    ordered
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use proptest::prelude::*;

    use super::*;

    type Item = (u8, i16, usize);

    fn turns(items: Vec<Item>) -> Vec<Item> {
        by_turns(items, |(network, lane, _)| (network.to_string(), *lane))
    }

    fn numbered(places: Vec<(u8, i16)>) -> Vec<Item> {
        places.into_iter().enumerate().map(|(n, (network, lane))| (network, lane, n)).collect()
    }

    #[test]
    fn a_storm_on_one_lane_lets_the_others_pass() {
        let mut items = numbered(vec![(0, 3); 100]);
        items.push((0, 4, 100));
        items.push((1, 3, 101));
        let ordered = turns(items);
        let place = |number| ordered.iter().position(|item| item.2 == number).expect("there");
        assert!(place(101) <= 1, "the other network is next");
        assert!(place(100) <= 3, "the other lane is next within its network");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_each_lane_keeps_its_order(
            places in prop::collection::vec((0_u8..4, 0_i16..16), 0..300)
        ) {
            let items = numbered(places);
            let ordered = turns(items.clone());
            prop_assert_eq!(ordered.len(), items.len());
            let mut last: HashMap<(u8, i16), usize> = HashMap::new();
            for (network, lane, number) in ordered {
                if let Some(before) = last.insert((network, lane), number) {
                    prop_assert!(before < number);
                }
            }
        }

        #[test]
        fn the_nth_item_of_a_lane_waits_for_at_most_n_rounds(
            places in prop::collection::vec((0_u8..4, 0_i16..16), 1..300)
        ) {
            let items = numbered(places);
            let networks = items.iter().map(|item| item.0).collect::<HashSet<_>>().len();
            let lanes = |network| {
                items
                    .iter()
                    .filter(|item| item.0 == network)
                    .map(|item| item.1)
                    .collect::<HashSet<_>>()
                    .len()
            };
            let mut seen: HashMap<(u8, i16), usize> = HashMap::new();
            for (position, (network, lane, _)) in turns(items.clone()).into_iter().enumerate() {
                let nth = seen.entry((network, lane)).or_default();
                *nth += 1;
                prop_assert!(position < *nth * lanes(network) * networks);
            }
        }
    }
}
