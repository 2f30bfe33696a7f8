//! Whose token came, against whom the settings name. For display only: tokens are opaque to every decision.

use super::claims::{Claims, peek};
use super::grant::Grant;

/// Warns when a new sign-in belongs to somebody else than the account of the settings, as far as its token tells.
pub fn warn_of_another_account(grant: &Grant, account: Option<&str>) {
    let Some(account) = account else { return };
    if let Some(other) = peek(&grant.access_token).and_then(|claims| other_person(claims, account)) {
        tracing::warn!("`account` is {account}, but {other} signed in");
    }
}

/// Who a token belongs to, when it says so and that is somebody else than `account`.
pub fn other_person(claims: Claims, account: &str) -> Option<String> {
    // A name of one's own choosing only keeps sign-ins apart.
    if !account.contains('@') {
        return None;
    }
    let name = claims.upn.or(claims.preferred_username)?;
    // A guest of a tenant goes by a name made from their own: name_example.org#EXT#@contoso.onmicrosoft.com.
    let guest = account.replace('@', "_");
    let own = name.split_once("#EXT#").map_or(account, |_| &guest);
    let plain = name.split("#EXT#").next().unwrap_or(&name);
    (!plain.eq_ignore_ascii_case(own)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> Option<String> {
        let claims = Claims { upn: Some(name.to_owned()), ..Claims::default() };
        other_person(claims, "dana@example.org")
    }

    #[test]
    fn somebody_else_is_told_and_the_same_person_is_not() {
        assert_eq!(told("mika@example.org").as_deref(), Some("mika@example.org"));
        assert_eq!(told("Dana@Example.org"), None);
        assert_eq!(told("dana_example.org#EXT#@contoso.onmicrosoft.com"), None);
        assert!(told("mika_example.org#EXT#@contoso.onmicrosoft.com").is_some());
    }

    #[test]
    fn a_name_of_ones_own_choosing_is_nobodys() {
        let claims = Claims { upn: Some("mika@example.org".to_owned()), ..Claims::default() };
        assert_eq!(other_person(claims, "night-shift"), None);
    }

    #[test]
    fn a_token_that_names_nobody_says_nothing() {
        assert_eq!(other_person(Claims::default(), "dana@example.org"), None);
    }
}
