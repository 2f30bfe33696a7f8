//! Authorization code with PKCE (RFC 6749 section 4.1, RFC 7636): a person signs in on a page of Entra, which leads
//! their browser back with a code. Either the browser comes back to a listener on this machine (RFC 8252), or the
//! person hands over the address it was sent to, at once or through the settings as with Cortex XSOAR.
//!
//! Source: "Microsoft identity platform and OAuth 2.0 authorization code flow".

mod answer;
mod authorize;
mod client;
mod id_token;
mod loopback;
mod pending;
mod pkce;
mod provider;
mod redirect;

use defender_xdr_core::auth::{Capabilities, Identity, ProviderEntry, SettingUse};
use defender_xdr_core::register_provider;

pub use provider::AuthCodeProvider;

/// The flow's descriptor.
pub static ENTRY: ProviderEntry = ProviderEntry {
    id: "auth-code",
    name: "Authorization Code",
    aliases: &["Authorization Code Flow"],
    summary: "a person signs in in a browser, here or elsewhere: where Conditional Access forbids device codes",
    capabilities: Capabilities { interactive: true, identity: Identity::Delegated, renewable: true },
    settings: &[
        SettingUse {
            key: "application-id",
            required: true,
            help: "the app registration, with the redirect URI registered",
        },
        SettingUse {
            key: "tenant-id",
            required: true,
            help: "the tenant's GUID or domain; organizations for an application of many tenants",
        },
        SettingUse {
            key: "redirect-uri",
            required: false,
            help: "as registered (default: http://localhost for auth login without a client secret, else https://localhost/myapp)",
        },
        SettingUse {
            key: "client-secret",
            required: false,
            help: "only for a redirect URI of the platform Web: the secret's value, or a reference to it",
        },
        SettingUse {
            key: "authorization-code",
            required: false,
            help: "a code got elsewhere, the address it came in, or refresh_token:TOKEN; or a reference to one",
        },
        SettingUse {
            key: "account",
            required: false,
            help: "who signs in: offered by the page, and keeps the sign-ins of several people apart",
        },
        SettingUse {
            key: "scope",
            required: false,
            help: "instead of what API and cloud imply; without offline_access a session lasts about an hour",
        },
    ],
    default_application_id: None,
    build: |context| Ok(Box::new(AuthCodeProvider::from_context(context)?)),
};

register_provider!(&ENTRY);

/// Reads what people paste, for fuzzing: it may be refused and must panic at nothing.
#[cfg(fuzzing)]
pub fn fuzz_answer(text: &str) {
    drop(answer::read(text));
}
