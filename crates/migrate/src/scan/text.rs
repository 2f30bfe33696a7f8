//! The text of a file, whatever it is encoded in.

use std::borrow::Cow;

/// A zero byte this near to the start tells that a file is no text.
const LOOKED_AT: usize = 8 * 1024;

/// The text; `None` when it is none. UTF-16 is known by its mark (RFC 2781), as Windows PowerShell writes it; all else is read
/// as UTF-8, with a replacement character for what is not.
pub(super) fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Some(Cow::Owned(wide(rest, u16::from_le_bytes))),
        [0xFE, 0xFF, rest @ ..] => Some(Cow::Owned(wide(rest, u16::from_be_bytes))),
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            let start = &bytes[..bytes.len().min(LOOKED_AT)];
            (memchr::memchr(0, start).is_none()).then(|| String::from_utf8_lossy(bytes))
        }
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|next| next.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_part_of_the_text() {
        assert_eq!(decoded(b"\xEF\xBB\xBFab").as_deref(), Some("ab"));
        assert_eq!(decoded(b"\xFF\xFEa\0b\0").as_deref(), Some("ab"));
        assert_eq!(decoded(b"\xFE\xFF\0a\0b").as_deref(), Some("ab"));
        assert_eq!(decoded(b"MZ\0\0"), None);
        assert_eq!(decoded(b""), Some(Cow::Borrowed("")));
    }
}
