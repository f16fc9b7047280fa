//! Our counting of posts against the conformance cases of twitter-text.
//!
//! Every section that bears on a post's length. The others are about names, lists, hashtags and
//! about a stricter idea of an address that counting does not use.

use std::fs;

use networks::manifest::weighted::{Configuration, Measure, addresses, measure};
use yaml_rust2::{Yaml, YamlLoader};

/// The cases of a section: description, text, what is expected.
fn cases(file: &str, section: &str) -> Option<Vec<(String, String, Yaml)>> {
    let file = super::specifications()?.join("twitter-text").join(file);
    let text = fs::read_to_string(file).expect("GUICHET_SPECS has the cases of twitter-text");
    let document = YamlLoader::load_from_str(&text).expect("is YAML").remove(0);
    let cases = document["tests"][section].as_vec().expect("has the section").iter();
    let word = |case: &Yaml, name: &str| case[name].as_str().expect("is text").to_owned();
    let cases =
        cases.map(|case| (word(case, "description"), word(case, "text"), case["expected"].clone()));
    Some(cases.collect())
}

fn number(expected: &Yaml, name: &str) -> u32 {
    u32::try_from(expected[name].as_i64().expect("is a number")).expect("is small")
}

fn check_counting(section: &str, configuration: &Configuration, least: usize) {
    let Some(cases) = cases("validate.yml", section) else { return };
    assert!(cases.len() >= least, "{section} has only {} cases", cases.len());
    let wrong: Vec<_> = cases
        .iter()
        .filter_map(|(description, text, expected)| {
            let wanted = Measure {
                weighted_length: number(expected, "weightedLength"),
                valid: expected["valid"].as_bool().expect("is a truth"),
                permillage: number(expected, "permillage"),
                valid_range_end: number(expected, "validRangeEnd"),
                display_range_end: number(expected, "displayRangeEnd"),
            };
            let found = measure(text, configuration);
            (found != wanted).then(|| format!("{description}: {found:?}, not {wanted:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{section}: {wrong:#?}");
}

#[test]
fn posts_weigh_what_x_says() {
    check_counting("WeightedTweetsWithDiscountedEmojiCounterTest", &Configuration::V3, 20);
    check_counting("UnicodeDirectionalMarkerCounterTest", &Configuration::V3, 2);
}

#[test]
fn posts_weigh_what_x_said_before_emoji_were_discounted() {
    check_counting("WeightedTweetsCounterTest", &Configuration::V2, 18);
}

#[test]
fn posts_of_the_first_configuration_fit_when_x_says_so() {
    let Some(cases) = cases("validate.yml", "tweets") else { return };
    assert!(cases.len() >= 8);
    for (description, text, expected) in cases {
        let valid = measure(&text, &Configuration::V1).valid;
        assert_eq!(Some(valid), expected.as_bool(), "{description}");
    }
}

#[test]
fn the_configuration_is_the_networks() {
    let Some(folder) = super::specifications() else { return };
    let text = fs::read_to_string(folder.join("twitter-text/config-v3.json")).expect("is there");
    let stated: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    assert_eq!(stated["maxWeightedTweetLength"], Configuration::V3.limit);
    let weight = |text: &str| measure(text, &Configuration::V3).weighted_length;
    assert_eq!(stated["transformedURLLength"], weight("https://example.com"));
    for range in stated["ranges"].as_array().expect("is a list") {
        for (name, outside) in [("start", -1), ("end", 1)] {
            let code = range[name].as_i64().expect("is a number");
            let at = |code: i64| u32::try_from(code).ok().and_then(char::from_u32);
            let inside = at(code).expect("is a letter");
            // Two of them, so that half weights show.
            assert_eq!(weight(&format!("x{inside}x")), 3, "{inside:?}");
            if let Some(outside) = at(code + outside).filter(|letter| *letter != '\0') {
                assert_eq!(weight(&format!("x{outside}x")), 4, "{outside:?}");
            }
        }
    }
}

fn list(expected: &Yaml) -> Vec<String> {
    let texts = expected.as_vec().expect("is a list").iter();
    texts.map(|text| text.as_str().expect("is text").to_owned()).collect()
}

fn found(text: &str) -> Vec<String> {
    addresses(text).into_iter().map(|range| text[range].to_owned()).collect()
}

#[test]
fn the_addresses_of_a_text_are_those_that_x_finds() {
    let sections = [
        ("extract.yml", "urls", 90),
        ("extract.yml", "tco_urls_with_params", 3),
        ("tlds.yml", "country", 300),
        ("tlds.yml", "generic", 1_200),
    ];
    for (file, section, least) in sections {
        let Some(cases) = cases(file, section) else { return };
        assert!(cases.len() >= least, "{section} has only {} cases", cases.len());
        let wrong: Vec<_> = cases
            .iter()
            .filter(|(_, text, expected)| found(text) != list(expected))
            .map(|(description, text, expected)| {
                format!("{description}: {:?}, not {:?}", found(text), list(expected))
            })
            .collect();
        assert!(wrong.is_empty(), "{section}: {wrong:#?}");
    }
}

#[test]
fn the_addresses_of_a_text_stand_where_x_finds_them() {
    let Some(mut all) = cases("extract.yml", "urls_with_indices") else { return };
    assert!(all.len() >= 10);
    let Some(directional) = cases("extract.yml", "urls_with_directional_markers") else { return };
    assert!(directional.len() >= 2);
    all.extend(directional);
    for (description, text, expected) in all {
        let wanted: Vec<(String, i64, i64)> = expected
            .as_vec()
            .expect("is a list")
            .iter()
            .map(|one| {
                let place = |at: usize| one["indices"][at].as_i64().expect("is a number");
                (one["url"].as_str().expect("is text").to_owned(), place(0), place(1))
            })
            .collect();
        let position =
            |place: usize| i64::try_from(text[..place].chars().count()).expect("is small");
        let found: Vec<_> = addresses(&text)
            .into_iter()
            .map(|range| {
                (text[range.clone()].to_owned(), position(range.start), position(range.end))
            })
            .collect();
        assert_eq!(found, wanted, "{description}");
    }
}
