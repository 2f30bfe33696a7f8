//! What is found, and what is left alone.

use super::*;

fn found(text: &str) -> Vec<(Kind, String, Option<String>)> {
    let Scanned::Text(findings) = Scanner::new().scan(text.as_bytes()) else { panic!("text") };
    findings.into_iter().map(|finding| (finding.kind, finding.found, finding.replacement)).collect()
}

fn one(text: &str, kind: Kind) -> (String, Option<String>) {
    let mut all: Vec<_> = found(text).into_iter().filter(|(found, ..)| *found == kind).collect();
    assert_eq!(all.len(), 1, "{all:?} in {text}");
    let (_, found, replacement) = all.remove(0);
    (found, replacement)
}

#[test]
fn an_address_is_found_with_its_call() {
    assert_eq!(
        one("url = 'https://api.security.microsoft.com/api/incidents/7'", Kind::Host),
        (
            "https://api.security.microsoft.com/api/incidents/7".into(),
            Some("https://graph.microsoft.com/v1.0/security/incidents/7".into())
        )
    );
    assert_eq!(
        one(r#"{"u":"https:\/\/eu.api.security.microsoft.com\/api\/advancedhunting\/run"}"#, Kind::Host)
            .1
            .as_deref(),
        Some("https://graph.microsoft.com/v1.0/security/runHuntingQuery")
    );
    assert_eq!(
        one("host: api-gov.security.microsoft.us", Kind::Host).1.as_deref(),
        Some("graph.microsoft.us")
    );
}

#[test]
fn a_scope_is_told_from_a_host() {
    for text in [
        "scope=https://api.security.microsoft.com/.default",
        "scope=https%3A%2F%2Fapi.security.microsoft.com%2F.default",
        "s = 'offline_access https://security.microsoft.com/mtp/.default'",
    ] {
        assert_eq!(
            one(text, Kind::Scope).1.as_deref(),
            Some("https://graph.microsoft.com/.default"),
            "{text}"
        );
        assert_eq!(found(text).len(), 1, "{text}");
    }
    assert_eq!(
        one("resource = 'https://api.security.microsoft.com'", Kind::Scope).1.as_deref(),
        Some("https://graph.microsoft.com")
    );
    assert_eq!(
        one("https://api.security.microsoft.com/Incident.Read.All", Kind::Scope).1.as_deref(),
        Some("https://graph.microsoft.com/SecurityIncident.Read.All")
    );
}

#[test]
fn permissions_stand_for_themselves() {
    assert_eq!(
        one("grant Incident.ReadWrite.All now", Kind::Permission).1.as_deref(),
        Some("SecurityIncident.ReadWrite.All")
    );
    for text in [
        "SecurityIncident.Read.All",
        "Incident.Read(x)",
        "SecurityAlert.ReadWrite.All",
        "x.Incident.Read.All",
        "await Incident.ReadAsync()",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn other_hosts_are_left_alone() {
    for text in [
        "https://graph.microsoft.com/v1.0/security/incidents",
        "https://security.microsoft.com/incidents/7?tid=x",
        "https://api.security.microsoft.com.evil.example/api/incidents",
        "https://myapi.security.microsoft.com/x",
        "https://other.example/api/incidents",
        "https://other.example/api/advancedhunting/run",
        "status Active, lastUpdateTime and incidentName alone",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn fields_words_and_filters_count_beside_evidence_only() {
    let code = "if inc['incidentName'] and inc['status'] == 'Active': f = \"lastUpdateTime ge {since} and status eq 'Active'\"";
    assert_eq!(found(code), []);
    let text = format!("u = 'https://api.security.microsoft.com'\n{code}");
    assert_eq!(one(&text, Kind::Field), ("incidentName".into(), Some("displayName".into())));
    assert_eq!(one(&text, Kind::Value), ("Active".into(), Some("active".into())));
    assert_eq!(
        one(&text, Kind::Filter).1.as_deref(),
        Some("lastUpdateDateTime ge {since} and status eq 'active'")
    );
}

#[test]
fn common_names_need_their_owner() {
    let with = |code: &str| found(&format!("https://api.security.microsoft.com\n{code}")).len() - 1;
    assert_eq!(with("incident['tags']"), 1);
    assert_eq!(with("server['tags'] + x.devices"), 0);
    assert_eq!(with("self.incidentId = 1"), 0);
    assert_eq!(with("for d in alert.get('devices'): d['mdatpDeviceId']"), 2);
}

#[test]
fn filters_in_addresses_keep_their_escapes() {
    let text = "https://api.security.microsoft.com/api/incidents?$filter=status+eq+'Active'+and+createdTime+gt+2026-09-01T00:00:00Z&$top=5";
    assert_eq!(
        one(text, Kind::Filter).1.as_deref(),
        Some("status+eq+'active'+and+createdDateTime+gt+2026-09-01T00:00:00Z")
    );
    let text = "https://api.security.microsoft.com/api/incidents?%24filter=status%20eq%20%27Resolved%27";
    assert_eq!(one(text, Kind::Filter).1.as_deref(), Some("status%20eq%20%27resolved%27"));
}

#[test]
fn what_scripts_put_into_filters_stays_as_it_is() {
    let text = "H=api.security.microsoft.com\nF=\"lastUpdateTime+ge+$(date -u -d '-1 hour' +%FT%TZ)\"";
    assert_eq!(
        one(text, Kind::Filter).1.as_deref(),
        Some("lastUpdateDateTime+ge+$(date -u -d '-1 hour' +%FT%TZ)")
    );
    let text =
        "api.security.microsoft.com \"createdTime gt @{addHours(utcNow(), -1)} and status eq '{word}'\"";
    assert_eq!(
        one(text, Kind::Filter).1.as_deref(),
        Some("createdDateTime gt @{addHours(utcNow(), -1)} and status eq '{word}'")
    );
}

#[test]
fn context_paths_are_found_where_they_change() {
    assert_eq!(
        one("${Microsoft365Defender.Incident.incidentName}", Kind::Context).1.as_deref(),
        Some("Microsoft365Defender.Incident.displayName")
    );
    assert_eq!(
        one("Microsoft365Defender.Hunt.results", Kind::Context).1.as_deref(),
        Some("MsGraph.Hunt.results")
    );
    assert_eq!(found("Microsoft365Defender.Incident.assignedTo"), []);
}

#[test]
fn places_are_lines_and_columns() {
    let Scanned::Text(findings) = Scanner::new().scan(b"\xEF\xBB\xBFa\r\n  x api.security.microsoft.com\r\n")
    else {
        panic!("text")
    };
    assert_eq!((findings[0].line, findings[0].column), (2, 5));
    assert_eq!(Scanner::new().scan(b"PK\x03\x04\0\0api.security.microsoft.com"), Scanned::Binary);
}

#[test]
fn one_endless_line_is_walked_once() {
    let mut text = String::from("{\"u\":\"https://api.security.microsoft.com\",\"x\":[");
    for _ in 0..20_000 {
        text.push_str("{\"status\":\"Active\",\"incidentName\":\"n\"},");
    }
    text.push_str("]}");
    let start = std::time::Instant::now();
    assert_eq!(found(&text).len(), 40_001);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

const TALKS: &str = "https://api.security.microsoft.com/api/incidents\n";

#[test]
fn what_a_cortex_playbook_picks_from_its_context_keeps_its_name() {
    let text = format!("{TALKS}root: Microsoft365Defender.Incident\n      accessor: incidentName\n");
    assert_eq!(one(&text, Kind::Context), ("incidentName".into(), Some("displayName".into())));
    assert!(found(&text).iter().all(|(kind, ..)| *kind != Kind::Field), "{:?}", found(&text));
    let script = format!("{TALKS}print(incident['incidentName'])\n");
    assert_eq!(one(&script, Kind::Field).0, "incidentName");
}

#[test]
fn the_short_form_of_jq_is_read() {
    let text = format!("{TALKS}curl $U | jq -c '.value[] | {{incidentId, incidentName}}'\n");
    let names: Vec<_> = found(&text).into_iter().map(|(_, found, _)| found).collect();
    assert!(
        names.contains(&"incidentId".to_owned()) && names.contains(&"incidentName".to_owned()),
        "{names:?}"
    );
}

#[test]
fn the_body_of_a_powershell_update_is_read() {
    let text = format!(
        "{TALKS}Invoke-RestMethod -Method Patch -Body (@{{ comment = 'done'; tags = @('a') }} | ConvertTo-Json)\n"
    );
    let fields: Vec<_> = found(&text)
        .into_iter()
        .filter(|(kind, ..)| *kind == Kind::Field)
        .map(|(_, found, _)| found)
        .collect();
    assert_eq!(fields, ["comment", "tags"]);
    let other = format!("{TALKS}Patch\n$comment = 'done'\nif ($x.tags == 1) {{}}\n");
    assert!(found(&other).iter().all(|(_, found, _)| found != "comment"), "{:?}", found(&other));
}
