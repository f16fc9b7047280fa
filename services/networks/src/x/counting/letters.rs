//! The classes of letters that twitter-text's expressions are made of.

/// Never allowed in a post.
pub(super) const fn is_refused(letter: char) -> bool {
    matches!(letter, '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
}

pub(super) const fn is_directional(letter: char) -> bool {
    matches!(
        letter,
        '\u{202A}'..='\u{202E}' | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}'
    )
}

const fn is_space(letter: char) -> bool {
    matches!(
        letter,
        '\u{9}'..='\u{D}' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{180E}'
            | '\u{2000}'..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}'
            | '\u{3000}'
    )
}

const fn is_punctuation(letter: char) -> bool {
    letter.is_ascii_punctuation() && !matches!(letter, '"' | '`')
}

/// May stand at either end of a part of a domain.
pub(super) const fn is_domain(letter: char) -> bool {
    !(is_punctuation(letter) || is_space(letter) || is_refused(letter) || is_directional(letter))
}

/// May stand directly before an address.
pub(super) const fn may_precede(letter: char) -> bool {
    let kept = letter.is_ascii_alphanumeric()
        || matches!(letter, '@' | '＠' | '$' | '#' | '＃')
        || is_refused(letter);
    !kept
}

pub(super) const fn is_accented_latin(letter: char) -> bool {
    matches!(
        letter,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{253}' | '\u{254}'
            | '\u{256}' | '\u{257}' | '\u{259}' | '\u{25B}' | '\u{263}' | '\u{268}' | '\u{26F}'
            | '\u{272}' | '\u{289}' | '\u{28B}' | '\u{2BB}' | '\u{300}'..='\u{36F}'
            | '\u{1E00}'..='\u{1EFF}'
    )
}

const fn is_lettered(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, '\u{400}'..='\u{4FF}')
        || is_accented_latin(letter)
}

/// May stand in a path.
pub(super) const fn is_path(letter: char) -> bool {
    is_lettered(letter)
        || matches!(
            letter,
            '!' | '*'
                | '\''
                | ';'
                | ':'
                | '='
                | '+'
                | ','
                | '.'
                | '$'
                | '/'
                | '%'
                | '#'
                | '['
                | ']'
                | '-'
                | '\u{2013}'
                | '_'
                | '~'
                | '@'
                | '|'
                | '&'
        )
}

/// May end a path.
pub(super) const fn ends_path(letter: char) -> bool {
    is_lettered(letter) || matches!(letter, '+' | '-' | '=' | '_' | '#' | '/')
}

/// May stand in a query.
pub(super) const fn is_query(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(
            letter,
            '!' | '?'
                | '*'
                | '\''
                | '@'
                | '('
                | ')'
                | ';'
                | ':'
                | '&'
                | '='
                | '+'
                | '$'
                | '/'
                | '%'
                | '#'
                | '['
                | ']'
                | '-'
                | '_'
                | '.'
                | ','
                | '~'
                | '|'
        )
}

/// May end a query.
pub(super) const fn ends_query(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '&' | '=' | '#' | '/')
}
