//! What nobody else has: one automaton over all hosts, resources, permissions and roots.

use aho_corasick::{AhoCorasick, MatchKind};

use super::addresses;
use super::claimed::Claimed;
use super::contexts;
use super::evidence::{Evidence, SIGNATURES};
use super::permissions;
use crate::correspondence::{
    CONTEXTS, Host, LegacyApi, Permission, RESOURCES, Resource, hosts, permissions as all_permissions,
};

/// What a pattern of the automaton stands for.
#[derive(Debug, Clone, Copy)]
enum Landmark {
    Host(Host),
    /// The end of a host whose name is put together.
    HostEnd(Host),
    Resource(Resource),
    Permission(Permission),
    /// The end of a hunting call's path.
    HuntingCall(LegacyApi),
    /// A root of the Cortex context.
    Context,
    /// Something that tells the API and is no finding itself.
    Sign,
    /// A field of [`SIGNATURES`].
    Signature(usize),
}

/// What tells the API and may stay as it is: the commands of the Cortex integration.
const SIGNS: &[&str] = &[
    "microsoft-365-defender-incident",
    "microsoft-365-defender-advanced-hunting",
    "microsoft-365-defender-auth-",
];

/// All patterns.
#[derive(Debug)]
pub(super) struct Landmarks {
    automaton: Option<AhoCorasick>,
    meanings: Vec<Landmark>,
}

impl Landmarks {
    pub(super) fn new() -> Self {
        let mut rows: Vec<(String, Landmark)> = Vec::new();
        rows.extend(hosts().into_iter().map(|host| (host.name.to_owned(), Landmark::Host(host))));
        for host in hosts().into_iter().filter(|host| host.name.starts_with("api-")) {
            let Some((_, domain)) = host.name.split_once(".security.") else { continue };
            let end = format!(".security.{domain}");
            if rows.iter().all(|(pattern, _)| *pattern != end) {
                rows.push((end, Landmark::HostEnd(host)));
            }
        }
        for resource in RESOURCES {
            // A slash is escaped within addresses (RFC 3986) and in some JSON (RFC 8259).
            for slash in ["/", "%2f", "\\/"] {
                rows.push((resource.name.replace('/', slash), Landmark::Resource(*resource)));
            }
        }
        rows.extend(
            all_permissions().into_iter().map(|row| (row.legacy.to_owned(), Landmark::Permission(row))),
        );
        for (name, api) in [("advancedhunting", LegacyApi::Xdr), ("advancedqueries", LegacyApi::Endpoint)] {
            for slash in ["/", "%2f", "\\/"] {
                rows.push((format!("{name}{slash}run"), Landmark::HuntingCall(api)));
            }
        }
        let context = |row: &crate::correspondence::Context| (row.legacy.to_owned(), Landmark::Context);
        rows.extend(CONTEXTS.iter().map(context));
        rows.extend(SIGNS.iter().map(|sign| ((*sign).to_owned(), Landmark::Sign)));
        let signature = |(index, name): (usize, &&str)| ((*name).to_owned(), Landmark::Signature(index));
        rows.extend(SIGNATURES.iter().enumerate().map(signature));
        // A set of a hundred short words is always built; without it nothing would be found, and tests would tell.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(rows.iter().map(|(pattern, _)| pattern))
            .ok();
        Self { automaton, meanings: rows.into_iter().map(|(_, meaning)| meaning).collect() }
    }

    /// Claims what is found, and tells what it shows.
    pub(super) fn look(&self, text: &str, claimed: &mut Claimed) -> Evidence {
        let mut evidence = Evidence::default();
        let mut short = Vec::new();
        for found in self.automaton.iter().flat_map(|automaton| automaton.find_iter(text)) {
            let (start, end) = (found.start(), found.end());
            match self.meanings[found.pattern().as_usize()] {
                Landmark::Host(host) => {
                    if let Some(hit) = addresses::of_host(text, start, end, host) {
                        evidence.xdr |= host.api == LegacyApi::Xdr;
                        evidence.hunting |= text[hit.start..hit.end].to_ascii_lowercase().contains("/run");
                        claimed.claim(hit);
                    }
                }
                Landmark::HostEnd(host) => {
                    if let Some(hit) = addresses::of_composed_host(text, start, end, host) {
                        evidence.xdr = true;
                        claimed.claim(hit);
                    }
                }
                Landmark::Resource(resource) => {
                    if let Some(hit) = addresses::of_resource(text, start, end) {
                        evidence.xdr |= resource.api == LegacyApi::Xdr;
                        claimed.claim(hit);
                    }
                }
                Landmark::Permission(permission) => {
                    if let Some(hit) = permissions::hit(text, start, end, permission) {
                        // `Incident.Read` may be a method of a class: alone it is no permission.
                        if permission.legacy.ends_with(".All") || permission.legacy.starts_with("Advanced") {
                            evidence.xdr |= permission.api == LegacyApi::Xdr;
                            claimed.claim(hit);
                        } else {
                            short.push(hit);
                        }
                    }
                }
                Landmark::HuntingCall(api) => {
                    if let Some(hit) = addresses::of_hunting_call(text, start, end, api) {
                        evidence.hunting = true;
                        evidence.xdr |= api == LegacyApi::Xdr;
                        claimed.claim(hit);
                    } else if claimed.is_taken(start, end) {
                        evidence.hunting = true;
                    }
                }
                Landmark::Context => {
                    if contexts::is_root(text, start, end) {
                        evidence.xdr = true;
                        if let Some(hit) = contexts::hit(text, start) {
                            claimed.claim(hit);
                        }
                    }
                }
                Landmark::Sign => evidence.xdr = true,
                Landmark::Signature(index) => {
                    if &text[start..end] == SIGNATURES[index] {
                        evidence.sign(index);
                    }
                }
            }
        }
        if evidence.tells() {
            for hit in short {
                claimed.claim(hit);
            }
        }
        evidence
    }
}
