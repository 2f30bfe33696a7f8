//! The documents a client may read before it signs in: `OpenID` metadata, signing keys, instance discovery.

use http::{HeaderName, StatusCode};
use serde_json::{Value, json};

use super::aadsts;
use super::refusal::{Envelope, Refusal};
use super::signing_key::SigningKey;
use super::tenant_segment::Segment;
use crate::exchange::{Request, Response};

/// Authority hosts the real instance discovery lists as one cloud.
const PUBLIC_CLOUD: &[&str] =
    &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];
const CHINA_CLOUD: &[&str] = &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"];
const GOVERNMENT_CLOUD: &[&str] = &["login.microsoftonline.us", "login.usgovcloudapi.net"];

/// The issuer of identity tokens; a template with literal braces while the tenant is open.
pub(crate) fn issuer(origin: &str, segment: Segment) -> String {
    match segment {
        Segment::Tenant(tenant) => format!("{origin}/{}/v2.0", tenant.id),
        _ => format!("{origin}/{{tenantid}}/v2.0"),
    }
}

/// `/{tenant}/v2.0/.well-known/openid-configuration`.
pub(crate) fn openid_configuration(origin: &str, tenant: &str, envelope: &Envelope) -> Response {
    let segment = match Segment::read(tenant) {
        Ok(segment) => segment,
        // The metadata endpoint words an unknown tenant differently than the token endpoint does.
        Err(refusal) => {
            return Refusal { error: "invalid_tenant".to_owned(), ..refusal }.into_response(envelope);
        }
    };
    let base = format!("{origin}/{}", segment.canonical());
    document(&json!({
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer(origin, segment),
        "request_uri_parameter_supported": false,
        "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nbf", "nonce", "preferred_username", "name", "tid", "oid", "uti", "ver", "email"
        ],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net"
    }))
}

/// `/{tenant}/discovery/v2.0/keys` (RFC 7517 section 5).
pub(crate) fn keys(origin: &str, tenant: &str, key: &SigningKey, envelope: &Envelope) -> Response {
    match Segment::read(tenant) {
        Ok(segment) => document(&json!({ "keys": [key.public_key(&issuer(origin, segment))] })),
        Err(refusal) => refusal.into_response(envelope),
    }
}

/// `/common/discovery/instance`: is this authority host genuine, and under which names is it known?
pub(crate) fn instance_discovery(request: &Request, envelope: &Envelope) -> Response {
    let endpoint = match request.option("authorization_endpoint") {
        Some(endpoint) if !endpoint.is_empty() => endpoint,
        _ => return aadsts::missing_field("authorization_endpoint").into_response(envelope),
    };
    let rest =
        endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://")).unwrap_or(endpoint);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let own = request.origin.split_once("://").map_or("", |(_, host)| host);
    let known = [PUBLIC_CLOUD, CHINA_CLOUD, GOVERNMENT_CLOUD].concat();
    if host != own && !known.contains(&host) {
        return aadsts::unknown_instance(host).into_response(envelope);
    }
    let tenant = path.split('/').next().unwrap_or("common");
    let scheme = if endpoint.starts_with("http://") { "http" } else { "https" };
    let cloud = |aliases: &[&str], cache: &str| json!({ "preferred_network": aliases.first(), "preferred_cache": cache, "aliases": aliases });
    let mut metadata = vec![
        cloud(PUBLIC_CLOUD, "login.windows.net"),
        cloud(CHINA_CLOUD, "login.partner.microsoftonline.cn"),
        cloud(GOVERNMENT_CLOUD, "login.microsoftonline.us"),
    ];
    if host == own {
        metadata.push(cloud(&[own], own));
    }
    document(&json!({
        "tenant_discovery_endpoint": format!("{scheme}://{host}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": request.option("api-version").unwrap_or("1.1"),
        "metadata": metadata
    }))
}

fn document(body: &Value) -> Response {
    Response::json(StatusCode::OK, body)
        .with_header(http::header::CACHE_CONTROL, "max-age=86400, private")
        .with_header(HeaderName::from_static("access-control-allow-origin"), "*")
        .with_header(http::header::X_CONTENT_TYPE_OPTIONS, "nosniff")
}
