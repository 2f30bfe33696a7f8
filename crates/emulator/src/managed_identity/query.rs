//! The query of a request to a host: no parameter twice.

use crate::exchange::Request;

/// The first parameter that comes twice.
pub(super) fn repeated(request: &Request) -> Option<&str> {
    let names = || request.query.iter().map(|(name, _)| name.as_str());
    names()
        .enumerate()
        .find(|(index, name)| names().take(*index).any(|earlier| earlier == *name))
        .map(|(_, name)| name)
}

/// Whether a request comes from something on the machine itself, by the header that pages and proxies do not send.
pub(super) fn has_metadata_header(request: &Request) -> bool {
    request.header("metadata").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}
