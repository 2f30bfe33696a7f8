//! Permissions of the retired APIs.

use super::surroundings::{at, before, ends_name, is_word};
use super::{Hit, Kind};
use crate::correspondence::{LegacyApi, Permission};

/// The permission, if it stands for itself: not the end of `SecurityIncident.Read.All`, not a method that is called.
pub(super) fn hit(text: &str, start: usize, end: usize, permission: Permission) -> Option<Hit> {
    let first = before(text, start);
    // `%2F` and `%20` before it end in a letter or a digit.
    let escaped = start >= 3 && text.as_bytes()[start - 3] == b'%';
    let joined = (is_word(first) && !escaped) || matches!(first, Some(b'-' | b'.'));
    if joined || !ends_name(text, end) || at(text, end) == Some(b'(') {
        return None;
    }
    // Permissions are written in this case; a class of a program rarely is.
    if !text[start..end].eq_ignore_ascii_case(permission.legacy) {
        return None;
    }
    let api = match permission.api {
        LegacyApi::Xdr => "Microsoft Threat Protection",
        LegacyApi::Endpoint => "WindowsDefenderATP",
    };
    Some(Hit {
        start,
        end,
        kind: Kind::Permission,
        why: format!(
            "a permission on the retired API ({api}); the one to grant is on Microsoft Graph, with new consent"
        ),
        replacement: Some(permission.graph.to_owned()),
    })
}
