//! The refresh token grant (RFC 6749 section 6).

use jiff::Timestamp;

use super::Entra;
use super::aadsts;
use super::answer::{Tokens, Version};
use super::claims_request::AskedClaims;
use super::client::Client;
use super::code_grant::{cross_origin_only, same_origin_only};
use super::form::Form;
use super::issue::SignIn;
use super::refusal::Refusal;
use super::scope::{Scope, SeveralApis};
use super::scripted::Moment;
use super::tenant_segment::Segment;
use crate::directory::people;
use crate::exchange::Request;
use crate::options::Rotation;

impl Entra {
    pub(super) fn refresh(
        &mut self,
        client: &Client,
        form: &Form,
        (segment, version): (Segment, Version),
        request: &Request,
        now: Timestamp,
    ) -> Result<Tokens, Refusal> {
        let application = client.application;
        segment.admits(application)?;
        let authentication = client.on_behalf_of_a_person()?;
        let refresh_token = form.require("refresh_token")?;
        if !refresh_token.starts_with("0.A") || refresh_token.len() < 40 {
            return Err(aadsts::malformed_refresh_token());
        }
        let session =
            self.records.sessions.get_mut(refresh_token).ok_or_else(aadsts::invalid_refresh_token)?;
        session.redeem(application.id, now)?;
        let ends = session.ends;
        match ends {
            Some(_) => cross_origin_only(request)?,
            None => same_origin_only(request)?,
        }
        let (user, granted, home) = (session.user.clone(), session.scope.clone(), session.segment.clone());
        let person = people::find(&user).ok_or_else(aadsts::invalid_refresh_token)?;
        if let Some(refusal) = self.scripted.strike(Moment::RefreshToken, application, Some(person)) {
            return Err(refusal);
        }
        if let Segment::Tenant(tenant) = segment
            && tenant != person.tenant
        {
            return Err(aadsts::grant_for_another_tenant());
        }
        let text = match version {
            Version::V2 => form.get("scope").map_or(granted, str::to_owned),
            Version::V1 => form.get("resource").map_or(granted, |resource| {
                // Version 1 knows no scopes: every answer carries a refresh token.
                format!("offline_access {resource}/.default")
            }),
        };
        let scope = Scope::delegated(&text, person.tenant.display_name, SeveralApis::FirstCounts)?;
        let asked = AskedClaims::read(form)?;
        let sign_in = SignIn { application, authentication, person, scope: &scope, nonce: None, asked };
        let mut tokens = self.issue(sign_in, form, &request.origin, now)?;
        if scope.openid.offline_access && self.behaviour.rotation != Rotation::OmitNew {
            let segment = Segment::read(&home)?;
            tokens.refresh_token = Some(self.open_session((application, person), segment, text, ends, now));
            if self.behaviour.rotation == Rotation::RevokeOld
                && let Some(session) = self.records.sessions.get_mut(refresh_token)
            {
                session.revoked = Some(now);
            }
        }
        Ok(tokens)
    }
}
