//! Who is a bot, by what the client says of itself.

/// What programs call themselves that fetch links to preview or index them. Lower case.
const WORDS: [&str; 16] = [
    "bot",
    "crawl",
    "spider",
    "preview",
    "facebookexternalhit",
    "slurp",
    "curl",
    "wget",
    "python-",
    "go-http",
    "okhttp",
    "headless",
    "monitor",
    "scan",
    "fetch",
    "whatsapp",
];

/// Whether a click counts as a bot's. A client that says nothing is one.
#[must_use]
pub fn is_bot(user_agent: Option<&str>) -> bool {
    let Some(user_agent) = user_agent.filter(|text| !text.trim().is_empty()) else { return true };
    let user_agent = user_agent.to_ascii_lowercase();
    WORDS.iter().any(|word| user_agent.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_people_and_previews_are_not() {
        for bot in [
            None,
            Some(""),
            Some("Twitterbot/1.0"),
            Some("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"),
            Some("curl/8.5.0"),
        ] {
            assert!(is_bot(bot), "{bot:?}");
        }
        let browser = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                       (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        assert!(!is_bot(Some(browser)));
    }
}
