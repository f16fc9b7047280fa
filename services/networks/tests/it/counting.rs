//! Properties of counting, whatever the text.

use std::time::{Duration, Instant};

use networks::manifest::weighted::{Configuration, addresses, measure, reply_length};
use networks::manifest::{Counting, count};
use proptest::prelude::*;

use crate::fixtures;

/// Texts that come near everything that is special to counting.
fn text() -> impl Strategy<Value = String> {
    let atoms = [
        "a",
        "b1",
        ".com",
        ".co.uk",
        ".",
        "..",
        "/",
        "(",
        ")",
        "-",
        "_",
        "?",
        "=",
        "#",
        "@",
        " ",
        "\n",
        "http://",
        "https://",
        "HTTPS://",
        "t.co/",
        "だ",
        "中国",
        ".中国",
        "xn--p1ai",
        "é",
        "e\u{301}",
        "я",
        "😀",
        "👩🏾‍🚒",
        "🇫🇷",
        "🇫",
        "1\u{fe0f}\u{20e3}",
        "\u{200d}",
        "\u{fe0f}",
        "©",
        "\u{202a}",
        "\u{feff}",
        "\u{fffe}",
        "\"",
        ":80",
        "\0",
        "\u{1F3FD}",
        "\u{e0067}",
    ];
    prop_oneof![
        proptest::collection::vec(proptest::sample::select(atoms.to_vec()), 0..24)
            .prop_map(|atoms| atoms.concat()),
        any::<String>(),
    ]
}

/// Words that cannot touch each other's meaning over a space.
fn word() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "hello",
        "https://example.com/a?b=1",
        "example.co.uk/x",
        "naïve",
        "日本語",
        "👩🏾‍🚒🚒",
        "@somebody",
        "#topic",
        "(see t.co/a)",
    ])
}

proptest! {
    #[test]
    fn counting_never_fails_and_is_bounded(text in text()) {
        for counting in Counting::ALL {
            let length = count(counting, &text);
            prop_assert_eq!(length == 0, text.is_empty());
        }
        let measure = measure(&text, &Configuration::V3);
        let units = u32::try_from(text.encode_utf16().count()).expect("is short");
        prop_assert!(measure.valid_range_end <= measure.display_range_end.max(units));
        // The shortest address has four letters and weighs 23.
        let letters = u32::try_from(text.chars().count()).expect("is short");
        prop_assert!(measure.weighted_length <= letters * 6);
        prop_assert_eq!(count(Counting::XWeighted, &text), measure.weighted_length);
    }

    #[test]
    fn addresses_stand_in_order_inside_the_text(text in text()) {
        let mut end = 0;
        for range in addresses(&text) {
            prop_assert!(end <= range.start && range.start < range.end);
            prop_assert!(text[range.clone()].contains('.'));
            end = range.end;
        }
    }

    #[test]
    fn more_text_never_weighs_less(text in text(), more in text()) {
        let alone = count(Counting::XWeighted, &text);
        let both = [text.as_str(), " ", &more].concat();
        prop_assert!(count(Counting::XWeighted, &both) > alone);
        for counting in [Counting::Characters, Counting::Bytes] {
            let sum = count(counting, &text) + count(counting, &more);
            prop_assert_eq!(count(counting, &[text.as_str(), &more].concat()), sum);
        }
    }

    #[test]
    fn words_weigh_the_same_wherever_they_stand(
        first in proptest::collection::vec(word(), 1..6),
        second in proptest::collection::vec(word(), 1..6),
    ) {
        let (first, second) = (first.join(" "), second.join(" "));
        let both = count(Counting::XWeighted, &format!("{first} {second}"));
        let sum = count(Counting::XWeighted, &first) + 1 + count(Counting::XWeighted, &second);
        prop_assert_eq!(both, sum);
    }

    #[test]
    fn composed_and_decomposed_text_weigh_the_same(words in "[éàüñçÅ a-z]{0,40}") {
        use unicode_normalization::UnicodeNormalization;
        let decomposed: String = words.nfd().collect();
        prop_assert_eq!(count(Counting::XWeighted, &decomposed), count(Counting::XWeighted, &words));
    }
}

/// Made by X's own library, and read by the tests of the workspace's counter too.
#[test]
fn the_library_of_x_counts_the_same() {
    let file = fixtures::folder().join("../vectors/counting.json");
    let text = std::fs::read_to_string(file).expect("is committed");
    let vectors: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    let cases = vectors["cases"].as_array().expect("is a list");
    assert!(cases.len() >= 300);
    for case in cases {
        let text = case["text"].as_str().expect("is text");
        assert_eq!(count(Counting::XWeighted, text), case["length"], "{text:?}");
        let found: Vec<&str> = addresses(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(serde_json::json!(found), case["addresses"], "{text:?}");
    }
}

#[test]
fn hostile_texts_are_counted_in_time() {
    let texts = [
        "あ".repeat(200_000),
        "a.".repeat(100_000),
        "あ.".repeat(100_000),
        "a.com/".repeat(40_000),
        "a.com/(".repeat(30_000),
        format!("a.com/{}", "(a".repeat(100_000)),
        format!("a.com?{}", "?".repeat(200_000)),
        "👩\u{200d}".repeat(60_000),
        "\u{fe0f}".repeat(100_000),
        format!("{}.com", "あ".repeat(200_000)),
        "-a.com".repeat(40_000),
    ];
    for text in texts {
        let begin = Instant::now();
        assert!(count(Counting::XWeighted, &text) > 280);
        let took = begin.elapsed();
        let beginning: String = text.chars().take(12).collect();
        assert!(took < Duration::from_secs(3), "{beginning}… took {took:?}");
    }
}

#[test]
fn names_that_x_puts_before_a_reply_are_not_counted() {
    assert_eq!(reply_length("@ines_carp bonjour", &["ines_carp"]), 7);
    assert_eq!(reply_length("@Ines_Carp @leo bonjour", &["leo", "ines_carp"]), 7);
    assert_eq!(reply_length("@ines_carp", &["ines_carp"]), 0);
    assert_eq!(reply_length("bonjour @ines_carp", &["ines_carp"]), 18);
    assert_eq!(reply_length("@ines_carpentier bonjour", &["ines_carp"]), 24);
    assert_eq!(reply_length("@ines_carp, bonjour", &["ines_carp"]), 19);
    assert_eq!(reply_length("@other bonjour", &["ines_carp"]), 14);
}
