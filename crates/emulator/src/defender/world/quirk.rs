//! Oddities of real payloads, planted on fixed places so that every world has them.

use serde::{Deserialize, Serialize};

/// What is odd about one incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Quirk {
    None,
    /// More than 150 alerts.
    Huge,
    /// `incidentName` / `displayName` is null.
    NamelessIncident,
    /// The name is only the number, as on old incidents.
    NameIsNumber,
    /// Part of a chain of merges.
    Merged,
    /// Alerts say another incident number than the incident they are embedded in.
    ForeignAlerts,
    /// Lists and classification are null.
    NullLists,
    /// Lists are missing.
    MissingLists,
    /// Evidence and enum words no published model knows; an `@odata.type` without its `#`.
    UnknownWords,
    /// Numbers come as strings.
    NumbersAsText,
    /// Replacement characters, CR LF, markdown and HTML in texts.
    DirtyText,
    /// Texts that are no IP addresses where one is due.
    InvalidAddresses,
    /// Host names and paths spelled in several ways.
    SpellingDrift,
    /// Members no published model has.
    ExtraMembers,
    /// Severity was never set.
    NoSeverity,
    /// Entities carry every key of the old flat record, null where it does not apply.
    FlatEntities,
}

/// The quirk of the incident that is `age` incidents older than the newest one.
pub(crate) fn at(age: usize) -> Quirk {
    match age {
        7 => Quirk::Huge,
        12 => Quirk::NamelessIncident,
        18..=21 => Quirk::Merged,
        23 => Quirk::ForeignAlerts,
        25 => Quirk::NullLists,
        26 => Quirk::MissingLists,
        27 => Quirk::UnknownWords,
        28 => Quirk::NumbersAsText,
        29 => Quirk::DirtyText,
        30 => Quirk::InvalidAddresses,
        31 => Quirk::SpellingDrift,
        34 => Quirk::NameIsNumber,
        36 => Quirk::ExtraMembers,
        37 => Quirk::NoSeverity,
        _ if age % 6 == 4 => Quirk::FlatEntities,
        _ => Quirk::None,
    }
}
