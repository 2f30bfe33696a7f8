//! From the form of an instance to settings: every alias of the original in its order, then what the form cannot say from
//! the environment. A pure function.

use defender_xdr_core::Environment;
use defender_xdr_core::Secret;
use defender_xdr_core::Timestamp;
use defender_xdr_core::settings::{Origin, Values};
use serde_json::{Map, Value};

use crate::api_choice::{Choice, Wish, choose};
use crate::conversion::boolean;
use crate::form::CORTEX_APPLICATION;
use crate::python;

/// Keys that no parameter sets, and that the environment may: `DEFENDER_XDR_` and the key in upper case.
const FROM_ENVIRONMENT: &[&str] = &[
    "account",
    "authority-host",
    "ca-file",
    "managed-identity-object-id",
    "managed-identity-resource-id",
    "managed-identity-source",
    "quota",
    "redirect-uri",
    "retry-budget",
    "scope",
];

/// A flow of the form in the words of XSIAM: whoever builds a pack for it drops "XSOAR" from every text, choices included.
const FLOW_IN_XSIAM: &str = "Cortex App (Using Device Code Flow)";

/// Where the related integrations of the platform keep the code of a page.
const CODE: &[(&str, &str)] = &[
    ("auth_code", "password"),
    ("auth_code", ""),
    ("creds_auth_code", "password"),
    ("auth_code_creds", "password"),
];

/// What an instance is set to.
#[derive(Debug, Clone)]
pub struct Configured {
    /// Settings, as the flows and the client read them.
    pub values: Values,
    /// The API and its place.
    pub api: Choice,
}

/// Reads the form. `flow_id` gives the id of a flow by any of its names.
///
/// # Errors
/// The original's text, where it has one.
pub fn read(
    params: &Map<String, Value>,
    environment: &Environment,
    now: Timestamp,
    flow_id: impl Fn(&str) -> Result<&'static str, String>,
) -> Result<Configured, String> {
    let form = Form(params);
    let client = form.first(&[("creds_client_id", "password"), ("app_id", ""), ("_app_id", "")]);
    let flow = flow(&form, client.as_deref(), flow_id)?;
    let is_managed = flow == "managed-identity";
    let Some(client) = client.or_else(|| is_managed.then(String::new)) else {
        return Err("Application ID must be provided.".to_owned());
    };
    let (application, refresh_token) = client.split_once('@').unwrap_or((&client, ""));
    let api = choose(
        Wish {
            api: &form.text("api"),
            base_url: &form.text("base_url"),
            endpoint_type: &form.text("endpoint_type"),
            is_cortex_application: !is_managed && (is_cortex(application) || flow == "cortex-xsoar-app"),
        },
        now,
    )?;
    let mut values = Values::default();
    let mut set = |key: &str, parameter: &str, text: &str| {
        values.set(key, Secret::new(text.trim()), Origin::Parameter(parameter.to_owned()));
    };
    set("authentication-flow", "authentication_type", flow);
    set("api", "api", api.backend.id());
    set("cloud", "base_url", api.cloud.id());
    set("endpoint", "base_url", api.endpoint.as_deref().unwrap_or_default());
    // The flow of the Cortex application has no other.
    if !is_managed && (flow != "cortex-xsoar-app" || is_cortex(application)) {
        set("application-id", "creds_client_id", application);
        set("refresh-token", "creds_client_id", refresh_token);
    }
    let tenant = form.first(&[("creds_tenant_id", "password"), ("tenant_id", ""), ("_tenant_id", "")]);
    set("tenant-id", "creds_tenant_id", tenant.as_deref().unwrap_or_default());
    credential(&form, &mut set);
    if flow == "auth-code" {
        let code = form.first(CODE);
        set("authorization-code", "auth_code", code.as_deref().unwrap_or_default());
        set("redirect-uri", "redirect_uri", &form.text("redirect_uri"));
    }
    let identity = form.first(&[("managed_identities_client_id", "password")]);
    set(
        "managed-identity-client-id",
        "managed_identities_client_id",
        identity.as_deref().unwrap_or_default(),
    );
    set("insecure", "insecure", if form.flag("insecure")? { "true" } else { "" });
    set("proxy", "proxy", if form.flag("proxy")? { "system" } else { "none" });
    for key in FROM_ENVIRONMENT {
        let variable = format!("DEFENDER_XDR_{}", key.to_ascii_uppercase().replace('-', "_"));
        if let Some(text) = environment.get(&variable).filter(|_| values.get(key).is_none()) {
            values.set(*key, Secret::new(text), Origin::Environment(variable));
        }
    }
    Ok(Configured { values, api })
}

fn is_cortex(application: &str) -> bool {
    application.trim().eq_ignore_ascii_case(CORTEX_APPLICATION)
}

/// The flow: the one that the list names; else the check boxes, managed identities first.
fn flow(
    form: &Form<'_>,
    client: Option<&str>,
    flow_id: impl Fn(&str) -> Result<&'static str, String>,
) -> Result<&'static str, String> {
    let listed = ["authentication_type", "auth_type", "authentication_flow"].map(|key| form.text(key));
    if let Some(name) = listed.iter().find(|name| !name.is_empty()) {
        return flow_id(if name.as_str() == FLOW_IN_XSIAM { "cortex-xsoar-app" } else { name });
    }
    if form.flag("use_managed_identities")? {
        return flow_id("managed-identity");
    }
    if form.flag("client_credentials")? {
        return flow_id("client-credentials");
    }
    let application = client.unwrap_or_default().split('@').next().unwrap_or_default();
    flow_id(if is_cortex(application) { "cortex-xsoar-app" } else { "device-code" })
}

/// A certificate counts when both its parts are there, else the secret does.
fn credential(form: &Form<'_>, set: &mut impl FnMut(&str, &str, &str)) {
    let thumbprint = form.first(&[("creds_certificate", "identifier"), ("certificate_thumbprint", "")]);
    let key = form.first(&[("creds_certificate", "password")]).map(|key| with_line_breaks(&key));
    let key = key.or_else(|| form.first(&[("private_key", "")]));
    if let (Some(thumbprint), Some(key)) = (thumbprint, key) {
        set("certificate-thumbprint", "creds_certificate", &thumbprint);
        set("private-key", "creds_certificate", &key);
        return;
    }
    let secret = form.first(&[("credentials", "password"), ("enc_key", "")]);
    set("client-secret", "credentials", secret.as_deref().unwrap_or_default());
}

/// The platform makes blanks of the line breaks of a key. Between the markers they are breaks again.
fn with_line_breaks(key: &str) -> String {
    let inside = || {
        let begin = key.find("-----BEGIN ")?;
        let begin = begin + 11 + key[begin + 11..].find("-----")? + 5;
        let end = begin + key[begin..].find("-----END ")?;
        Some((begin, end))
    };
    match inside() {
        Some((begin, end)) => {
            let lines: Vec<_> = key[begin..end].split_whitespace().collect();
            format!("{}\n{}\n{}", &key[..begin], lines.join("\n"), &key[end..])
        }
        None => key.to_owned(),
    }
}

/// The parameters, whatever types they came in.
struct Form<'a>(&'a Map<String, Value>);

impl Form<'_> {
    /// A parameter as text; empty when missing or null.
    fn text(&self, key: &str) -> String {
        match self.0.get(key) {
            None | Some(Value::Null | Value::Object(_)) => String::new(),
            Some(value) => python::text(value).trim().to_owned(),
        }
    }

    /// The first that is not empty: parameters, or members of credentials.
    fn first(&self, places: &[(&str, &str)]) -> Option<String> {
        let read = |(key, member): &(&str, &str)| match self.0.get(*key)? {
            Value::Object(members) if !member.is_empty() => members.get(*member)?.as_str().map(str::to_owned),
            Value::String(text) if member.is_empty() => Some(text.clone()),
            _ => None,
        };
        places.iter().filter_map(read).find(|text| !text.trim().is_empty())
    }

    fn flag(&self, key: &str) -> Result<bool, String> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::String(text)) if text.is_empty() => Ok(false),
            Some(value) => boolean(value).map_err(|problem| format!("{key}: {problem}")),
        }
    }
}

#[cfg(test)]
mod tests;
