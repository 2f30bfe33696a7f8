//! A member's name, made to be looked for.

use std::borrow::Cow;

/// A name, and what tells it from nearly all others at a glance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name<'j> {
    pub(super) text: Cow<'j, str>,
    hint: u64,
}

impl<'j> Name<'j> {
    pub(super) fn new(text: Cow<'j, str>) -> Self {
        Self { hint: hint(&text), text }
    }
}

/// A name that is looked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    text: &'a str,
    hint: u64,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, hint: hint(text) }
    }

    pub(super) fn is(self, name: &Name<'_>) -> bool {
        self.hint == name.hint && self.text == name.text
    }
}

/// The first eight bytes and the length: two members of one object seldom agree in both.
fn hint(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let head = bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut head = [0; 8];
        head[..bytes.len()].copy_from_slice(bytes);
        head
    });
    u64::from_le_bytes(head) ^ (bytes.len() as u64).rotate_right(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_itself_and_no_other() {
        let names = ["", "a", "id", "evidence", "evidences", "createdDateTime", "createdByDisplayName", "é"];
        for name in names {
            let there = Name::new(Cow::Borrowed(name));
            let same: Vec<_> = names.into_iter().filter(|other| Wanted::new(other).is(&there)).collect();
            assert_eq!(same, [name]);
        }
        // The same hint is not enough.
        let (one, other) = ("lastUpdateDateTime", "lastUpdaxxxxxxxxxx");
        assert_eq!(hint(one), hint(other));
        assert!(!Wanted::new(one).is(&Name::new(Cow::Borrowed(other))));
    }
}
