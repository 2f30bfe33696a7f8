//! What a host's certificate means: trusted, re-signed by a proxy on the way, or of an authority that this machine does
//! not know. Pure.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::probe::{Fault, Handshake, Shown};
use jiff::SignedDuration;

use super::finding::Finding;

/// Who issues the certificates of Microsoft's hosts, in the issuer's whole name. Source: "Azure Certificate Authority
/// details".
const MICROSOFTS_ISSUERS: [&str; 3] = ["DigiCert", "Microsoft", "Baltimore"];

/// Whoever runs the host renews its certificate before this.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What is known about the way to a host beside its certificate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) host: &'a str,
    /// `insecure` is set.
    pub(super) insecure: bool,
    /// Where the trusted authorities come from, in words.
    pub(super) trusted: &'a str,
}

/// The verdict about what a host showed.
pub(super) fn verdict(check: &'static str, way: Way<'_>, shaken: &Handshake, now: Timestamp) -> Finding {
    let Some(own) = shaken.chain.first() else {
        let seen = format!("{} shows a certificate that cannot be read", way.host);
        return Finding::problem(check, seen, "look at it with `openssl s_client`, or ask who runs the host");
    };
    let Some(fault) = &shaken.fault else { return trusted(check, way, shaken, own, now) };
    let (seen, remedy) = refused(way, shaken, own, fault);
    if way.insecure {
        return Finding::warning(
            check,
            format!("{seen}; `insecure` is set, so it is taken all the same"),
            remedy,
        );
    }
    Finding::problem(check, seen, remedy)
}

fn trusted(check: &'static str, way: Way<'_>, shaken: &Handshake, own: &Shown, now: Timestamp) -> Finding {
    let days = own.not_after.duration_since(now).as_hours() / 24;
    let seen = format!("issued by {}, until {:.0} ({days} days)", own.issuer, own.not_after);
    if way.insecure {
        let remedy = "remove `insecure`: the certificate is trusted without it";
        return Finding::warning(check, format!("{seen}; `insecure` is set, so nobody checks that"), remedy);
    }
    if is_resigned(way.host, shaken) {
        return Finding::ok(
            check,
            format!("{seen}: a proxy on the way signs anew, and its authority is trusted"),
        );
    }
    if own.not_after.duration_since(now) < SOON {
        let remedy = "whoever runs the host, or the proxy that signs for it, has to renew it";
        return Finding::warning(check, seen, remedy);
    }
    Finding::ok(check, seen)
}

fn refused(way: Way<'_>, shaken: &Handshake, own: &Shown, fault: &Fault) -> (String, String) {
    let Way { host, trusted, .. } = way;
    let issuer = &own.issuer;
    match fault {
        Fault::Expired => (
            format!("the certificate of {host} ended on {:.0}", own.not_after),
            "check this machine's clock; else whoever runs the host, or a proxy on the way, has to renew it".to_owned(),
        ),
        Fault::NotYetValid => (
            format!("the certificate of {host} begins on {:.0} only", own.not_before),
            "check this machine's clock".to_owned(),
        ),
        Fault::OtherName => (
            format!("{host} shows a certificate for {} (issued by {issuer})", own.subject),
            "check the address in the settings, and whether something on the way answers in place of the host"
                .to_owned(),
        ),
        _ if is_resigned(host, shaken) => (
            format!(
                "a proxy on the way signs anew: {host} shows a certificate issued by {issuer}, which is none of \
                 Microsoft's authorities, and this machine does not trust it"
            ),
            format!(
                "ask who runs the network for the certificate of {issuer} as PEM and name it with `ca-file`; \
                 verification stays on"
            ),
        ),
        _ if own.is_self_issued => (
            format!("{host} shows a certificate that it issued itself ({})", own.subject),
            "if that is a server of yours, name its certificate with `ca-file`; else something answers in its place"
                .to_owned(),
        ),
        _ if speaks_for_microsoft(host) => (
            format!("{host} shows a certificate issued by {issuer}, as it should, and this machine does not know that authority"),
            format!("install the package ca-certificates, or correct where the trusted authorities come from: {trusted}"),
        ),
        Fault::UnknownIssuer => (
            format!("{host} shows a certificate issued by {issuer}, an authority that this machine does not trust"),
            format!("name the certificate of {issuer} with `ca-file`, or add it to {trusted}"),
        ),
        Fault::Other(words) => (
            format!("the certificate of {host} is refused: {words}"),
            "ask who runs the host, or the proxy on the way".to_owned(),
        ),
        _ => (format!("the certificate of {host} is refused"), "ask who runs the host".to_owned()),
    }
}

/// Whether a host of Microsoft's shows a certificate that Microsoft's authorities did not issue.
fn is_resigned(host: &str, shaken: &Handshake) -> bool {
    let by_microsoft =
        |shown: &Shown| MICROSOFTS_ISSUERS.iter().any(|issuer| shown.issuer_in_full.contains(issuer));
    speaks_for_microsoft(host) && !shaken.chain.iter().any(by_microsoft)
}

fn speaks_for_microsoft(host: &str) -> bool {
    let signs_in = |cloud: Cloud| cloud.authority_host().and_then(|root| root.strip_prefix("https://"));
    matches!(Cloud::dialect_of(host), Some(Backend::Graph | Backend::Legacy))
        || Cloud::ALL.into_iter().any(|cloud| signs_in(cloud) == Some(host))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    const NOW: &str = "2026-11-22T10:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn shown(issuer: &str, not_after: &str) -> Shown {
        Shown {
            subject: "graph.microsoft.com".to_owned(),
            issuer: issuer.to_owned(),
            issuer_in_full: format!("CN={issuer}"),
            not_after: at(not_after),
            not_before: at("2026-01-01T00:00:00Z"),
            is_self_issued: issuer == "graph.microsoft.com",
        }
    }

    fn judged(host: &str, issuer: &str, fault: Option<Fault>, insecure: bool) -> Finding {
        let shaken = Handshake { chain: vec![shown(issuer, "2027-06-01T00:00:00Z")], fault };
        let way = Way { host, insecure, trusted: "SSL_CERT_FILE /etc/x.pem" };
        verdict("tls", way, &shaken, at(NOW))
    }

    #[test]
    fn a_proxy_that_signs_anew_is_told_from_a_missing_authority() {
        let proxy = judged("graph.microsoft.com", "Contoso Inspection CA", Some(Fault::UnknownIssuer), false);
        assert_eq!(proxy.verdict, Verdict::Problem);
        assert!(proxy.seen.contains("a proxy on the way signs anew"), "{}", proxy.seen);
        assert!(proxy.remedy.is_some_and(|remedy| remedy.contains("ca-file")));
        let missing = judged("graph.microsoft.com", "DigiCert Global G2", Some(Fault::UnknownIssuer), false);
        assert!(missing.seen.contains("as it should"), "{}", missing.seen);
        assert!(missing.remedy.is_some_and(|remedy| remedy.contains("SSL_CERT_FILE /etc/x.pem")));
        let own = judged("login.corp.example", "Corp CA", Some(Fault::UnknownIssuer), false);
        assert!(own.seen.contains("does not trust"), "{}", own.seen);
        let itself = judged("login.corp.example", "graph.microsoft.com", Some(Fault::UnknownIssuer), false);
        assert!(itself.seen.contains("issued itself"), "{}", itself.seen);
    }

    #[test]
    fn a_trusted_proxy_is_fine_and_named() {
        let found = judged("login.microsoftonline.com", "Contoso Inspection CA", None, false);
        assert_eq!(found.verdict, Verdict::Ok);
        assert!(found.seen.contains("signs anew") && found.seen.contains("Contoso"), "{}", found.seen);
        let plain = judged("login.microsoftonline.com", "DigiCert Global G2", None, false);
        assert!(!plain.seen.contains("anew"), "{}", plain.seen);
    }

    #[test]
    fn what_is_not_checked_is_a_warning_whatever_is_shown() {
        for fault in [None, Some(Fault::Expired), Some(Fault::UnknownIssuer)] {
            assert_eq!(judged("graph.microsoft.com", "DigiCert", fault, true).verdict, Verdict::Warning);
        }
    }

    #[test]
    fn a_certificate_that_ends_within_days_is_a_warning() {
        let shaken = Handshake { chain: vec![shown("Corp CA", "2026-11-25T00:00:00Z")], fault: None };
        let way = Way { host: "login.corp.example", insecure: false, trusted: "" };
        assert_eq!(verdict("tls", way, &shaken, at(NOW)).verdict, Verdict::Warning);
    }

    #[test]
    fn each_fault_of_a_certificate_has_its_own_words() {
        let host = "login.corp.example";
        for (fault, word) in [
            (Fault::Expired, "ended on"),
            (Fault::NotYetValid, "begins on"),
            (Fault::OtherName, "for graph.microsoft.com"),
            (Fault::Other("bad encoding".to_owned()), "bad encoding"),
        ] {
            let found = judged(host, "Corp CA", Some(fault), false);
            assert!(found.is_problem() && found.seen.contains(word), "{found:?}");
        }
    }
}
