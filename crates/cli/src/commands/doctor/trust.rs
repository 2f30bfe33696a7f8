//! Whom TLS trusts, and from where.

use defender_xdr_core::Environment;
use defender_xdr_core::http::HttpSettings;
use defender_xdr_core::probe::Trust;

use super::finding::Finding;

pub(super) const CHECK: &str = "trust";

/// Where the trusted authorities come from, in words.
pub(super) fn origin(settings: &HttpSettings, environment: &Environment) -> String {
    let named: Vec<_> = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
        .into_iter()
        .filter_map(|name| environment.get(name).map(|place| format!("{name} {place}")))
        .collect();
    let system = if named.is_empty() { "the system's store".to_owned() } else { named.join(" and ") };
    match &settings.ca_file {
        Some(file) => format!("{system} and ca-file {}", file.display()),
        None => system,
    }
}

/// The verdict about what could be read.
pub(super) fn verdict(
    loaded: Result<&Trust, &defender_xdr_core::http::HttpError>,
    origin: &str,
    needed: bool,
) -> Finding {
    match loaded {
        Err(error) => Finding::problem(CHECK, error.to_string(), error.hint().unwrap_or_default()),
        Ok(_) if !needed => Finding::skipped(CHECK, "no host is spoken to over TLS"),
        Ok(trust) if trust.is_empty() => Finding::problem(
            CHECK,
            format!("no authority at all is trusted ({origin})"),
            "install the package ca-certificates, or correct SSL_CERT_FILE",
        ),
        Ok(trust) => Finding::ok(CHECK, format!("{} authorities, from {origin}", trust.len())),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn what_names_the_authorities_is_told() {
        let settings =
            HttpSettings { ca_file: Some(PathBuf::from("/etc/corp.pem")), ..HttpSettings::default() };
        let named = Environment::from_iter([("SSL_CERT_FILE", "/etc/all.pem")]);
        assert_eq!(origin(&settings, &named), "SSL_CERT_FILE /etc/all.pem and ca-file /etc/corp.pem");
        assert_eq!(origin(&HttpSettings::default(), &Environment::default()), "the system's store");
    }

    #[test]
    fn nobody_to_trust_is_a_problem_where_tls_is_spoken() {
        let settings = HttpSettings { system_roots: false, ..HttpSettings::default() };
        let trust = Trust::load(&settings).expect("nothing to read");
        assert!(verdict(Ok(&trust), "", true).is_problem());
        assert!(!verdict(Ok(&trust), "", false).is_problem());
    }
}
