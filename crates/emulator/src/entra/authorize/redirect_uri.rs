//! Which redirect URIs an application may use.
//! <https://learn.microsoft.com/entra/identity-platform/reply-url>

use crate::directory::applications::{Application, Platform, Redirect};
use crate::entra::aadsts;
use crate::entra::refusal::Refusal;

const LONGEST: usize = 256;

/// The platform a redirect URI is registered for. Without any registered URI 500113, without this one 50011.
pub(crate) fn registered(application: &Application, uri: &str) -> Result<Platform, Refusal> {
    if application.redirects.is_empty() {
        return Err(aadsts::no_reply_address(application.name));
    }
    if uri.starts_with("urn:") {
        return Err(aadsts::urn_reply_address(uri));
    }
    let fits = |redirect: &&Redirect| uri.len() <= LONGEST && matches(redirect.uri, uri);
    match application.redirects.iter().find(fits) {
        Some(redirect) => Ok(redirect.platform),
        None => Err(aadsts::unregistered_reply_address(uri, application.id)),
    }
}

/// Exact, but for the port of `http://localhost`.
fn matches(registered: &str, asked: &str) -> bool {
    let rest = |uri: &str| -> Option<String> {
        let after = uri.strip_prefix("http://localhost")?;
        let Some(port) = after.strip_prefix(':') else {
            return (after.is_empty() || after.starts_with('/')).then(|| after.to_owned());
        };
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        let (number, path) = port.split_at(digits);
        (number.parse::<u16>().is_ok() && (path.is_empty() || path.starts_with('/'))).then(|| path.to_owned())
    };
    let path = |rest: String| if rest == "/" { String::new() } else { rest };
    match (rest(registered), rest(asked)) {
        (Some(registered), Some(asked)) => path(registered) == path(asked),
        _ => registered == asked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::applications::{AUTOMATION, CERTIFICATE, DESKTOP, PORTAL, READER};

    #[test]
    fn any_port_of_localhost_will_do_and_nothing_else_may_differ() {
        for uri in ["http://localhost", "http://localhost:1", "http://localhost:65535/", "http://localhost/"]
        {
            assert_eq!(registered(&DESKTOP, uri), Ok(Platform::PublicClient), "{uri}");
        }
        for uri in [
            "http://localhost:1/other",
            "http://localhost:99999",
            "http://localhost:",
            "http://localhost.example",
            "http://localhost@attacker.example",
            "http://localhost:1@attacker.example",
            "http://LOCALHOST:1",
            "https://localhost:1",
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://localhost:1?x=y",
            "https://login.microsoftonline.com/common/oauth2/nativeclient/",
        ] {
            assert_eq!(registered(&DESKTOP, uri).unwrap_err().code, Some(50_011), "{uri}");
        }
    }

    #[test]
    fn the_path_tells_platforms_apart() {
        assert_eq!(registered(&PORTAL, "http://localhost:5000/portal"), Ok(Platform::Web));
        assert_eq!(registered(&PORTAL, "http://localhost:5000/Portal").unwrap_err().code, Some(50_011));
        assert_eq!(registered(&CERTIFICATE, "https://localhost/myapp"), Ok(Platform::Web));
        assert_eq!(registered(&AUTOMATION, "https://localhost:8443/myapp").unwrap_err().code, Some(50_011));
        assert_eq!(registered(&READER, "http://localhost").unwrap_err().code, Some(500_113));
        assert_eq!(registered(&DESKTOP, "urn:ietf:wg:oauth:2.0:oob").unwrap_err().code, Some(500_119));
    }
}
