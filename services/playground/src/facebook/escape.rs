//! JSON as Meta puts it on the wire: everything beyond ASCII as `\uXXXX` in lower case, and every
//! slash as `\/`. The signature covers these bytes.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut units = [0; 2];
        for letter in fragment.chars() {
            match letter {
                '/' => writer.write_all(b"\\/")?,
                ascii if ascii.is_ascii() => write!(writer, "{ascii}")?,
                beyond => {
                    for unit in beyond.encode_utf16(&mut units) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The bytes of `value`.
#[must_use]
pub fn escaped(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    // Writing to memory does not fail.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, Escaping));
    bytes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_beyond_ascii_and_every_slash_is_escaped() {
        let bytes = escaped(&json!({"text": "déjà 😀 \"a/b\"\n"}));
        let expected = r#"{"text":"d\u00e9j\u00e0 \ud83d\ude00 \"a\/b\"\n"}"#;
        assert_eq!(String::from_utf8(bytes).expect("ASCII"), expected);
    }
}
