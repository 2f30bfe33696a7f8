//! Alerts alone: the same as inside their incidents, and as hard to page through as the service makes them.

use serde_json::{Value, json};

use super::{Tenant, walk};

#[test]
fn the_collection_of_alerts_can_be_hard_to_page_through() {
    const LIST: &str = "/v1.0/security/alerts_v2?$orderby=lastUpdateDateTime asc&$top=20";
    let mut tenant = Tenant::with(60);
    let times = |page: &Value| -> Vec<String> {
        let alerts = page["value"].as_array().unwrap().iter();
        alerts.map(|alert| alert["lastUpdateDateTime"].as_str().unwrap().to_owned()).collect()
    };
    assert!(times(&tenant.get(LIST)).iter().collect::<std::collections::BTreeSet<_>>().len() > 10);
    tenant.switch(&json!({ "alert_update_grain": 31_536_000, "links_by_skip": true }));
    let page = tenant.get(LIST);
    let same: std::collections::BTreeSet<_> = times(&page).into_iter().collect();
    assert_eq!(same.len(), 1);
    let moment = same.first().unwrap();
    let filtered = tenant.get(&format!("{LIST}&$filter=lastUpdateDateTime eq {moment}"));
    assert_eq!(times(&filtered).len(), 20);
    assert!(page["@odata.nextLink"].as_str().unwrap().ends_with("&$skip=20"));
    tenant.switch(&json!({ "alert_update_grain": null, "ignore_order_by": true }));
    let shuffled = times(&tenant.get(LIST));
    assert!(!shuffled.is_sorted());
}

#[test]
fn an_alert_alone_is_as_odd_as_inside_its_incident() {
    let mut tenant = Tenant::with(60);
    let alerts = walk(&mut tenant, "/v1.0/security/alerts_v2?$top=1000");
    let incidents = walk(&mut tenant, "/v1.0/security/incidents?$expand=alerts");
    let embedded: Vec<&Value> = incidents.iter().flat_map(|one| one["alerts"].as_array().unwrap()).collect();
    assert_eq!(embedded.len(), alerts.len());
    for alert in &alerts {
        assert!(embedded.contains(&alert), "{}", alert["id"]);
    }
    assert!(alerts.iter().any(|alert| alert["mitreTechniques"].is_null()));
}
