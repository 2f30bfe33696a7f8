//! Moments as differences: an hour of calls stays a few kilobytes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) fn serialize<S: Serializer>(moments: &[i64], serializer: S) -> Result<S::Ok, S::Error> {
    let differences: Vec<i64> = moments
        .iter()
        .scan(0, |before, at| {
            let difference = at - *before;
            *before = *at;
            Some(difference)
        })
        .collect();
    differences.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let differences = Vec::<i64>::deserialize(deserializer)?;
    let mut moments = Vec::with_capacity(differences.len());
    let mut at = 0_i64;
    for difference in differences {
        at =
            at.checked_add(difference).ok_or_else(|| serde::de::Error::custom("a moment beyond all time"))?;
        moments.push(at);
    }
    // A book relies on their order, and this text may be anybody's.
    moments.sort_unstable();
    Ok(moments)
}
