//! The token endpoint: which grant a form asks for, and applications that sign in as themselves (RFC 6749
//! section 4.4).

use jiff::Timestamp;

use super::Entra;
use super::aadsts;
use super::access_token::AccessToken;
use super::answer::{Tokens, Version};
use super::claims_request::AskedClaims;
use super::client::Client;
use super::form::Form;
use super::refusal::Refusal;
use super::scope::Scope;
use super::scripted::Moment;
use super::tenant_segment::Segment;
use crate::directory::resources;
use crate::exchange::{Request, Response};

const DEVICE_CODE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// What Microsoft's library for Node sends in its place.
const SHORT_DEVICE_CODE_GRANT: &str = "device_code";

impl Entra {
    /// `POST /{tenant}/oauth2/v2.0/token` and its older sibling.
    pub(super) fn token(
        &mut self,
        request: &Request,
        tenant: &str,
        version: Version,
        now: Timestamp,
    ) -> Result<Response, Refusal> {
        let form = Form::read(request)?;
        let segment = Segment::read(tenant)?;
        let grant = form.require("grant_type")?;
        // Older clients name a resource when they redeem a code, on either endpoint.
        if version == Version::V2 && grant != "authorization_code" && form.get("resource").is_some() {
            return Err(aadsts::resource_on_v2());
        }
        let known = matches!(
            (grant, version),
            ("client_credentials" | "refresh_token" | "authorization_code", _)
                | (DEVICE_CODE_GRANT | SHORT_DEVICE_CODE_GRANT, Version::V2)
        );
        if !known {
            return Err(aadsts::unsupported_grant(grant));
        }
        let client = self.identify(request, &form, segment, now)?;
        let tokens = match grant {
            "client_credentials" => self.client_credentials(&client, &form, segment, version, now)?,
            "refresh_token" => self.refresh(&client, &form, (segment, version), request, now)?,
            "authorization_code" => self.redeem_code(&client, &form, (segment, version), request, now)?,
            _ => self.device_code(&client, &form, segment, &request.origin, now)?,
        };
        Ok(tokens.into_response(version, now, self.behaviour.access_token_lifetime))
    }

    fn client_credentials(
        &mut self,
        client: &Client,
        form: &Form,
        segment: Segment,
        version: Version,
        now: Timestamp,
    ) -> Result<Tokens, Refusal> {
        let tenant = segment.for_application()?;
        let resource = match version {
            Version::V1 => {
                let resource = form.require("resource")?;
                if resources::audience(resource).is_none() {
                    return Err(aadsts::unknown_resource(resource, tenant.display_name));
                }
                resource.to_owned()
            }
            Version::V2 => Scope::app_only(form.require("scope")?, tenant.display_name)?.target.resource,
        };
        let authentication = client.confidential()?;
        if let Some(refusal) = self.scripted.strike(Moment::ClientCredentials, client.application, None) {
            return Err(refusal);
        }
        let token = AccessToken {
            application: client.application,
            authentication,
            tenant,
            resource: &resource,
            person: None,
            asked: AskedClaims::read(form)?,
            token_id: self.identifiers.token_id(),
            identity: None,
        };
        let access_token = self.sign(&token.claims(now, self.behaviour.access_token_lifetime))?;
        Ok(Tokens { access_token, resource, ..Tokens::default() })
    }
}
