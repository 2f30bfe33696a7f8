//! Everything of the last ten years as Cortex takes it, in one process: an answer of `fetch-incidents` a line, until nothing
//! is left. Signed in as an application that the environment names; the argument is the API, `graph` or `legacy`.
#![expect(clippy::disallowed_methods, reason = "a program owns stdout and environment")]

use std::error::Error;
use std::io::{BufWriter, Write as _, stdout};
use std::sync::Arc;
use std::time::Duration;

use defender_xdr_api::{Client, Endpoint, World};
use defender_xdr_core::auth::{FlowContext, Identity, TokenManager};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, RetryPolicy};
use defender_xdr_core::settings::{SecretResolver, Sources, load};
use defender_xdr_core::store::MemoryVault;
use defender_xdr_core::{Clock as _, Environment, SystemClock};
use defender_xdr_xsoar::Answer;
use defender_xdr_xsoar::fetch_incidents::{FetchSettings, fetch_incidents};
use defender_xdr_xsoar::log::Log;
use serde_json::{Map, Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let backend = match std::env::args().nth(1).as_deref() {
        None | Some("graph") => Backend::Graph,
        Some("legacy") => Backend::Legacy,
        Some(_) => return Err("the APIs are `graph` and `legacy`".into()),
    };
    let client = client(backend)?;
    let log = Log::default();
    let form = json!({ "first_fetch": "10 years", "max_fetch": "200", "fetch_timeout": "0" });
    let form = form.as_object().cloned().unwrap_or_default();
    let settings = FetchSettings::of(&form, "backlog", &log)?;
    let mut last_run = Map::new();
    let mut output = BufWriter::with_capacity(64 * 1024, stdout());
    loop {
        let fetched = fetch_incidents(&client, &settings, &last_run, SystemClock.now(), &log).await?;
        let complete = fetched.incidents.len() < settings.most;
        let answer = Answer {
            incidents: Some(fetched.incidents),
            last_run: Some(fetched.last_run),
            logs: log.take(),
            ..Answer::default()
        };
        answer.write_to(&mut output)?;
        output.write_all(b"\n")?;
        if complete {
            return Ok(output.flush()?);
        }
        if let Some(Value::Object(state)) = answer.last_run {
            last_run = state;
        }
    }
}

fn client(backend: Backend) -> Result<Client, Box<dyn Error>> {
    let (clock, vault) = (Arc::new(SystemClock), Arc::new(MemoryVault::default()));
    let environment: Environment = std::env::vars().collect();
    let values = load(&Sources { environment: environment.clone(), ..Sources::default() })?.values;
    let (http, retry) = (HttpClient::new(values.http()?), RetryPolicy::new(Duration::from_mins(2)));
    let secrets = Arc::new(SecretResolver { environment, vault: vault.clone() });
    let endpoint = match values.root("endpoint")? {
        Some(root) => Endpoint::new(backend, root)?,
        None => Endpoint::of_cloud(backend, values.cloud()?)?,
    };
    let entry = &defender_xdr_auth_client_credentials::ENTRY;
    let world = World { http: http.clone(), clock: clock.clone(), retry: retry.clone() };
    let context = FlowContext {
        entry,
        values,
        backend,
        http,
        clock: clock.clone(),
        retry,
        secrets,
        authority_identity: None,
    };
    let tokens = Arc::new(TokenManager::new((entry.build)(&context)?, vault, clock));
    Ok(Client::new(endpoint, tokens, Identity::Application, world))
}
