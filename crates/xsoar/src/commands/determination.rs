//! Which determination goes with a classification, in the words and with the texts of the original.

use crate::python;

/// Classification, the determinations it allows, and the one it gets when none is given.
const PAIRS: [(&str, &[&str], &str); 4] = [
    (
        "TruePositive",
        &[
            "MultiStagedAttack",
            "MaliciousUserActivity",
            "Malware",
            "Phishing",
            "CompromisedAccount",
            "UnwantedSoftware",
            "Other",
        ],
        "Other",
    ),
    (
        "InformationalExpectedActivity",
        &["SecurityTesting", "LineOfBusinessApplication", "ConfirmedActivity", "Other"],
        "Other",
    ),
    ("FalsePositive", &["NotMalicious", "NoEnoughDataToValidate", "Other"], "Other"),
    ("Unknown", &["NotAvailable"], "NotAvailable"),
];

/// The determination to send; `None` when neither is given.
///
/// # Errors
/// The original's texts.
pub(crate) fn of(
    classification: Option<&str>,
    determination: Option<&str>,
) -> Result<Option<String>, String> {
    let Some(classification) = classification else {
        return match determination {
            None => Ok(None),
            Some(_) => Err(no_classification()),
        };
    };
    let pair = PAIRS.iter().find(|(word, ..)| *word == classification);
    let (_, allowed, default) = pair.ok_or_else(no_classification)?;
    match determination {
        None => Ok(Some((*default).to_owned())),
        Some(word) if allowed.contains(&word) => Ok(Some(word.to_owned())),
        Some(_) => {
            let words: Vec<_> = allowed.iter().map(|word| python::quoted(word)).collect();
            Err(format!(
                "get_determination_value - Invalid determination. Please provide one of the following: [{}]",
                words.join(", ")
            ))
        }
    }
}

fn no_classification() -> String {
    "get_determination_value - Please provide a valid classification".to_owned()
}

#[cfg(test)]
mod tests {
    use defender_xdr_api::words::{CLASSIFICATION, DETERMINATION, determinations_of};

    use super::*;

    #[test]
    fn the_pairs_are_those_of_the_service() {
        for (classification, allowed, default) in PAIRS {
            let service = determinations_of(&CLASSIFICATION.graph(classification)).iter().copied();
            let mut service: Vec<_> = service.map(|word| DETERMINATION.legacy(word).into_owned()).collect();
            let mut ours: Vec<_> = allowed.iter().map(|word| (*word).to_owned()).collect();
            service.sort();
            ours.sort();
            assert_eq!(ours, service, "{classification}");
            assert!(allowed.contains(&default));
        }
    }

    #[test]
    fn what_is_missing_is_filled_in_or_refused() {
        assert_eq!(of(None, None), Ok(None));
        assert_eq!(of(Some("TruePositive"), None), Ok(Some("Other".to_owned())));
        assert_eq!(of(Some("Unknown"), None), Ok(Some("NotAvailable".to_owned())));
        assert_eq!(of(Some("FalsePositive"), Some("NotMalicious")), Ok(Some("NotMalicious".to_owned())));
        let refused = Err("get_determination_value - Please provide a valid classification".to_owned());
        assert_eq!(of(None, Some("Malware")), refused);
        assert_eq!(of(Some("Perhaps"), None), refused);
        assert_eq!(
            of(Some("FalsePositive"), Some("Malware")),
            Err("get_determination_value - Invalid determination. Please provide one of the following: ['NotMalicious', 'NoEnoughDataToValidate', 'Other']".to_owned())
        );
    }
}
