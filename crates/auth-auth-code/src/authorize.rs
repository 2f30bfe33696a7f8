//! The address of the page on which a person signs in (RFC 6749 section 4.1.1).

use defender_xdr_core::http::Url;

/// The page with these parameters. Blanks become `%20`: a plus sign does not survive every mail and chat.
pub(crate) fn url(mut page: Url, parameters: &[(&str, &str)]) -> String {
    page.query_pairs_mut().extend_pairs(parameters);
    let query = page.query().unwrap_or_default().replace('+', "%20");
    page.set_query(Some(&query));
    page.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_encoded_once() {
        let page = Url::parse("https://login.example/t/oauth2/v2.0/authorize").expect("an address");
        assert_eq!(
            url(page, &[("scope", "a https://b/.default"), ("login_hint", "d+x@example.org")]),
            "https://login.example/t/oauth2/v2.0/authorize\
             ?scope=a%20https%3A%2F%2Fb%2F.default&login_hint=d%2Bx%40example.org"
        );
    }
}
