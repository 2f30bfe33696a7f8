//! What the original gathers from an incident's alerts, under its names and in its order.

use std::borrow::Cow;

use defender_xdr_api::outline::{Outline, Part};
use defender_xdr_core::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::readable::{moment, worded};

/// Members that are added to an incident.
#[derive(Debug, Serialize)]
pub(super) struct Gathered<'a> {
    /// What is there twice is here twice, since it is counted.
    #[serde(rename = "Categories")]
    categories: Vec<Cow<'a, str>>,
    #[serde(rename = "Impacted entities")]
    domains: Vec<Cow<'a, str>>,
    #[serde(rename = "Active alerts")]
    active_alerts: String,
    #[serde(rename = "Service sources")]
    service_sources: Vec<Cow<'a, str>>,
    #[serde(rename = "Detection sources")]
    detection_sources: Vec<Cow<'a, str>>,
    #[serde(rename = "First activity")]
    first_activity: Cow<'a, str>,
    #[serde(rename = "Last activity")]
    last_activity: Cow<'a, str>,
    #[serde(rename = "Devices")]
    devices: Vec<Device<'a>>,
    #[serde(rename = "Mailboxes")]
    mailboxes: Vec<Mailbox<'a>>,
    /// An empty list where the incident has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<[Value; 0]>,
}

#[derive(Debug, Serialize)]
struct Device<'a> {
    #[serde(rename = "device name")]
    name: Cow<'a, str>,
    #[serde(rename = "risk level")]
    risk: Cow<'a, str>,
    tags: String,
}

#[derive(Debug, Serialize)]
struct Mailbox<'a> {
    #[serde(rename = "Mailbox")]
    address: Cow<'a, str>,
    #[serde(rename = "Display Name")]
    display_name: Value,
}

impl<'a> Gathered<'a> {
    /// Every name that may be added.
    pub(super) const NAMES: [&'static str; 10] = [
        "Categories",
        "Impacted entities",
        "Active alerts",
        "Service sources",
        "Detection sources",
        "First activity",
        "Last activity",
        "Devices",
        "Mailboxes",
        "comments",
    ];

    /// Gathers from an incident in the legacy shape whose alerts, devices and entities are taken apart.
    pub(super) fn from(incident: &'a Outline<'_>) -> Self {
        let alerts: Vec<_> = objects(incident, "alerts").collect();
        let of_alerts = |name| alerts.iter().filter_map(move |alert| text(alert, name));
        let (mut domains, mut mailboxes) = (Vec::new(), Vec::new());
        for entity in alerts.iter().flat_map(|alert| objects(alert, "entities")) {
            let Some(kind) = text(entity, "entityType") else { continue };
            if kind.eq_ignore_ascii_case("User") {
                add_once(&mut domains, text(entity, "domainName"));
            } else if kind.eq_ignore_ascii_case("Mailbox") {
                add_mailbox(&mut mailboxes, entity);
            }
        }
        let statuses = of_alerts("status").count();
        let active = of_alerts("status").filter(|status| status == "Active" || status == "New").count();
        let activities = |name| alerts.iter().filter_map(move |alert| activity(alert, name));
        let first = activities("firstActivity").reduce(|a, b| if b.0 < a.0 { b } else { a });
        let last = activities("lastActivity").reduce(|a, b| if b.0 > a.0 { b } else { a });
        Self {
            categories: of_alerts("category").collect(),
            domains,
            active_alerts: format!("{active} / {statuses}"),
            service_sources: distinct(of_alerts("serviceSource")),
            detection_sources: distinct(of_alerts("detectionSource")),
            first_activity: first.map(|(_, text)| text).unwrap_or_default(),
            last_activity: last.map(|(_, text)| text).unwrap_or_default(),
            devices: alerts.iter().flat_map(|alert| objects(alert, "devices")).map(device).collect(),
            mailboxes,
            comments: (!has_comments(incident)).then_some([]),
        }
    }
}

/// Whether an incident has a list of comments, which stays where it is.
pub(super) fn has_comments(incident: &Outline<'_>) -> bool {
    incident.get("comments").is_some_and(Part::is_list)
}

/// A member as text; `None` when missing, null or empty.
pub(super) fn text<'a>(object: &'a Outline<'_>, name: &str) -> Option<Cow<'a, str>> {
    let part = object.get(name)?;
    match part.as_word() {
        Some(word) => Some(word).filter(|word| !word.is_empty()),
        None => worded(&part.to_value()).map(Cow::Owned),
    }
}

fn objects<'a, 'j>(object: &'a Outline<'j>, name: &str) -> impl Iterator<Item = &'a Outline<'j>> {
    object.get(name).map_or(&[][..], Part::elements).iter().filter_map(Part::members)
}

fn activity<'a>(alert: &'a Outline<'_>, name: &str) -> Option<(Timestamp, Cow<'a, str>)> {
    let text = alert.get(name)?.as_word()?;
    Some((moment(&text)?, text))
}

fn add_once<'a>(found: &mut Vec<Cow<'a, str>>, text: Option<Cow<'a, str>>) {
    found.extend(text.filter(|text| !found.contains(text)));
}

fn distinct<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Vec<Cow<'a, str>> {
    let mut found = Vec::new();
    texts.for_each(|text| add_once(&mut found, Some(text)));
    found
}

fn add_mailbox<'a>(mailboxes: &mut Vec<Mailbox<'a>>, entity: &'a Outline<'_>) {
    if let Some(address) = text(entity, "mailboxAddress")
        && mailboxes.iter().all(|mailbox| mailbox.address != address)
    {
        let display_name = entity.get("mailboxDisplayName").map(Part::to_value).unwrap_or_default();
        mailboxes.push(Mailbox { address, display_name });
    }
}

fn device<'a>(device: &'a Outline<'_>) -> Device<'a> {
    let tags = device.get("tags").filter(|tags| tags.is_list()).map(Part::to_value).unwrap_or_default();
    let tags: Vec<_> = tags.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let member = |name| text(device, name).unwrap_or_default();
    Device { name: member("deviceDnsName"), risk: member("riskScore"), tags: tags.join(",") }
}
