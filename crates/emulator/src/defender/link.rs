//! Values inside the query of a link.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Appends `name=value`; the name stays as it is, because clients compare `$top` and the like as text.
pub(crate) fn append_option(link: &mut String, name: &str, value: &str) {
    link.push_str(name);
    link.push('=');
    link.extend(utf8_percent_encode(value, RESERVED));
}
