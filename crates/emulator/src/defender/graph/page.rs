//! Query options of Graph lists, and the opaque link to the next page.
//!
//! Source: Microsoft Graph, "Paging Microsoft Graph data in your app" and "Customize responses with query parameters".

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::errors::GraphError;
use crate::defender::link::append_option;
use crate::defender::switches::Switches;
use crate::exchange::Request;

/// What a list of one kind accepts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) default_top: usize,
    pub(crate) largest_top: usize,
    /// Cut a larger `$top` down instead of refusing it.
    pub(crate) clamp: bool,
    pub(crate) largest_skip: Option<usize>,
    pub(crate) order_by: &'static [&'static str],
    pub(crate) expand_alerts: bool,
}

/// Checked query options.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) top: usize,
    /// Where the page starts in the whole list.
    pub(crate) start: usize,
    /// The empty page before the second one was already sent.
    pub(crate) after_empty: bool,
    pub(crate) filter: Option<String>,
    /// Property and "descending".
    pub(crate) order: Option<(&'static str, bool)>,
    pub(crate) count: bool,
    pub(crate) expand: bool,
    pub(crate) select: Option<Vec<String>>,
}

/// Reads the options of a request.
pub(crate) fn options(request: &Request, limits: &Limits) -> Result<Options, GraphError> {
    let mut read = Options { top: limits.default_top, ..Options::default() };
    let mut token = None;
    for (name, value) in &request.query {
        match name.as_str() {
            "$top" => read.top = number(name, value)?,
            "$skip" => read.start = number(name, value)?,
            "$filter" => read.filter = Some(value.clone()),
            "$orderby" => read.order = Some(order(value, limits)?),
            "$count" => {
                read.count = value.parse().map_err(|_| {
                    GraphError::query(format!("Invalid value '{value}' for $count query option found."))
                })?;
            }
            "$expand" if limits.expand_alerts && value == "alerts" => read.expand = true,
            "$expand" => {
                return Err(GraphError::query(format!(
                    "Could not find a navigation property named '{value}'."
                )));
            }
            "$select" => read.select = Some(value.split(',').map(|item| item.trim().to_owned()).collect()),
            "$skiptoken" => token = Some(value),
            other if other.starts_with('$') => {
                return Err(GraphError::query(format!("The query parameter '{other}' is not supported.")));
            }
            _ => {}
        }
    }
    if read.top > limits.largest_top {
        if !limits.clamp {
            return Err(GraphError::top_limit(limits.largest_top, read.top));
        }
        read.top = limits.largest_top;
    }
    if let Some(largest) = limits.largest_skip.filter(|largest| read.start > *largest) {
        return Err(GraphError::skip_limit(largest, read.start));
    }
    if let Some(token) = token {
        (read.start, read.after_empty) =
            decode(token).ok_or_else(|| GraphError::bad_request("Skip token is not valid."))?;
    }
    Ok(read)
}

/// The link to the page after the one that starts at `options.start` and holds `returned` of `total` rows.
pub(crate) fn next_link(
    request: &Request,
    options: &Options,
    switches: &Switches,
    returned: usize,
    total: usize,
) -> Option<String> {
    let next = options.start.saturating_add(returned);
    if next >= total || returned == 0 || switches.drop_next_link {
        return None;
    }
    let next = if switches.looping_next_link { options.start } else { next };
    if switches.links_by_skip {
        return Some(link(request, "$skip", &next.to_string()));
    }
    Some(link(request, "$skiptoken", &encode(next, false)))
}

/// With the switch for empty pages: the link that an empty page in place of a later page carries, once.
pub(crate) fn link_after_empty_page(
    request: &Request,
    options: &Options,
    switches: &Switches,
) -> Option<String> {
    let due = switches.empty_page_with_link && options.start > 0 && !options.after_empty;
    due.then(|| link(request, "$skiptoken", &encode(options.start, true)))
}

/// The same request from another place on, instead of its `$skip` and its token.
fn link(request: &Request, option: &str, place: &str) -> String {
    let mut link = format!("{}{}?", request.origin, request.path);
    for (name, value) in &request.query {
        if name != "$skip" && name != "$skiptoken" {
            append_option(&mut link, name, value);
            link.push('&');
        }
    }
    link.push_str(option);
    link.push('=');
    link.push_str(place);
    link
}

fn encode(start: usize, after_empty: bool) -> String {
    URL_SAFE_NO_PAD.encode(format!("p:{start}:{}", u8::from(after_empty)))
}

fn decode(token: &str) -> Option<(usize, bool)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (start, after_empty) = text.strip_prefix("p:")?.split_once(':')?;
    Some((start.parse().ok()?, after_empty == "1"))
}

fn order(value: &str, limits: &Limits) -> Result<(&'static str, bool), GraphError> {
    let mut parts = value.split_whitespace();
    let name = parts.next().unwrap_or_default();
    let property = limits.order_by.iter().find(|known| **known == name).ok_or_else(|| {
        GraphError::query(format!("The property '{name}' cannot be used in the $orderby query option."))
    })?;
    match (parts.next(), parts.next()) {
        (None | Some("asc"), None) => Ok((property, false)),
        (Some("desc"), None) => Ok((property, true)),
        _ => Err(GraphError::query(format!("Syntax error in the $orderby query option '{value}'."))),
    }
}

fn number(name: &str, value: &str) -> Result<usize, GraphError> {
    value.parse().map_err(|_| {
        GraphError::query(format!(
            "Invalid value '{value}' for {name} query option found. The {name} query option requires a \
             non-negative integer value."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn a_token_leads_to_its_page_and_another_text_nowhere() {
        assert_eq!(decode(&encode(150, false)), Some((150, false)));
        assert_eq!(decode(&encode(50, true)), Some((50, true)));
        for text in ["", "150", "!!", "cDo1MA"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
