//! From the form and the integration context of an instance to a client that is signed in, or can be.

use std::sync::Arc;

use defender_xdr_api::quota::{Budget, Pacing};
use defender_xdr_api::{Client, Endpoint, World as ApiWorld};
use defender_xdr_core::auth::{CacheKey, FlowContext, ProviderEntry, Registry, TokenManager};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, RetryPolicy, system_proxy};
use defender_xdr_core::settings::{Origin, SecretResolver, SettingsError, Values};
use defender_xdr_core::store::{MemoryLedger, MemoryVault, Vault};
use defender_xdr_core::{Clock, Environment, Secret};
use serde_json::{Map, Value};

use crate::context_vault::{ContextVault, SignIn};
use crate::log::{Level, Log};
use crate::params;

/// What an instance lives in.
#[derive(Debug, Clone)]
pub struct World {
    /// The flows there are.
    pub registry: Registry,
    /// For what the form cannot say.
    pub environment: Environment,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The log of the instance.
    pub log: Log,
}

/// An instance, opened for one request.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) flow: &'static ProviderEntry,
    pub(crate) tokens: Arc<TokenManager>,
    pub(crate) client: Client,
    pub(crate) vault: Arc<ContextVault>,
    pub(crate) brings_sign_in: bool,
}

/// Opens an instance. Nothing is sent. `timeout` is that of one HTTP request, in seconds.
///
/// # Errors
/// A text for people.
pub(crate) fn open(
    world: &World,
    form: &Map<String, Value>,
    context: Map<String, Value>,
    timeout: Option<i64>,
) -> Result<Opened, String> {
    let flow_id = |name: &str| {
        world.registry.find(name).map(|entry| entry.id).map_err(|unknown| {
            let available = unknown.available.join(", ");
            format!("the authentication flow `{name}` is not in this program, which has {available}")
        })
    };
    let now = world.clock.now();
    let params::Configured { mut values, api } = params::read(form, &world.environment, now, flow_id)?;
    if let Some(notice) = api.notice {
        world.log.add(Level::Warning, notice);
    }
    if let Some(timeout) = timeout.filter(|seconds| *seconds > 0) {
        values.set("timeout", Secret::new(timeout.to_string()), Origin::Parameter("timeout".to_owned()));
    }
    build(world, values, api.backend, context).map_err(|error| told(&error))
}

/// What is wrong, with the field of the form or the variable it came from, and what to do.
fn told(error: &SettingsError) -> String {
    let from = error.origin().map(|origin| format!("from {origin}"));
    let rest: Vec<_> = from.into_iter().chain(error.hint().map(str::to_owned)).collect();
    if rest.is_empty() { error.to_string() } else { format!("{error} ({})", rest.join("; ")) }
}

fn build(
    world: &World,
    values: Values,
    backend: Backend,
    context: Map<String, Value>,
) -> Result<Opened, SettingsError> {
    let named = values.text("authentication-flow").unwrap_or_default();
    let Ok(flow) = world.registry.find(named) else {
        return Err(SettingsError::new(format!("there is no flow `{named}`")));
    };
    let mut http = values.http()?;
    http.system_proxy = system_proxy(&world.environment).map(|(variable, _)| variable.to_owned());
    if http.insecure {
        world.log.add(Level::Warning, "no certificate is verified: anybody on the way can read the tokens");
    }
    let retry = RetryPolicy::new(values.seconds("retry-budget", 120)?);
    let http = HttpClient::new(http);
    let flow_context = FlowContext {
        entry: flow,
        backend,
        http: http.clone(),
        clock: Arc::clone(&world.clock),
        retry: retry.clone(),
        // Nothing of the form is a reference, so that nothing is looked up in a vault.
        secrets: Arc::new(SecretResolver {
            environment: world.environment.clone(),
            vault: Arc::new(MemoryVault::default()),
        }),
        values,
        authority_identity: None,
    };
    let provider = (flow.build)(&flow_context)?;
    let key = provider.cache_key();
    let sign_in = SignIn {
        session: key.vault_name(),
        family: CacheKey { scopes: Vec::new(), ..key }.vault_name(),
        is_originals: backend == Backend::Legacy,
    };
    let vault = Arc::new(ContextVault::new(context, sign_in, world.clock.now()));
    let tokens = TokenManager::new(provider, Arc::clone(&vault) as Arc<dyn Vault>, Arc::clone(&world.clock));
    let tokens = Arc::new(tokens);
    let values = &flow_context.values;
    let endpoint = match values.root("endpoint")? {
        Some(root) => Endpoint::new(backend, root),
        None => Endpoint::of_cloud(backend, values.cloud()?),
    };
    let endpoint = endpoint.map_err(|error| SettingsError::new(error.to_string()))?;
    let budget = budget(&endpoint, values)?;
    let api = ApiWorld { http, clock: Arc::clone(&world.clock), retry };
    let identity = flow.capabilities.identity;
    let client = Client::new(endpoint, Arc::clone(&tokens), identity, api).counting(budget);
    let brings_sign_in = ["refresh-token", "authorization-code"].iter().any(|key| values.text(key).is_some());
    Ok(Opened { flow, tokens, client, vault, brings_sign_in })
}

/// Calls are counted within one request: nothing is written that others could count on.
fn budget(endpoint: &Endpoint, values: &Values) -> Result<Budget, SettingsError> {
    let pacing = match values.choice("quota", &["documented", "observed"])? {
        Some("observed") => Pacing::Observed,
        _ => Pacing::Documented,
    };
    Ok(Budget::new(Arc::new(MemoryLedger::default()), endpoint.root().as_str(), pacing))
}
