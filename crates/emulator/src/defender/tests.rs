//! Both APIs end to end, over requests as plain data.

mod alerts;
mod control;
mod graph;
mod hunting;
mod legacy;
mod quirks;
mod quotas;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use serde_json::Value;

use super::{Defender, WorldOptions};
use crate::caller::{Audience, Caller, Grant, TokenFault};
use crate::exchange::{Request, Response};

const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
const ORIGIN: &str = "http://127.0.0.1:4711";

fn now() -> Timestamp {
    "2026-09-14T08:00:00Z".parse().unwrap()
}

fn options(incidents: usize) -> WorldOptions {
    WorldOptions {
        seed: 7,
        incidents,
        tenant_id: TENANT.to_owned(),
        tenant_domain: "aurora-lab.example".to_owned(),
        limits: false,
    }
}

/// One tenant and the tokens to speak with it.
struct Tenant(Defender);

impl Tenant {
    fn with(incidents: usize) -> Self {
        Self(Defender::generate(&options(incidents), now()))
    }

    fn ask(&mut self, caller: &Result<Caller, TokenFault>, request: &Request) -> Response {
        self.0.handle(caller, request, now()).unwrap()
    }

    /// Sends to whichever API the path belongs to, as an application with all permissions.
    fn send(&mut self, method: Method, target: &str, body: Option<&Value>) -> (u16, Value) {
        let audience = if target.starts_with("/api") { Audience::Legacy } else { Audience::Graph };
        let response = self.ask(&application(audience, ALL), &request(method, target, body));
        (response.status.as_u16(), json(&response))
    }

    fn get(&mut self, target: &str) -> Value {
        let (status, body) = self.send(Method::GET, target, None);
        assert_eq!(status, 200, "{target}: {body}");
        body
    }

    fn refused(&mut self, target: &str) -> (u16, Value) {
        let (status, body) = self.send(Method::GET, target, None);
        (status, body["error"].clone())
    }

    fn switch(&mut self, changes: &Value) {
        let response = self
            .0
            .control(&request(Method::POST, "/_control/defender/options", Some(changes)), now())
            .unwrap();
        assert_eq!(response.status, 200, "{:?}", response.body);
    }
}

const ALL: &[&str] = &[
    "Incident.ReadWrite.All",
    "AdvancedHunting.Read.All",
    "SecurityIncident.ReadWrite.All",
    "SecurityAlert.ReadWrite.All",
    "ThreatHunting.Read.All",
];

#[expect(clippy::unnecessary_wraps, reason = "the API takes the outcome of checking a token")]
fn application(audience: Audience, roles: &[&str]) -> Result<Caller, TokenFault> {
    Ok(Caller {
        tenant_id: TENANT.to_owned(),
        application_id: "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60".to_owned(),
        application_name: "Aurora Automation".to_owned(),
        audience,
        grant: Grant::Application { roles: roles.iter().map(|role| (*role).to_owned()).collect() },
    })
}

fn person(audience: Audience, name: &str, scopes: &[&str]) -> Result<Caller, TokenFault> {
    application(audience, &[]).map(|caller| Caller {
        grant: Grant::Delegated {
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            user_principal_name: format!("{name}@aurora-lab.example"),
            display_name: "Dana Rook".to_owned(),
        },
        ..caller
    })
}

/// A request whose target is not yet percent-encoded (spaces and quotes as they are, `%26` for `&` in a value).
fn request(method: Method, target: &str, body: Option<&Value>) -> Request {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut headers = HeaderMap::new();
    if body.is_some() {
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    Request {
        method,
        path: path.to_owned(),
        query: query.map(|(name, value)| (decode(name), decode(value))).collect(),
        headers,
        body: body.map_or_else(Bytes::new, |body| body.to_string().into()),
        origin: ORIGIN.to_owned(),
    }
}

fn with_header(mut request: Request, name: &'static str, value: &str) -> Request {
    request.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    request
}

fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

/// All pages of a list from its first target on.
fn walk(tenant: &mut Tenant, first: &str) -> Vec<Value> {
    let mut target = first.to_owned();
    let mut all = Vec::new();
    for _ in 0..1000 {
        let page = tenant.get(&target);
        all.extend(page["value"].as_array().unwrap().iter().cloned());
        match page["@odata.nextLink"].as_str() {
            Some(link) => target = link.strip_prefix(ORIGIN).unwrap().to_owned(),
            None => return all,
        }
    }
    panic!("the links from {first} do not end");
}

#[test]
fn paths_of_neither_api_are_left_to_others() {
    let mut tenant = Tenant::with(3);
    let caller = application(Audience::Graph, ALL);
    for path in ["/", "/beta/security/incidents", "/common/oauth2/v2.0/token", "/apiary"] {
        assert!(tenant.0.handle(&caller, &request(Method::GET, path, None), now()).is_none(), "{path}");
    }
}

#[test]
fn one_incident_tells_the_same_story_in_both_apis() {
    let mut tenant = Tenant::with(60);
    for number in 20_001..20_061 {
        let legacy = tenant.get(&format!("/api/incidents/{number}"));
        let graph = tenant.get(&format!("/v1.0/security/incidents/{number}?$expand=alerts"));
        assert_eq!(graph["id"], legacy["incidentId"].to_string());
        assert_eq!(graph["displayName"], legacy["incidentName"]);
        assert_eq!(graph["createdDateTime"], legacy["createdTime"]);
        assert_eq!(graph["lastUpdateDateTime"], legacy["lastUpdateTime"]);
        let ids = |alerts: &Value, key: &str| -> Vec<Value> {
            alerts.as_array().unwrap().iter().map(|alert| alert[key].clone()).collect()
        };
        assert_eq!(ids(&graph["alerts"], "id"), ids(&legacy["alerts"], "alertId"));
    }
}
