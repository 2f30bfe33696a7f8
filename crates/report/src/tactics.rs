//! MITRE ATT&CK tactics in the order of an attack, by the words that alerts carry as their category.
//!
//! Sources: MITRE ATT&CK Enterprise, "Tactics"; Microsoft Graph v1.0, "alert resource type" (category).

use crate::findings::Tactic;
use std::collections::BTreeMap;

/// The category's word without spaces, the name, the number.
const TACTICS: [(&str, &str, &str); 14] = [
    ("Reconnaissance", "Reconnaissance", "TA0043"),
    ("ResourceDevelopment", "Resource development", "TA0042"),
    ("InitialAccess", "Initial access", "TA0001"),
    ("Execution", "Execution", "TA0002"),
    ("Persistence", "Persistence", "TA0003"),
    ("PrivilegeEscalation", "Privilege escalation", "TA0004"),
    ("DefenseEvasion", "Defense evasion", "TA0005"),
    ("CredentialAccess", "Credential access", "TA0006"),
    ("Discovery", "Discovery", "TA0007"),
    ("LateralMovement", "Lateral movement", "TA0008"),
    ("Collection", "Collection", "TA0009"),
    ("CommandAndControl", "Command and control", "TA0011"),
    ("Exfiltration", "Exfiltration", "TA0010"),
    ("Impact", "Impact", "TA0040"),
];

/// Categories that nobody knows are counted up to this many.
const MOST_OTHERS: usize = 64;

/// Incidents by tactic.
#[derive(Debug, Default)]
pub(crate) struct Tactics {
    counts: [u32; TACTICS.len()],
    others: BTreeMap<String, u32>,
}

impl Tactics {
    /// Counts an incident once for each of its categories.
    pub(crate) fn add<'a>(&mut self, categories: impl IntoIterator<Item = &'a str>) {
        for category in categories {
            let bare: String = category.chars().filter(char::is_ascii_alphanumeric).collect();
            if bare.is_empty() {
                continue;
            }
            if let Some(place) = TACTICS.iter().position(|(word, ..)| word.eq_ignore_ascii_case(&bare)) {
                self.counts[place] = self.counts[place].saturating_add(1);
            } else if self.others.len() < MOST_OTHERS || self.others.contains_key(category) {
                let count = self.others.entry(category.to_owned()).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    /// All tactics, also those without incidents; then the other categories, the most frequent first.
    pub(crate) fn finish(self) -> Vec<Tactic> {
        let known = TACTICS.iter().zip(self.counts).map(|((_, name, id), incidents)| Tactic {
            name: (*name).to_owned(),
            id: Some(id),
            incidents,
        });
        let mut others: Vec<_> = self
            .others
            .into_iter()
            .map(|(name, incidents)| Tactic { name: spaced(&name), id: None, incidents })
            .collect();
        others.sort_by_key(|other| std::cmp::Reverse(other.incidents));
        known.chain(others).collect()
    }
}

/// `SuspiciousActivity` for people.
fn spaced(word: &str) -> String {
    let mut text = String::with_capacity(word.len() + 2);
    let mut last_was_small = false;
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && last_was_small {
            text.push(' ');
            text.push(letter.to_ascii_lowercase());
        } else {
            text.push(letter);
        }
        last_was_small = letter.is_ascii_lowercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_tactic_are_one_and_what_is_none_comes_last() {
        let mut tactics = Tactics::default();
        tactics.add(["InitialAccess", "SuspiciousActivity"]);
        tactics.add(["Initial Access", "", "Malware", "SuspiciousActivity"]);
        let found = tactics.finish();
        assert_eq!((found[2].id, found[2].incidents), (Some("TA0001"), 2));
        let others: Vec<_> = found[14..].iter().map(|other| (other.name.as_str(), other.incidents)).collect();
        assert_eq!(others, [("Suspicious activity", 2), ("Malware", 1)]);
    }
}
