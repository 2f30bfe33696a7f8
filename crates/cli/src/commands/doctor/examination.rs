//! The order of the checks: what can be looked at together is, and what is told comes in one order.

use std::sync::Arc;

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, HttpSettings};
use defender_xdr_core::probe::{Route, Trust};
use defender_xdr_core::retirement::Calendar;
use defender_xdr_core::settings::{Loaded, Values};
use defender_xdr_core::store::Vault;

use super::finding::Finding;
use super::state::Place;
use super::way::{Gear, SIGN_IN, Walked, within};
use super::{
    Arguments, clock, hosts, permissions, proxy, quota, retirement, settings, sign_in, state, trust,
};
use crate::detached::detached;
use crate::failure::Failure;
use crate::opening::open;
use crate::retirement::{calendar, check_settings, now as today};
use crate::session::Session;
use crate::world::World;

/// What could be made of the settings.
struct Opened {
    /// `settings`, `flow` and, when they could not be looked at together, `state`.
    settings: Finding,
    flow: Finding,
    state: Finding,
    /// What is wrong with the settings of the calendar, which decide on the API.
    retirement: Option<Finding>,
    /// Absent when they could not be read.
    values: Option<Values>,
    http: Option<HttpSettings>,
    session: Option<Session>,
}

/// Looks at everything.
pub(super) async fn examine(world: &World, arguments: &Arguments) -> Result<Vec<Finding>, Failure> {
    let opened = if world.is_demo() { demonstration(world).await? } else { real(world).await? };
    let mut findings = vec![opened.settings, opened.flow, opened.state];
    let (Some(values), Some(http)) = (opened.values, opened.http) else {
        findings.extend(without_settings());
        return Ok(findings);
    };
    let session = opened.session.as_ref();
    let gear = gear(world, http, arguments).await;
    let (gear, trusted) = match gear {
        Ok(gear) => gear,
        Err(finding) => {
            findings.push(finding);
            return Ok(findings);
        }
    };
    let backend = session.map_or_else(|| values.backend().ok().flatten(), |session| Some(session.backend));
    let backend = backend.unwrap_or(Backend::Graph);
    let asked: Vec<_> =
        Backend::ALL.into_iter().filter(|each| *each == backend || arguments.both_apis).collect();
    let (signing_in, first, second) = tokio::join!(
        sign_in_way(world, &gear, &values, session, arguments),
        api_way(world, &gear, &values, asked.first().copied()),
        api_way(world, &gear, &values, asked.get(1).copied()),
    );
    let (to_authority, signed_in) = signing_in?;
    let apis: Vec<_> = [first, second].into_iter().flatten().collect();
    let ways = || [&to_authority].into_iter().chain(apis.iter().map(|(_, way)| way));
    let walked: Vec<&Walked> = ways().filter_map(|way| way.as_ref().ok()).collect();

    findings.push(proxy::verdict(world, &gear.settings, &walked));
    let needed = [hosts::authority(&values), hosts::api(&values, backend)];
    let needed = needed.iter().flatten().any(|url| url.scheme() == "https");
    findings.push(trust::verdict(trusted.as_ref(), &gear.trusted, needed));
    for way in ways() {
        match way {
            Ok(walked) => findings.extend(walked.findings.clone()),
            Err(skipped) => findings.extend(skipped.clone()),
        }
    }
    findings.push(time(&walked));
    findings.extend(signed_in);
    findings.push(match session {
        Some(session) => quota::check(session, clock::now())?,
        None => Finding::skipped(quota::CHECK, "no flow can be used"),
    });
    findings.push(if let Some(finding) = opened.retirement {
        finding
    } else {
        let calendar = calendar(world, &values)?.unwrap_or_else(Calendar::shipped);
        retirement::verdict(calendar.end_of(backend), backend, today(world)?)
    });
    Ok(findings)
}

/// Without settings there is no way to look at.
fn without_settings() -> impl Iterator<Item = Finding> {
    let checks = [
        proxy::CHECK,
        trust::CHECK,
        clock::CHECK,
        sign_in::CHECK,
        permissions::CHECK,
        quota::CHECK,
        retirement::CHECK,
    ];
    checks.into_iter().map(|check| Finding::skipped(check, "the settings cannot be used"))
}

async fn demonstration(world: &World) -> Result<Opened, Failure> {
    let session = open(world).await?;
    Ok(Opened {
        settings: Finding::ok(settings::CHECK, "the demonstration tenant reads none"),
        flow: settings::flow(&session),
        state: Finding::skipped(state::CHECK, "the demonstration tenant keeps its own"),
        retirement: None,
        values: Some(session.context.values.clone()),
        http: Some(HttpSettings {
            proxy: defender_xdr_core::http::Proxy::None,
            system_roots: false,
            ..HttpSettings::default()
        }),
        session: Some(session),
    })
}

async fn real(world: &World) -> Result<Opened, Failure> {
    let unread = |settings: Finding| Opened {
        settings,
        flow: Finding::skipped(settings::FLOW, "the settings cannot be used"),
        state: place(world, "what protects it is not known"),
        retirement: None,
        values: None,
        http: None,
        session: None,
    };
    let loaded: Loaded = match crate::settings::load(world) {
        Ok(loaded) => loaded,
        Err(failure) => return Ok(unread(Finding::of(settings::CHECK, failure)?)),
    };
    let read = settings::check(world, &loaded);
    if read.is_problem() {
        return Ok(unread(read));
    }
    let values = loaded.values;
    let http = match crate::settings::http(world, &values) {
        Ok(http) => http,
        Err(failure) => return Ok(unread(Finding::of(settings::CHECK, failure)?)),
    };
    let (state, vault) = kept(world, &values).await?;
    let retirement = match check_settings(world, &values) {
        Ok(()) => None,
        Err(error) => Some(Finding::of(retirement::CHECK, error.into())?),
    };
    let session = match vault {
        _ if retirement.is_some() => {
            Err(Finding::skipped(settings::FLOW, "the settings of `retirement` decide on the API"))
        }
        None => Err(Finding::skipped(settings::FLOW, "there is no place to look for its tokens")),
        Some(vault) => {
            let built =
                Session::build(world, world.environment.clone(), values.clone(), vault, http.clone(), None);
            match built {
                Ok(session) => Ok(session),
                Err(failure) => Err(Finding::of(settings::FLOW, failure)?),
            }
        }
    };
    let (flow, session) = match session {
        Ok(session) => {
            let flow = match session.endpoint() {
                Ok(_) => settings::flow(&session),
                Err(failure) => Finding::of(settings::FLOW, failure)?,
            };
            (flow, Some(session))
        }
        Err(finding) => (advise_init(finding), None),
    };
    Ok(Opened { settings: read, flow, state, retirement, values: Some(values), http: Some(http), session })
}

/// Who has no flow is helped by the wizard.
fn advise_init(finding: Finding) -> Finding {
    let remedy = finding
        .remedy
        .map(|remedy| format!("{remedy}; or run `defender-xdr init`, which asks for what is missing"));
    Finding { remedy, ..finding }
}

/// The place of tokens, and the vault there.
async fn kept(world: &World, values: &Values) -> Result<(Finding, Option<Arc<dyn Vault>>), Failure> {
    let vault = match crate::vault::open(world, values).await {
        Ok(vault) => vault,
        Err(failure) => return Ok((Finding::of(state::CHECK, failure)?, None)),
    };
    if crate::vault::in_memory(values)? {
        return Ok((Finding::ok(state::CHECK, "nothing is kept, as `token-store` says"), Some(vault)));
    }
    let guard = vault.protection();
    let by = match (&guard.key_place, guard.against.is_empty()) {
        // Nothing is guarded against by a key that cannot be used.
        (Some(_), true) => {
            let remedy = "put the sealing key right, or run `defender-xdr auth reset` and sign in again";
            return Ok((
                Finding::problem(state::CHECK, format!("tokens: {}", guard.summary), remedy),
                Some(vault),
            ));
        }
        (Some(place), false) => format!("tokens are sealed with {place}"),
        (None, _) => "tokens are kept in memory".to_owned(),
    };
    Ok((place(world, &by), Some(vault)))
}

fn place(world: &World, keeps: &str) -> Finding {
    match world.paths.tokens().as_deref().and_then(std::path::Path::parent) {
        Some(directory) => Place::look(directory).verdict(keeps),
        None => Finding::warning(
            state::CHECK,
            format!("{}: nothing outlives a command", world.paths.why_absent(&world.environment)),
            "set HOME, or XDG_STATE_HOME and XDG_CONFIG_HOME",
        ),
    }
}

type Trusted = Result<Trust, defender_xdr_core::http::HttpError>;

async fn gear(world: &World, http: HttpSettings, arguments: &Arguments) -> Result<(Gear, Trusted), Finding> {
    let trusted = trust::origin(&http, &world.environment);
    let reading = http.clone();
    let read = within(arguments.deadline(), detached(move || Trust::load(&reading))).await.flatten();
    let Some(trust) = read else {
        let remedy = "look at what `ca-file` and SSL_CERT_FILE name: no pipe, no file of a network that does not answer";
        return Err(Finding::problem(trust::CHECK, format!("{trusted}: reading takes too long"), remedy));
    };
    let timeout = http.timeout.min(arguments.deadline());
    let settings = HttpSettings { timeout, ..http };
    let gear = Gear {
        http: HttpClient::new(settings.clone()),
        settings,
        // Who trusts nobody is told that once, not once for each host.
        trust: trust.as_ref().ok().filter(|trust| !trust.is_empty()).cloned(),
        trusted,
        deadline: arguments.deadline(),
    };
    Ok((gear, trust))
}

type Way = Result<Walked, [Finding; 3]>;

/// The way to where one signs in, and signing in there.
async fn sign_in_way(
    world: &World,
    gear: &Gear,
    values: &Values,
    session: Option<&Session>,
    arguments: &Arguments,
) -> Result<(Way, [Finding; 2]), Failure> {
    let without = |why: &str| [sign_in::CHECK, permissions::CHECK].map(|check| Finding::skipped(check, why));
    let needs = session.is_none_or(|session| hosts::asks_authority(session.entry));
    let way = if !needs {
        Err(SIGN_IN.skipped("the flow asks the machine it runs on"))
    } else if let Some(url) = hosts::authority(values) {
        Ok(SIGN_IN.walk(gear, Route::of(&gear.settings, &world.environment, &url), &url).await)
    } else {
        Err(SIGN_IN.skipped("no host to sign in at is set"))
    };
    let is_passable = !needs || way.as_ref().is_ok_and(|walked| walked.is_passable);
    let signed_in = match session {
        None => without("no flow can be used"),
        Some(_) if !is_passable => without("the host to sign in at cannot be reached"),
        Some(session) => {
            let asked = sign_in::check(session, arguments.fresh, &arguments.needed);
            match within(arguments.deadline(), asked).await {
                Some(findings) => findings?,
                None => [
                    Finding::problem(
                        sign_in::CHECK,
                        format!("no answer within {} s", arguments.deadline),
                        "try again; `--deadline` gives it more time",
                    ),
                    Finding::skipped(permissions::CHECK, "there is no token"),
                ],
            }
        }
    };
    Ok((way, signed_in))
}

async fn api_way(
    world: &World,
    gear: &Gear,
    values: &Values,
    backend: Option<Backend>,
) -> Option<(Backend, Way)> {
    let backend = backend?;
    let way = match hosts::api(values, backend) {
        Some(url) => {
            let route = Route::of(&gear.settings, &world.environment, &url);
            Ok(hosts::steps(backend).walk(gear, route, &url).await)
        }
        None => Err(hosts::steps(backend).skipped("the settings lead to no such API")),
    };
    Some((backend, way))
}

/// The first host that told its time speaks for all.
fn time(walked: &[&Walked]) -> Finding {
    let told = walked.iter().find_map(|way| way.ahead.map(|ahead| clock::verdict(ahead, &way.host)));
    told.unwrap_or_else(|| Finding::skipped(clock::CHECK, "no host could be asked for its time"))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    #[test]
    fn who_has_no_flow_is_sent_to_the_wizard() {
        let finding = advise_init(Finding::problem(settings::FLOW, "not set", "set it"));
        assert_eq!(finding.verdict, Verdict::Problem);
        assert!(finding.remedy.is_some_and(|remedy| remedy.contains("defender-xdr init")));
    }
}
