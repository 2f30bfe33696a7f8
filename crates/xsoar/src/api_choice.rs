//! Which API an instance speaks, and where: the endpoint of the form has always been the legacy API's, which ends.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::{Backend, LEGACY_RETIREMENT};
use defender_xdr_core::entra::Cloud;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What the form says about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish<'a> {
    /// `api`: Auto, Graph or Legacy; empty is Auto.
    pub api: &'a str,
    /// `base_url`.
    pub base_url: &'a str,
    /// `endpoint_type`, of a later state of the original; empty is none.
    pub endpoint_type: &'a str,
    /// Whether the application is that of Cortex XSOAR.
    pub is_cortex_application: bool,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The API.
    pub backend: Backend,
    /// Where it is, when that is not the cloud's own place.
    pub endpoint: Option<String>,
    /// Whose sign-in and scopes count.
    pub cloud: Cloud,
    /// A line for the log.
    pub notice: Option<String>,
}

/// The types of endpoints: name, code, cloud.
const TYPES: &[(&str, &str, Cloud)] = &[
    ("Worldwide", "com", Cloud::Public),
    ("US Geo Proximity", "geo-us", Cloud::GeoUs),
    ("EU Geo Proximity", "geo-eu", Cloud::GeoEu),
    ("UK Geo Proximity", "geo-uk", Cloud::GeoUk),
    ("US GCC", "gcc", Cloud::Gcc),
    ("US GCC-High", "gcc-high", Cloud::GccHigh),
    ("DoD", "dod", Cloud::Dod),
];

/// Decides.
///
/// # Errors
/// A text for people, when the form cannot mean anything.
pub fn choose(wish: Wish<'_>, now: Timestamp) -> Result<Choice, String> {
    let typed = cloud_of_type(wish.endpoint_type)?;
    let root = root_of(wish.base_url);
    if root.is_empty() && wish.endpoint_type.eq_ignore_ascii_case("custom") {
        return Err("Endpoint type is set to 'Custom' but no URL was provided.".to_owned());
    }
    if root.is_empty() && typed.is_none() {
        return Err("'Endpoint Type' is not set and no URL was provided.".to_owned());
    }
    let host = host_of(&root).to_ascii_lowercase();
    let speaks = if root.is_empty() { Some(Backend::Legacy) } else { Cloud::dialect_of(&host) };
    let cloud = typed.or_else(|| cloud_of_host(&host)).unwrap_or(Cloud::Public);
    let retired = now >= retirement();
    let (backend, notice) = match wish.api.trim().to_ascii_lowercase().as_str() {
        "graph" => (Backend::Graph, None),
        "legacy" => (Backend::Legacy, None),
        "" | "auto" => match speaks {
            Some(Backend::Graph) if !wish.is_cortex_application || retired => (Backend::Graph, None),
            _ if !retired => (Backend::Legacy, None),
            _ => (
                Backend::Graph,
                Some(format!(
                    "the legacy API was retired on {LEGACY_RETIREMENT}: Microsoft Graph is used in its place"
                )),
            ),
        },
        _ => return Err(format!("`api` is {}, not Auto, Graph or Legacy", wish.api.trim())),
    };
    // A well-known host of the other API stands for its cloud; one that nobody knows is taken at its word.
    let endpoint = (!root.is_empty() && speaks.is_none_or(|speaks| speaks == backend)).then_some(root);
    Ok(Choice { backend, endpoint, cloud, notice })
}

/// The first moment without the legacy API.
fn retirement() -> Timestamp {
    let day: Result<Date, _> = LEGACY_RETIREMENT.parse();
    let midnight = day.and_then(|day| day.to_zoned(TimeZone::UTC));
    midnight.map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

fn cloud_of_type(name: &str) -> Result<Option<Cloud>, String> {
    let name = name.trim();
    if name.is_empty() || name.eq_ignore_ascii_case("custom") {
        return Ok(None);
    }
    let found = TYPES
        .iter()
        .find(|(long, code, _)| long.eq_ignore_ascii_case(name) || code.eq_ignore_ascii_case(name));
    found.map(|(_, _, cloud)| Some(*cloud)).ok_or_else(|| format!("`endpoint_type` is {name}, which is none"))
}

/// Scheme and host of what people write; the original's help had a misprint, whose host is not Microsoft's.
fn root_of(base_url: &str) -> String {
    let root = base_url.trim().trim_end_matches('/');
    let root = root.strip_suffix("/api").unwrap_or(root);
    match root.strip_suffix(".security.microsoft.co") {
        Some(beginning) => format!("{beginning}.security.microsoft.com"),
        None => root.to_owned(),
    }
}

fn host_of(root: &str) -> &str {
    let rest = root.split_once("://").map_or(root, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default()
}

fn cloud_of_host(host: &str) -> Option<Cloud> {
    let roots = |cloud: Cloud| Backend::ALL.into_iter().filter_map(move |backend| cloud.endpoint(backend));
    let known = Cloud::ALL.into_iter().find(|cloud| roots(*cloud).any(|root| host_of(root) == host));
    known.or_else(|| {
        // The names that the original's help uses.
        match host {
            "api-us.security.microsoft.com" => Some(Cloud::GeoUs),
            "api-eu.security.microsoft.com" => Some(Cloud::GeoEu),
            "api-uk.security.microsoft.com" => Some(Cloud::GeoUk),
            host if host.ends_with(".security.microsoft.us") => Some(Cloud::GccHigh),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "2027-01-31T23:59:59Z";
    const AFTER: &str = "2027-02-01T00:00:00Z";

    fn chosen(api: &str, base_url: &str, is_cortex_application: bool, now: &str) -> Choice {
        let wish = Wish { api, base_url, endpoint_type: "", is_cortex_application };
        choose(wish, now.parse().expect("a time")).expect("a choice")
    }

    #[test]
    fn auto_is_the_legacy_api_until_its_last_day() {
        let url = "https://api.security.microsoft.com/";
        let before = chosen("Auto", url, false, BEFORE);
        assert_eq!(
            (before.backend, before.endpoint.as_deref()),
            (Backend::Legacy, Some("https://api.security.microsoft.com"))
        );
        assert_eq!(before.notice, None);
        let after = chosen("", url, true, AFTER);
        assert_eq!((after.backend, after.endpoint, after.cloud), (Backend::Graph, None, Cloud::Public));
        assert!(after.notice.is_some_and(|line| line.contains("2027-02-01")));
    }

    #[test]
    fn graph_of_the_same_cloud_takes_over() {
        for (url, cloud) in [
            ("https://api-gcc.security.microsoft.us", Cloud::Gcc),
            ("https://api-gov.security.microsoft.us", Cloud::GccHigh),
            ("https://api-eu.security.microsoft.com", Cloud::GeoEu),
            ("https://api-uk.security.microsoft.co", Cloud::GeoUk),
        ] {
            let after = chosen("Auto", url, false, AFTER);
            assert_eq!((after.backend, after.cloud, after.endpoint), (Backend::Graph, cloud, None), "{url}");
        }
    }

    #[test]
    fn the_misprint_of_the_help_is_never_called() {
        let before = chosen("Auto", "https://api-uk.security.microsoft.co", false, BEFORE);
        assert_eq!(before.endpoint.as_deref(), Some("https://api-uk.security.microsoft.com"));
    }

    #[test]
    fn a_choice_of_ones_own_stands() {
        let graph = chosen("Graph", "https://api.security.microsoft.com", true, BEFORE);
        assert_eq!((graph.backend, graph.endpoint), (Backend::Graph, None));
        let legacy = chosen("legacy", "https://graph.microsoft.com", false, AFTER);
        assert_eq!((legacy.backend, legacy.endpoint), (Backend::Legacy, None));
        for backend in ["Graph", "Legacy"] {
            let own = chosen(backend, "http://127.0.0.1:8080/api/", false, BEFORE);
            assert_eq!(own.endpoint.as_deref(), Some("http://127.0.0.1:8080"));
        }
        assert_eq!(chosen("Auto", "https://graph.microsoft.com", false, BEFORE).backend, Backend::Graph);
        assert_eq!(chosen("Auto", "https://graph.microsoft.com", true, BEFORE).backend, Backend::Legacy);
    }

    #[test]
    fn types_of_endpoints_count_where_no_address_is_given() {
        let now = BEFORE.parse().expect("a time");
        let of = |endpoint_type, base_url| choose(Wish { base_url, endpoint_type, ..Wish::default() }, now);
        assert_eq!(of("US GCC-High", "").expect("a choice").cloud, Cloud::GccHigh);
        assert_eq!(of("dod", "").expect("a choice").cloud, Cloud::Dod);
        assert_eq!(
            of("Custom", ""),
            Err("Endpoint type is set to 'Custom' but no URL was provided.".to_owned())
        );
        assert_eq!(of("", ""), Err("'Endpoint Type' is not set and no URL was provided.".to_owned()));
        assert!(of("Mars", "https://x.example").is_err());
    }
}
