//! Addresses: hosts with the call that follows, scopes and resources, calls apart from their host.

use super::surroundings::{at, before, ends_with_slash, is_word, line};
use super::{Hit, Kind};
use crate::correspondence::{CALLS, Host, LegacyApi, call_of, permissions};

const GRAPH: &str = "https://graph.microsoft.com";

/// An address on a host of a retired API: a scope, or a host with what is called there.
pub(super) fn of_host(text: &str, start: usize, end: usize, host: Host) -> Option<Hit> {
    let (start, has_label) = whole_name(text, start)?;
    // `api.security.microsoft.com.example`, `api.security.microsoft.community`.
    match at(text, end) {
        byte if is_word(byte) || byte == Some(b'-') => return None,
        Some(b'.') if is_word(at(text, end + 1)) => return None,
        _ => {}
    }
    let (start, has_scheme) = with_scheme(text, start);
    let (path_end, path) = path(text, end);
    let graph = host.graph();
    if let Some(replacement) = scope_of(&path, graph) {
        return Some(scope(start, path_end, replacement));
    }
    if path.trim_matches('/').is_empty() && asks_for_a_token(text, start) {
        return Some(scope(start, path_end, format!("{graph}{}", &path)));
    }
    let api = match host.api {
        LegacyApi::Xdr => "the Microsoft Defender XDR API, which is retired on 2027-02-01",
        LegacyApi::Endpoint => "the Defender for Endpoint API, which is retired on 2027-02-01",
    };
    let region = if has_label { "; Graph has no hosts for regions" } else { "" };
    let root = if has_scheme { graph } else { graph.trim_start_matches("https://") };
    let (note, replacement) = match call_of(path.trim_end_matches('/')) {
        Some((call, rest)) => (format!(": {}", call.note), Some(format!("{root}{}{rest}", call.graph))),
        None if path.trim_matches('/').is_empty()
            || path.eq_ignore_ascii_case("/api")
            || path.eq_ignore_ascii_case("/api/") =>
        {
            (String::new(), Some(root.to_owned()))
        }
        None => (": no counterpart of this call is known here".to_owned(), None),
    };
    Some(Hit {
        start,
        end: path_end,
        kind: Kind::Host,
        why: format!("a host of {api}{region}{note}"),
        replacement,
    })
}

/// `api-$region.security.microsoft.com`: a host whose name is put together.
pub(super) fn of_composed_host(text: &str, start: usize, end: usize, host: Host) -> Option<Hit> {
    const LONGEST: usize = 40;
    let bytes = text.as_bytes();
    let of_name = |at: &usize| !b" \"'\n/".contains(&bytes[*at]);
    let near = (0..start).rev().take(LONGEST).take_while(of_name).last()?;
    let label = text.get(near..start)?;
    let head = label.get(..4).filter(|head| head.eq_ignore_ascii_case("api-"))?;
    label[head.len()..].starts_with(['$', '{', '%', '<']).then_some(())?;
    of_host(text, near, end, host)
}

/// A resource that is no host: a scope when it is whole.
pub(super) fn of_resource(text: &str, start: usize, end: usize) -> Option<Hit> {
    let (start, false) = whole_name(text, start)? else { return None };
    let goes_on = at(text, end).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_?#".contains(&byte));
    if goes_on {
        return None;
    }
    let (start, _) = with_scheme(text, start);
    let (path_end, path) = path(text, end);
    let replacement = match scope_of(&path, GRAPH) {
        Some(replacement) => replacement,
        None if path.trim_matches('/').is_empty() => format!("{GRAPH}{path}"),
        None => return None,
    };
    Some(scope(start, path_end, replacement))
}

/// `advancedhunting/run` with what of the path stands before it, apart from a host.
pub(super) fn of_hunting_call(text: &str, start: usize, end: usize, api: LegacyApi) -> Option<Hit> {
    if is_word(at(text, end)) {
        return None;
    }
    let slash = ends_with_slash(text, start);
    let start = start - slash;
    if slash == 0 && (is_word(before(text, start)) || before(text, start) == Some(b'-')) {
        return None;
    }
    let bytes = text.as_bytes();
    let with_api = start >= 3 && bytes[start - 3..start].eq_ignore_ascii_case(b"api");
    let start = if with_api { start - 3 } else { start };
    let start = if with_api { start - ends_with_slash(text, start) } else { start };
    // A path of another host.
    if is_word(before(text, start)) && !is_variable(text, start) {
        return None;
    }
    let call = CALLS.iter().find(|call| call.api == api && call.unmistakable)?;
    Some(of_call(start, end, call.graph.to_owned(), call.note))
}

/// `/api/incidents` apart from a host, in a text that talks to the legacy API.
pub(super) fn of_incidents_call(text: &str, start: usize, end: usize) -> Option<Hit> {
    let start = start - ends_with_slash(text, start);
    let foreign = is_word(before(text, start)) && !is_variable(text, start);
    if foreign || at(text, end).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return None;
    }
    let call = CALLS.iter().find(|call| call.legacy == "/api/incidents")?;
    Some(of_call(start, end, call.graph.to_owned(), call.note))
}

fn of_call(start: usize, end: usize, replacement: String, note: &str) -> Hit {
    let why = format!("a call of the retired API: {note}");
    Hit { start, end, kind: Kind::Call, why, replacement: Some(replacement) }
}

/// Whether the name before a place is a variable: `$base/api/incidents`, `%s/api/incidents`.
fn is_variable(text: &str, end: usize) -> bool {
    let bytes = text.as_bytes();
    let start = (0..end).rev().take_while(|at| is_word(Some(bytes[*at]))).last().unwrap_or(end);
    matches!(before(text, start), Some(b'$' | b'%' | b':')) && !text[..start].ends_with("//")
}

fn scope(start: usize, end: usize, replacement: String) -> Hit {
    let why = "tokens for the retired API are of no use on Graph".to_owned();
    Hit { start, end, kind: Kind::Scope, why, replacement: Some(replacement) }
}

/// The scope of Graph, when what follows a resource makes a scope of it.
fn scope_of(path: &str, graph: &str) -> Option<String> {
    let name = path.strip_prefix("//").or_else(|| path.strip_prefix('/'))?;
    if name.eq_ignore_ascii_case(".default") {
        return Some(format!("{graph}/.default"));
    }
    let permission = permissions().into_iter().find(|row| row.legacy.eq_ignore_ascii_case(name))?;
    Some(format!("{graph}/{}", permission.graph))
}

/// Whether the text before an address says that a token is asked for it.
fn asks_for_a_token(text: &str, start: usize) -> bool {
    let (before, _) = line(text, start, start);
    let from = before.rfind([',', ';', '&', '{', '(']).map_or(0, |at| at + 1);
    let near = before[from..].to_ascii_lowercase();
    ["resource", "audience", "scope"].iter().any(|word| near.contains(word))
}

/// The start of the whole host name, and whether a label of a region came before; `None` when it is another host.
fn whole_name(text: &str, start: usize) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    if before(text, start) == Some(b'.') {
        let label =
            |at: &usize| bytes[*at].is_ascii_alphanumeric() || bytes[*at] == b'-' || bytes[*at] == b'_';
        let from = (0..start - 1).rev().take_while(label).last();
        return match from {
            // `$region.api…`
            Some(from) if matches!(before(text, from), Some(b'$' | b'%')) => Some((start, true)),
            Some(from) => (before(text, from) != Some(b'.')).then_some((from, true)),
            // `{region}.api…`, `*.api…`
            None => {
                matches!(before(text, start - 1), Some(b'}' | b')' | b'>' | b'*')).then_some((start, true))
            }
        };
    }
    let joined =
        before(text, start).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_@".contains(&byte));
    (!joined || ends_with_slash(text, start) > 0).then_some((start, false))
}

/// The start with `https://` before it, in any of its spellings.
fn with_scheme(text: &str, start: usize) -> (usize, bool) {
    let bytes = &text.as_bytes()[..start];
    for scheme in ["https://", "http://", "https:\\/\\/", "https%3a%2f%2f"] {
        if bytes.len() >= scheme.len()
            && bytes[bytes.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
        {
            return (start - scheme.len(), true);
        }
    }
    (start, false)
}

/// Where the path after a host ends, and the path without escapes.
fn path(text: &str, end: usize) -> (usize, String) {
    let mut path = String::new();
    let mut at = end;
    let mut depth = 0_usize;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        let (written, length) = if rest.starts_with("\\/") {
            ("/", 2)
        } else if rest.get(..3).is_some_and(|escape| escape.eq_ignore_ascii_case("%2f")) {
            ("/", 3)
        } else {
            (&rest[..next.len_utf8()], next.len_utf8())
        };
        match next {
            '{' => depth += 1,
            '(' if path.ends_with('$') || depth > 0 => depth += 1,
            '}' | ')' if depth > 0 => depth -= 1,
            _ if next.is_whitespace() && depth == 0 => break,
            '"' | '<' | '>' | '`' | '\n' | '\r' | '\\' if length == next.len_utf8() => break,
            '\'' | ')' | '}' | ',' | ';' | '?' | '#' | '&' | '|' | ']' | '[' | '*' if depth == 0 => break,
            '%' if length == 1 => break,
            _ => {}
        }
        if path.is_empty() && written != "/" {
            break;
        }
        path.push_str(written);
        at += length;
        if path.len() > 500 {
            break;
        }
    }
    // The end of a sentence is no part of a path.
    while path.ends_with(['.', ':']) {
        path.pop();
        at -= 1;
    }
    (at, path)
}
