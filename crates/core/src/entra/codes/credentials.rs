//! Numbers about what an application proves itself with: secret, certificate, federated token.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::InvalidClient;

const FEDERATED: &str =
    "compare issuer, subject and audience letter by letter; a new credential takes some minutes to work";

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(50012,     InvalidClient, "the application could not prove itself", "check its secret or certificate"),
    code(50013,     InvalidClient, "the assertion's signature cannot be checked", "is it the right key, and are the issuer's keys public?"),
    code(70002,     InvalidClient, "the application's credential was refused", "check its secret or certificate"),
    code(70021,     InvalidClient, "no federated credential of the application fits the token's issuer, subject and audience", FEDERATED),
    code(700_023,   InvalidClient, "the assertion is meant for another audience", "check `authority-host` and `cloud`"),
    code(700_024,   InvalidClient, "the assertion is outside its validity", "check this machine's clock, and that the token's file is renewed"),
    code(700_027,   InvalidClient, "the certificate is not registered for this application", "upload it there, and check `application-id`"),
    code(700_030,   InvalidClient, "the certificate is not valid for this", "check its subject and purpose, or make a new one"),
    code(700_211,   InvalidClient, "no federated credential of the application names the token's issuer", FEDERATED),
    code(700_212,   InvalidClient, "no federated credential of the application names the token's audience", FEDERATED),
    code(700_213,   InvalidClient, "no federated credential of the application names the token's subject", FEDERATED),
    code(700_222,   InvalidClient, "tokens that Entra issued may not stand in for a credential here", "use a token of another issuer, or of a managed identity"),
    code(700_226,   InvalidClient, "of the tokens that Entra issued, only a managed identity's may stand in for a credential", "use a managed identity's token"),
    code(700_227,   InvalidClient, "the audience of the token may not stand in for a credential", FEDERATED),
    code(700_229,   InvalidClient, "of the tokens that Entra issued, only an application's may stand in for a credential", "use an app-only token"),
    code(7_000_215, InvalidClient, "the secret is wrong", "set `client-secret` to the secret's value; the portal shows its ID beside it, which is not the secret"),
    code(7_000_222, InvalidClient, "the secret or certificate has expired", "make a new one in the app registration and set `client-secret` to its value"),
    code(7_002_121, InvalidClient, "the audience of the token is not accepted", FEDERATED),
    code(7_002_137, InvalidClient, "no federated credential of the application names the token's subject", FEDERATED),
    code(7_002_138, InvalidClient, "the token's subject fits a federated credential only when letter case is ignored", FEDERATED),
];
