//! Files stay small: nine in ten at most 400 lines, none over 600.

use crate::tree;

const NINE_IN_TEN: usize = 400;
const NONE_OVER: usize = 600;

#[test]
fn nine_files_in_ten_have_at_most_400_lines_and_none_more_than_600() {
    let mut sizes: Vec<(usize, String)> = tree::files(&["rs", "ts", "tsx", "mjs"])
        .iter()
        .map(|path| (tree::read(path).lines().count(), tree::relative(path)))
        .collect();
    sizes.sort();
    let over: Vec<_> = sizes.iter().filter(|(lines, _)| *lines > NONE_OVER).collect();
    assert!(over.is_empty(), "over {NONE_OVER} lines, split along a seam: {over:?}");
    let (lines, path) = &sizes[sizes.len() * 9 / 10];
    assert!(*lines <= NINE_IN_TEN, "the 90th percentile is {lines} lines ({path})");
}
