//! The incidents that a change names: on the command line, or on standard input as other commands print them.

use std::collections::HashSet;

use super::input;
use crate::detached::detached;
use crate::failure::Failure;

/// Stands for standard input.
pub(super) const INPUT: &str = "-";

/// An incident that was named.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) id: String,
    /// Where it was named, for errors about it.
    pub(super) from: String,
}

/// Whether the words name one incident, whose change is shown as the incident itself.
pub(super) fn is_one(words: &[String]) -> bool {
    matches!(words, [word] if word != INPUT)
}

/// Whether a word in the place of a comment looks like an incident: nobody can take a comment back.
pub(super) fn is_no_comment(word: &str) -> bool {
    word == INPUT || (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// All ids, each once, in the order they were named; `-` is replaced by those on standard input. Everything is read before
/// anything is changed, so that input that breaks off changes nothing.
pub(super) async fn gather(words: Vec<String>) -> Result<Vec<Named>, Failure> {
    let mut seen = HashSet::new();
    let mut ids = Vec::new();
    let mut read = false;
    for word in words {
        let found = if word != INPUT {
            vec![Named { id: word, from: "command line".to_owned() }]
        } else if std::mem::replace(&mut read, true) {
            Vec::new()
        } else {
            let reading = detached(|| input::read(std::io::stdin().lock()));
            match reading.await {
                Some(Ok(found)) => found
                    .into_iter()
                    .map(|found| Named { id: found.id, from: format!("standard input, {}", found.place) })
                    .collect(),
                Some(Err(wrong)) => {
                    let place = wrong.place.map_or_else(String::new, |place| format!(", {place}"));
                    return Err(Failure::usage(wrong.why)
                        .with_source(format!("standard input{place}"))
                        .into());
                }
                None => return Err(Failure::bug("standard input cannot be read")),
            }
        };
        ids.extend(found.into_iter().filter(|named| seen.insert(named.id.clone())));
    }
    Ok(ids)
}
