//! Search: what a query means, and where a text has it.
//!
//! A query is words; every one has to be there, anywhere, as a part of words too. Words and texts
//! are compared folded: decomposed, without accents, lower case. The database folds texts in the
//! same way (`search_fold`); this only finds the places that it found, to show them.

use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization as _;

use super::item::Profile;
use super::view::{MessageRow, Row};
use super::words::{ContactId, ConversationId, MessageId, Network, State};

/// Longest query, in characters.
pub const LONGEST_QUERY: usize = 200;

/// Most words of one.
pub const MOST_WORDS: usize = 10;

/// From how many characters on a word has an index.
const INDEXED: usize = 3;

/// Longest snippet, in characters, and how much of it stands before the first place.
const SNIPPET: usize = 160;
const BEFORE: usize = 40;

/// Accents that decomposition sets apart.
const fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// A text as words are looked for in it.
#[must_use]
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|character| !is_mark(*character)).flat_map(char::to_lowercase).collect()
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
}

impl Query {
    /// The query that `text` says; none when it says nothing, or more than can be looked for.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.chars().count() > LONGEST_QUERY || text.contains('\0') {
            return None;
        }
        let words: Vec<String> =
            text.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
        (!words.is_empty() && words.len() <= MOST_WORDS).then_some(Self { words })
    }

    /// The words as patterns of the database.
    pub fn patterns(&self) -> impl Iterator<Item = String> {
        self.words.iter().map(|word| {
            let mut pattern = String::from("%");
            for character in word.chars() {
                if matches!(character, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(character);
            }
            pattern.push('%');
            pattern
        })
    }

    /// Whether an index knows at least one of the words.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.words.iter().any(|word| {
            let runs = word.split(|character: char| !character.is_alphanumeric());
            runs.map(|run| run.chars().count()).max().is_some_and(|longest| longest >= INDEXED)
        })
    }

    /// A text cut where it has what is looked for.
    #[must_use]
    pub fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut hits = vec![false; text.chars().count()];
        let (flat, origins) = flattened(text);
        for word in &self.words {
            let word: Vec<char> = word.chars().collect();
            for start in 0..(flat.len() + 1).saturating_sub(word.len()) {
                if flat[start..].starts_with(&word) {
                    for origin in &origins[start..start + word.len()] {
                        hits[*origin] = true;
                    }
                }
            }
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for (place, character) in text.chars().enumerate() {
            // An accent goes with its letter.
            if place > 0 && is_mark(character) {
                hits[place] = hits[place - 1];
            }
            let hit = hits[place];
            match pieces.last_mut() {
                Some(last) if last.hit == hit => last.text.push(character),
                _ => pieces.push(Piece { text: character.to_string(), hit }),
            }
        }
        pieces
    }

    /// A part of a long text around the first place, cut in pieces.
    #[must_use]
    pub fn snippet(&self, text: &str) -> Vec<Piece> {
        let pieces = self.pieces(text);
        let first: usize = pieces
            .iter()
            .take_while(|piece| !piece.hit)
            .map(|piece| piece.text.chars().count())
            .sum();
        let total = text.chars().count();
        if total <= SNIPPET {
            return pieces;
        }
        let found = first < total;
        let begin = if found { first.saturating_sub(BEFORE) } else { 0 };
        let mut skip = begin;
        let mut left = SNIPPET;
        let mut cut = Vec::new();
        for piece in pieces {
            let length = piece.text.chars().count();
            let kept: String = piece.text.chars().skip(skip).take(left).collect();
            skip = skip.saturating_sub(length);
            left -= kept.chars().count();
            if !kept.is_empty() {
                cut.push(Piece { text: kept, hit: piece.hit });
            }
        }
        if begin > 0 {
            cut.insert(0, Piece { text: "…".to_owned(), hit: false });
        }
        if begin + SNIPPET < total {
            cut.push(Piece { text: "…".to_owned(), hit: false });
        }
        cut
    }
}

/// The folded characters of a text, each with the place of the one that it comes from.
fn flattened(text: &str) -> (Vec<char>, Vec<usize>) {
    let mut flat = Vec::new();
    let mut origins = Vec::new();
    for (place, character) in text.chars().enumerate() {
        let decomposed = character.nfkd().filter(|character| !is_mark(*character));
        for lower in decomposed.flat_map(char::to_lowercase) {
            flat.push(lower);
            origins.push(place);
        }
    }
    (flat, origins)
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The characters.
    pub text: String,
    /// What was looked for.
    pub hit: bool,
}

/// In what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// All of the others; one page.
    Everything,
    /// Conversations.
    Conversations,
    /// Messages.
    Messages,
    /// Contacts.
    Contacts,
}

/// Where the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Behind this message.
    Message(OffsetDateTime, MessageId),
    /// Behind this contact.
    Contact(ContactId),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is looked for.
    pub query: Query,
    /// In what.
    pub within: Within,
    /// Where the page begins; none: at the newest.
    pub after: Option<After>,
    /// Of each at most.
    pub limit: i64,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMessage {
    /// The message.
    pub message: MessageRow,
    /// The state of its conversation.
    pub state: Option<State>,
}

/// A contact who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundContact {
    /// Who.
    pub contact: ContactId,
    /// What they are called.
    pub profile: Profile,
    /// On which network.
    pub network: Network,
    /// The page or account that their id belongs to.
    pub scope: String,
    /// Their newest conversation.
    pub conversation: ConversationId,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Conversations, each with the text of its newest message that has it.
    pub conversations: Vec<(Row, Option<String>)>,
    /// Messages.
    pub messages: Vec<FoundMessage>,
    /// Contacts.
    pub contacts: Vec<FoundContact>,
    /// Where the next page begins.
    pub next: Option<After>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(query: &str, text: &str) -> String {
        let query = Query::read(query).expect("a query");
        let mark = |piece: Piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text };
        query.pieces(text).into_iter().map(mark).collect()
    }

    #[test]
    fn words_are_found_whatever_their_case_and_accents() {
        assert_eq!(marked("ecole", "L’École normale"), "L’[École] normale");
        assert_eq!(marked("ÉCOLE norm", "L’e\u{301}cole normale"), "L’[e\u{301}cole] [norm]ale");
        assert_eq!(marked("fi", "of\u{fb01}ce"), "of[\u{fb01}]ce");
        assert_eq!(marked("straße", "STRAßE"), "[STRAßE]");
        assert_eq!(marked("x", "nothing"), "nothing");
        assert_eq!(Query::read("  "), None);
        assert_eq!(Query::read(&"a ".repeat(11)), None);
        assert_eq!(Query::read(&"a".repeat(201)), None);
        assert_eq!(Query::read("a\0b"), None);
    }

    #[test]
    fn what_means_something_to_the_database_is_taken_literally() {
        let query = Query::read(r"50% a_b c\d").expect("a query");
        assert_eq!(query.patterns().collect::<Vec<_>>(), [r"%50\%%", r"%a\_b%", r"%c\\d%"]);
        assert!(!Query::read("ab c-d").expect("a query").is_indexed());
        assert!(Query::read("ab order").expect("a query").is_indexed());
    }

    #[test]
    fn a_snippet_shows_the_first_place() {
        let query = Query::read("needle").expect("a query");
        let text = format!("{}needle{}", "x".repeat(300), "y".repeat(300));
        let snippet = query.snippet(&text);
        let shown: usize = snippet.iter().map(|piece| piece.text.chars().count()).sum();
        assert_eq!(shown, SNIPPET + 2);
        assert!(snippet.iter().any(|piece| piece.hit && piece.text == "needle"), "{snippet:?}");
        assert_eq!((snippet[0].text.as_str(), snippet[0].hit), ("…", false));
    }

    proptest! {
        /// Whatever is looked for, the pieces are the text.
        #[test]
        fn the_pieces_are_the_text(query in ".{1,8}", text in ".{0,40}") {
            if let Some(query) = Query::read(&query) {
                let pieces = query.pieces(&text);
                let joined: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
                prop_assert_eq!(&joined, &text);
                let neighbours = pieces.windows(2).all(|pair| pair[0].hit != pair[1].hit);
                prop_assert!(neighbours);
                let _ = query.snippet(&text);
            }
        }
    }
}
