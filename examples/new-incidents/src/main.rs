//! New incidents, signed in as an application that the environment names: `DEFENDER_XDR_TENANT_ID` and so on.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program owns stdout and environment")]

use std::{error::Error, sync::Arc, time::Duration};

use defender_xdr_api::fetch::{Checkpoint, FetchOptions};
use defender_xdr_api::{Client, Endpoint, World};
use defender_xdr_core::auth::{FlowContext, Identity, TokenManager};
use defender_xdr_core::http::{HttpClient, RetryPolicy};
use defender_xdr_core::settings::{SecretResolver, Sources, load};
use defender_xdr_core::{Clock as _, Environment, SystemClock, backend::Backend, store::MemoryVault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (clock, vault) = (Arc::new(SystemClock), Arc::new(MemoryVault::default()));
    let environment: Environment = std::env::vars().collect();
    let values = load(&Sources { environment: environment.clone(), ..Sources::default() })?.values;
    let (http, retry) = (HttpClient::new(values.http()?), RetryPolicy::new(Duration::from_mins(2)));
    let secrets = Arc::new(SecretResolver { environment, vault: vault.clone() });
    let endpoint = match values.root("endpoint")? {
        Some(root) => Endpoint::new(Backend::Graph, root)?,
        None => Endpoint::of_cloud(Backend::Graph, values.cloud()?)?,
    };
    let entry = &defender_xdr_auth_client_credentials::ENTRY;
    let world = World { http: http.clone(), clock: clock.clone(), retry: retry.clone() };
    #[rustfmt::skip]
    let context = FlowContext { entry, values, backend: Backend::Graph, http, clock: clock.clone(), retry, secrets, authority_identity: None };
    let tokens = Arc::new(TokenManager::new((entry.build)(&context)?, vault, clock.clone()));
    let client = Client::new(endpoint, tokens, Identity::Application, world);
    let mut fetch =
        client.fetch(Checkpoint::new(clock.now() - Duration::from_hours(168)), FetchOptions::default());
    while let Some(batch) = fetch.next(100).await? {
        batch.incidents.iter().for_each(|incident| println!("{}", incident.raw));
    }
    Ok(())
}
