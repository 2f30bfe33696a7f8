//! From settings to a signed-in client: the flow is chosen, never guessed.

use std::path::PathBuf;
use std::sync::Arc;

use defender_xdr_api::quota::Budget;
use defender_xdr_api::{Client, Endpoint, Operation, World as ApiWorld, ways_out};
use defender_xdr_core::auth::{FlowContext, ProviderEntry, Registry, TokenManager, UnknownFlow};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::{Cloud, is_guid};
use defender_xdr_core::http::{HttpClient, HttpSettings, RetryPolicy, system_proxy};
use defender_xdr_core::settings::{Origin, SecretResolver, SettingsError, Values, quoted_word};
use defender_xdr_core::store::Vault;
#[cfg(feature = "emulator")]
use defender_xdr_core::store::VaultGuard;
use defender_xdr_core::{Clock, Environment, Secret, SystemClock};

use crate::failure::Failure;
use crate::other_api;
use crate::other_flows;
use crate::quota;
use crate::retirement::Outlook;
use crate::world::World;

/// A chosen flow with everything it needs, and the API behind it.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) entry: &'static ProviderEntry,
    pub(crate) backend: Backend,
    outlook: Outlook,
    pub(crate) context: FlowContext,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) tokens: Arc<TokenManager>,
    quotas: Option<PathBuf>,
    /// Keeps the demonstration tenant alive as long as the session.
    #[cfg(feature = "emulator")]
    demonstration: Option<(defender_xdr_emulator::Emulator, Option<VaultGuard>)>,
}

impl Session {
    /// A session of settings, wherever they came from, in an environment that secrets and hosts are looked up in.
    pub(crate) fn build(
        world: &World,
        environment: Environment,
        values: Values,
        vault: Arc<dyn Vault>,
        http: HttpSettings,
        authority_identity: Option<String>,
    ) -> Result<Self, Failure> {
        let entry = choose(&values)?;
        warn_of_contradictions(entry, &values);
        let application = values.text("application-id").or(entry.default_application_id).unwrap_or_default();
        let outlook = Outlook::of(world, &values, application)?;
        let backend = outlook.backend;
        if http.insecure {
            tracing::warn!(
                target: crate::logging::ALWAYS,
                "`insecure` is set: no certificate is verified, and anybody on the way can read the tokens"
            );
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let context = FlowContext {
            entry,
            backend,
            http: HttpClient::new(http),
            clock: Arc::clone(&clock),
            retry: RetryPolicy::new(values.seconds("retry-budget", 120)?),
            secrets: Arc::new(SecretResolver { environment, vault: Arc::clone(&vault) }),
            values,
            authority_identity,
        };
        let provider = (entry.build)(&context)?;
        let tokens =
            TokenManager::new(provider, Arc::clone(&vault), clock).ignoring_refusals(world.global.retry_now);
        Ok(Self {
            entry,
            backend,
            outlook,
            context,
            vault,
            tokens: Arc::new(tokens),
            quotas: world.paths.quotas(),
            #[cfg(feature = "emulator")]
            demonstration: None,
        })
    }

    /// The day on which the API in use ended, if it has.
    pub(crate) fn ended_on(&self) -> Option<String> {
        self.outlook.ended_on()
    }

    #[cfg(feature = "emulator")]
    pub(crate) fn on(mut self, tenant: defender_xdr_emulator::Emulator, alone: Option<VaultGuard>) -> Self {
        self.demonstration = Some((tenant, alone));
        self.quotas = None;
        self
    }

    /// A result whose error names the place of the setting at fault, or else `argument`.
    pub(crate) fn told<T, E: Into<Failure>>(
        &self,
        result: Result<T, E>,
        argument: &str,
    ) -> Result<T, Failure> {
        result.map_err(|error| {
            let mut failure = error.into();
            if let Failure::Reported(report) = &mut failure {
                report.locate(|key| self.place_of(key));
                report.blame_argument(argument);
                let identity = self.entry.capabilities.identity;
                report.name_other_flows(|ids| other_flows::name(ids, self.entry, &registry().ok()?));
                if let Some(day) = self.outlook.ended_on() {
                    report.name_retirement(&day);
                }
                report.name_ways_out(|| ways_out(Operation::ListIncidents, self.backend, identity));
            }
            failure
        })
    }

    /// Where a setting came from; for the proxy, that may be one of the system's variables.
    fn place_of(&self, key: &str) -> Option<String> {
        let set = self.context.values.get(key).map(|value| value.origin.to_string());
        set.or_else(|| {
            let (variable, _) = system_proxy(&self.context.secrets.environment).filter(|_| key == "proxy")?;
            Some(Origin::Environment(variable.to_owned()).to_string())
        })
    }

    /// The application that signs in: of the settings, or where the flow found it.
    pub(crate) fn application_id(&self) -> Result<String, SettingsError> {
        self.context
            .application_id()
            .or_else(|error| Some(self.tokens.cache_key().application).filter(|id| is_guid(id)).ok_or(error))
    }

    /// The tenant that is signed in to: of the settings, or where the flow found it.
    pub(crate) fn tenant(&self) -> Option<String> {
        let set = self.context.values.text("tenant-id").map(str::to_owned);
        set.or_else(|| Some(self.tokens.cache_key().tenant).filter(|tenant| is_guid(tenant)))
    }

    /// The tokens of the same sign-in for an API.
    pub(crate) fn tokens_for(&self, backend: Backend) -> Result<TokenManager, Failure> {
        let context = FlowContext { backend, ..self.context.clone() };
        let provider = (self.entry.build)(&context)?;
        Ok(TokenManager::new(provider, Arc::clone(&self.vault), Arc::clone(&context.clock)))
    }

    /// The same sign-in on an API, whichever the settings name.
    pub(crate) fn speaking(&self, world: &World, backend: Backend) -> Result<Self, Failure> {
        let mut context = FlowContext { backend, ..self.context.clone() };
        if backend != self.backend {
            context.values = other_api::settings_for(&context.values, backend)?;
        }
        // Both are asked for by name, whatever the calendar would choose.
        context.values.set("api", Secret::new(backend.id().to_owned()), Origin::Default);
        let application = self.context.application_id().unwrap_or_default();
        let outlook = Outlook::of(world, &context.values, &application)?;
        let provider = (self.entry.build)(&context)?;
        let tokens = TokenManager::new(provider, Arc::clone(&self.vault), Arc::clone(&context.clock))
            .ignoring_refusals(world.global.retry_now);
        Ok(Self {
            entry: self.entry,
            backend,
            outlook,
            context,
            vault: Arc::clone(&self.vault),
            tokens: Arc::new(tokens),
            quotas: self.quotas.clone(),
            #[cfg(feature = "emulator")]
            demonstration: None,
        })
    }

    /// The client of the API.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        self.outlook.speak()?;
        let world = ApiWorld {
            http: self.context.http.clone(),
            clock: Arc::clone(&self.context.clock),
            retry: self.context.retry.clone(),
        };
        let endpoint = self.endpoint()?;
        let budget = self.budget(&endpoint)?;
        let client = Client::new(endpoint, Arc::clone(&self.tokens), self.entry.capabilities.identity, world);
        let client = client.counting(budget);
        Ok(if self.outlook.is_over() { client.after_retirement() } else { client })
    }

    /// The budget of calls that all processes share, unless nothing may be written.
    pub(crate) fn budget(&self, endpoint: &Endpoint) -> Result<Budget, Failure> {
        let values = &self.context.values;
        let application = values.text("application-id").or(self.entry.default_application_id);
        let host = endpoint.root().as_str();
        let of = [host, values.text("tenant-id").unwrap_or_default(), application.unwrap_or_default()];
        let directory = self.quotas.as_deref().filter(|_| self.vault.lasts());
        Ok(quota::budget(directory, &of.join(" "), quota::pacing(values)?))
    }

    pub(crate) fn endpoint(&self) -> Result<Endpoint, Failure> {
        let values = &self.context.values;
        let cloud = values.cloud()?;
        match values.root("endpoint")? {
            Some(root) => Endpoint::new(self.backend, root).map_err(|error| {
                let place = values.get("endpoint").map(|value| value.origin.to_string()).unwrap_or_default();
                match Failure::from(error) {
                    Failure::Reported(report) => Failure::Reported(Box::new(report.with_source(place))),
                    other => other,
                }
            }),
            None if cloud == Cloud::Custom => {
                Err(values.blame("cloud", SettingsError::new("`cloud = \"custom\"` needs `endpoint`")).into())
            }
            None => Ok(Endpoint::of_cloud(self.backend, cloud)?),
        }
    }
}

/// The registry of this program.
pub(crate) fn registry() -> Result<Registry, Failure> {
    Registry::linked().map_err(|error| Failure::bug(error.to_string()))
}

/// The flow that the settings name.
pub(crate) fn choose(values: &Values) -> Result<&'static ProviderEntry, Failure> {
    const KEY: &str = "authentication-flow";
    let registry = registry()?;
    let ids: Vec<_> = registry.entries().iter().map(|entry| entry.id).collect();
    let by_switch = values.flag(SWITCH)?.then_some(BY_SWITCH);
    let Some(wanted) = values.text(KEY).or(by_switch) else {
        return Err(SettingsError::new(format!("`{KEY}` is not set"))
            .with_hint(format!(
                "`defender-xdr init` asks for what is missing; or choose one of {} with `{KEY}` in the settings file, \
                 DEFENDER_XDR_AUTHENTICATION_FLOW or --flow",
                ids.join(", ")
            ))
            .into());
    };
    let entry = registry.find(wanted).map_err(|unknown| unknown_flow(&unknown, values))?;
    if by_switch.is_some_and(|id| id != entry.id) {
        let message = format!("`{KEY}` names {}, and `{SWITCH}` asks for the {BY_SWITCH} flow", entry.id);
        return Err(values.blame(SWITCH, SettingsError::new(message).with_hint("keep one of them")).into());
    }
    Ok(entry)
}

/// The check box of Cortex XSOAR, and the flow it stands for.
const SWITCH: &str = "use-managed-identities";
const BY_SWITCH: &str = "managed-identity";

/// A code that was meant for another flow than the one that was named has no effect: that is told once.
fn warn_of_contradictions(entry: &ProviderEntry, values: &Values) {
    const KEY: &str = "authorization-code";
    if values.text(KEY).is_some() && entry.settings.iter().all(|setting| setting.key != KEY) {
        tracing::warn!(
            "`{KEY}` belongs to the auth-code flow and has no effect: `authentication-flow` names {}",
            entry.id
        );
    }
}

fn unknown_flow(unknown: &UnknownFlow, values: &Values) -> SettingsError {
    let available =
        if unknown.available.is_empty() { "none".to_owned() } else { unknown.available.join(", ") };
    let (message, hint) = match (unknown.absent, unknown.nearest) {
        (Some(flow), _) => match flow.feature {
            Some(feature) => (
                format!("the {} flow is not in this program", flow.id),
                format!(
                    "build it with the feature `{feature}` (cargo build --features {feature}); this one has {available}"
                ),
            ),
            None => (
                format!("the {} flow is not in this version of the program", flow.id),
                format!("this one has {available}"),
            ),
        },
        (None, Some(nearest)) => (
            format!("`authentication-flow` is {}, which is no flow", quoted_word(&unknown.text)),
            format!("did you mean `{nearest}`? This program has {available}"),
        ),
        (None, None) => (
            format!("`authentication-flow` is {}, which is no flow", quoted_word(&unknown.text)),
            format!("this program has {available}"),
        ),
    };
    let key = if values.text("authentication-flow").is_some() { "authentication-flow" } else { SWITCH };
    values.blame(key, SettingsError::new(message).with_hint(hint))
}
