//! What stands beside a place in a text: boundaries of words, quotes, the line.

/// The byte before a place.
pub(super) fn before(text: &str, at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|at| text.as_bytes().get(at)).copied()
}

/// The byte at a place.
pub(super) fn at(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

pub(super) fn is_word(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a name ends here: no letter, digit, `_`, and no `-` or `.` that goes on with one.
pub(super) fn ends_name(text: &str, end: usize) -> bool {
    match at(text, end) {
        byte if is_word(byte) => false,
        Some(b'-' | b'.') => !is_word(at(text, end + 1)),
        _ => true,
    }
}

/// The length of an escaped slash (`%2F`) that ends at a place.
pub(super) fn ends_with_slash(text: &str, end: usize) -> usize {
    let bytes = text.as_bytes().get(..end).unwrap_or_default();
    if bytes.ends_with(b"/") {
        1
    } else if bytes.len() >= 3 && bytes[bytes.len() - 3..].eq_ignore_ascii_case(b"%2f") {
        3
    } else {
        0
    }
}

/// The line a place is in: its text up to the place, and from there on. Endless lines are cut.
pub(super) fn line(text: &str, start: usize, end: usize) -> (&str, &str) {
    const FAR: usize = 200;
    let bytes = text.as_bytes();
    // Only what is near is looked at, so that a file of one endless line is not walked again and again.
    let near = start.saturating_sub(FAR);
    let first = memchr::memrchr(b'\n', &bytes[near..start]).map_or(near, |newline| near + newline + 1);
    let near = bytes.len().min(end + FAR);
    let last = memchr::memchr(b'\n', &bytes[end..near]).map_or(near, |newline| end + newline);
    let (first, last) = (on_character(text, first), on_character(text, last));
    (&text[first..start], &text[end..last.max(end)])
}

/// The first place from here on where a character begins.
pub(super) fn on_character(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// The quote a range stands in, if it fills it: `"x"`, `'x'`, and `\"x\"` of texts within texts.
pub(super) fn quotes(text: &str, start: usize, end: usize) -> Option<u8> {
    let quote = before(text, start).filter(|byte| [b'"', b'\'', b'`'].contains(byte))?;
    let closing = if at(text, end) == Some(b'\\') { end + 1 } else { end };
    (at(text, closing) == Some(quote)).then_some(quote)
}

/// The name that ends at a place, over indexes and quotes: the `alert` of `alert['devices'][0]`.
pub(super) fn name_before(text: &str, end: usize) -> &str {
    let bytes = text.as_bytes();
    let mut end = end;
    loop {
        let kept = end;
        while let Some(byte) = before(text, end)
            && (matches!(
                byte,
                b'"' | b'\'' | b'\\' | b'[' | b']' | b'(' | b')' | b'?' | b'.' | b'}' | b'*' | b' '
            ) || byte.is_ascii_digit())
            && kept - end < 12
        {
            end -= 1;
        }
        let start = (0..end).rev().take_while(|at| is_word(Some(bytes[*at]))).last().unwrap_or(end);
        let name = &text[start..end];
        // `incident.get('tags')`: what `get` is asked of.
        if name == "get" && start > 0 {
            end = start;
            continue;
        }
        return name;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_of_a_field_is_found_in_any_notation() {
        for text in
            ["alert.devices", "alert['devices", "alert[0].devices", "x.alert?['devices", "alert.get('devices"]
        {
            let at = text.find("devices").expect("the field");
            assert_eq!(name_before(text, at), "alert", "{text}");
        }
        assert_eq!(name_before("devices", 0), "");
    }

    #[test]
    fn lines_are_cut_on_characters() {
        let text = "ä".repeat(500) + "X" + &"ö".repeat(500);
        let at = text.find('X').expect("X");
        let (before, after) = line(&text, at, at + 1);
        assert!(before.len() <= 200 && after.len() <= 201 && !before.is_empty());
    }
}
