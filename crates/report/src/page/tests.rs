//! The page, seen as text.

use base64::Engine as _;
use defender_xdr_api::incidents::Incident;
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use serde_json::json;

use super::{STYLE, page};
use crate::Tally;

fn now() -> Timestamp {
    "2026-09-10T00:00:00Z".parse().unwrap()
}

const EVIL: &str = "<script>alert(1)</script>\"'&</title><img src=x onerror=alert(1)>";

fn evil_page() -> String {
    let mut tally = Tally::new(now());
    let incident = json!({ "id": EVIL, "severity": EVIL, "status": "active", "displayName": EVIL, "assignedTo": EVIL,
        "createdDateTime": "2026-09-09T00:00:00Z", "incidentWebUrl": "javascript:alert(1)", "alerts": [{ "id": "a",
        "title": EVIL, "category": EVIL, "productName": EVIL, "evidence": [
            { "@odata.type": "#microsoft.graph.security.urlEvidence", "url": EVIL }] }] });
    let mut high = incident.clone();
    high["severity"] = "high".into();
    for incident in [incident, high] {
        tally.add(&Incident::read(Backend::Graph, &incident.to_string()).unwrap());
    }
    page(&tally.finish(), EVIL)
}

#[test]
fn what_a_server_says_stays_text() {
    let html = evil_page();
    assert!(html.contains("&lt;script&gt;alert(1)"));
    for tag in ["<script", "<img", "onerror=alert(1)>", "javascript:"] {
        let escaped = tag == "onerror=alert(1)>";
        assert!(!html.contains(tag) || escaped && !html.contains("<img"), "{tag}");
    }
}

#[test]
fn the_policy_names_the_style_sheet_and_nothing_else_is_loaded() {
    let hash = ring::digest::digest(&ring::digest::SHA256, STYLE.as_bytes());
    let hash = base64::engine::general_purpose::STANDARD.encode(hash);
    let html = evil_page();
    assert!(
        html.contains(&format!("style-src &#39;sha256-{hash}&#39;"))
            || html.contains(&format!("'sha256-{hash}'")),
        "write {hash} into style.sha256"
    );
    assert!(html.contains("default-src 'none'") || html.contains("default-src &#39;none&#39;"));
    for way in [" src=", "@import", "url(", "<link", " style=", "<iframe"] {
        let ours = html.replace(&super::html! { (EVIL) }.into_string(), "");
        assert!(!ours.contains(way), "{way}");
    }
}

#[test]
fn a_tenant_without_incidents_has_a_page_too() {
    let html = page(&Tally::new(now()).finish(), "");
    assert!(html.contains("There is nothing to report") && html.ends_with("</html>"));
}
