//! Reading the path and the media type of a request.

use crate::exchange::Request;
use percent_encoding::percent_decode_str;

/// The segments of a path, percent-decoded one by one; a trailing slash gives a last empty one.
pub(crate) fn segments(path: &str) -> Vec<String> {
    path.trim_start_matches('/')
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

/// Whether the body is declared as JSON.
pub(crate) fn says_json(request: &Request) -> bool {
    let declared = request.header("content-type").unwrap_or_default();
    declared.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}
