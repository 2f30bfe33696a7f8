//! What must hold once our binary has signed in, however it did.

use anyhow::{Context as _, Result, bail};

use super::product::User;

/// The access token that `auth token` prints.
pub(crate) fn token(user: &User<'_>) -> Result<String> {
    let token = user.expect(0, &["auth", "token"])?.trim_end().to_owned();
    if token.is_empty() || token.contains(char::is_whitespace) {
        bail!("`auth token` did not print one token: {token:?}");
    }
    Ok(token)
}

/// Lists incidents, which the resource only gives for a valid token of the right audience.
pub(crate) fn lists_incidents(user: &User<'_>, at_least: usize) -> Result<()> {
    let incidents = user.json(&["incidents", "list", "-o", "json"])?;
    let count = incidents.as_array().context("a list is an array")?.len();
    if count < at_least {
        bail!("{count} incidents, expected at least {at_least}");
    }
    Ok(())
}
