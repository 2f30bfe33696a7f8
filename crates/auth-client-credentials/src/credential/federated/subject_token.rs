//! What the token of another issuer says about itself: Entra compares it letter by letter with the app registration.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::{Secret, Timestamp};
use serde::Deserialize;

use super::KEY;

/// Claims of the token, unverified: for messages only. Holds nothing that would let anybody in.
#[derive(Debug, Default)]
pub(crate) struct SubjectToken {
    claims: Claims,
    file: Option<TokenFile>,
    read_at: Option<Timestamp>,
}

#[derive(Debug)]
struct TokenFile {
    path: PathBuf,
    written: Option<Timestamp>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Option<f64>,
}

/// One text or several (RFC 7519 section 4.1.3).
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Default for Audience {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl SubjectToken {
    /// Reads the claims; `None` when it is no JSON Web Token.
    pub(crate) fn read(token: &Secret) -> Option<Self> {
        let mut parts = token.expose().trim().split('.');
        let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims = serde_json::from_slice(&json).ok()?;
        Some(Self { claims, ..Self::default() })
    }

    /// Remembers when it was read, and from which file.
    pub(super) fn of_file(mut self, path: Option<&PathBuf>, now: Timestamp) -> Self {
        self.read_at = Some(now);
        self.file = path.map(|path| TokenFile {
            path: path.clone(),
            written: std::fs::metadata(path)
                .and_then(|metadata| metadata.modified())
                .ok()
                .and_then(|moment| Timestamp::try_from(moment).ok()),
        });
        self
    }

    /// Tells one federated identity from another, whichever of its tokens this is.
    pub(super) fn fingerprint(&self) -> String {
        Secret::new(format!("{}\n{}\n{}", self.claims.iss, self.claims.sub, self.audience())).fingerprint()
    }

    /// That it has expired, and how old its file is; `None` while it lives.
    pub(super) fn expiry_in_words(&self) -> Option<String> {
        let now = self.read_at?;
        #[expect(clippy::cast_possible_truncation, reason = "out of range saturates, which no timestamp is")]
        let expiry = Timestamp::from_second(self.claims.exp? as i64).ok()?;
        (expiry <= now).then(|| {
            let file = self.file.as_ref().map(|file| file.age(now)).unwrap_or_default();
            format!("the token of `{KEY}` expired at {expiry}, and it is {now} now{file}")
        })
    }

    /// What to do about a refusal.
    pub(crate) fn hint(&self, code: u32) -> Option<String> {
        let Claims { iss, sub, .. } = &self.claims;
        let audience = self.audience();
        let must =
            "and the federated credential of the application must say exactly this, in the same letter case";
        Some(match code {
            700_024 => match self.expiry_in_words() {
                Some(expiry) => format!("{expiry}: look at what renews it"),
                None => {
                    "the token is outside its validity: check this machine's clock and what renews the token"
                        .to_owned()
                }
            },
            700_211 => format!("the token's issuer is `{iss}`, {must}"),
            700_212 | 7_002_121 => format!("the token's audience is `{audience}`, {must}"),
            700_213 | 7_002_137 | 7_002_138 => format!("the token's subject is `{sub}`, {must}"),
            70_021 => format!(
                "the token has issuer `{iss}`, subject `{sub}`, audience `{audience}`, {must}; a new one takes some minutes to work"
            ),
            50_013 => format!("Entra cannot check the token's signature: the keys of `{iss}` must be public"),
            700_025 => format!("the application is public and takes no `{KEY}`: use another flow"),
            _ => return None,
        })
    }

    fn audience(&self) -> String {
        match &self.claims.aud {
            Audience::One(one) => one.clone(),
            Audience::Several(several) => several.join(" "),
        }
    }
}

impl TokenFile {
    fn age(&self, now: Timestamp) -> String {
        let path = self.path.display();
        match self.written.map(|written| now.as_second() - written.as_second()) {
            Some(seconds @ 0..) => format!("; {path} was written {} min ago", seconds / 60),
            _ => format!("; it is from {path}"),
        }
    }
}
