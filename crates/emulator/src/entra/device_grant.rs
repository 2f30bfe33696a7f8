//! The device code grant (RFC 8628) over HTTP: the start of a sign-in and its redemption.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::Entra;
use super::aadsts;
use super::answer::Tokens;
use super::claims_request::AskedClaims;
use super::client::Client;
use super::device_code::{Decision, DeviceSignIn};
use super::form::Form;
use super::issue::SignIn;
use super::refusal::Refusal;
use super::scope::{Scope, SeveralApis};
use super::scripted::Moment;
use super::tenant_segment::Segment;
use crate::exchange::{Request, Response};
use crate::options::PublicClientCheck;

/// Ended sign-ins are remembered this long, so that late polls still learn what happened.
const REMEMBER_CODES: SignedDuration = SignedDuration::from_hours(24);

impl Entra {
    /// `POST /{tenant}/oauth2/v2.0/devicecode` (RFC 8628 section 3.1). Whether the application may use the flow at
    /// all is only checked later, as in the real service.
    pub(super) fn start_device_code(
        &mut self,
        request: &Request,
        tenant: &str,
        now: Timestamp,
    ) -> Result<Response, Refusal> {
        let form = Form::read(request)?;
        let segment = Segment::read(tenant)?;
        let client = Client::identify(request, &form, segment)?;
        let scope = form.require("scope")?;
        segment.admits(client.application)?;
        Scope::delegated(scope, tenant, SeveralApis::Refuse)?;
        self.records.device_codes.retain(|_, code| now.duration_since(code.expires) < REMEMBER_CODES);
        let codes = (self.identifiers.user_code(), format!("HAQABAAEAAAD{}", self.identifiers.opaque()));
        let asked = (client.application.id, segment.canonical(), scope);
        let mut code = DeviceSignIn::start(codes, asked, now, &self.behaviour.device_code);
        code.claims = AskedClaims::read(&form)?;
        let verification_uri = format!("{}/device", request.origin);
        let answer = json!({
            "user_code": code.user_code,
            "device_code": code.device_code,
            "verification_uri": verification_uri,
            "expires_in": self.behaviour.device_code.expires_in.as_secs(),
            "interval": code.interval(),
            "message": format!(
                "To sign in, open the page {verification_uri} in a browser and enter the code {}.", code.user_code
            )
        });
        self.records.device_codes.insert(code.device_code.clone(), code);
        Ok(Response::json(StatusCode::OK, &answer))
    }

    pub(super) fn device_code(
        &mut self,
        client: &Client,
        form: &Form,
        segment: Segment,
        origin: &str,
        now: Timestamp,
    ) -> Result<Tokens, Refusal> {
        // Older clients call the field `code`; some send both.
        let device_code = match (form.get("device_code"), form.get("code")) {
            (Some(one), Some(other)) if one != other => {
                return Err(aadsts::malformed("'code' and 'device_code' differ"));
            }
            (Some(code), _) | (None, Some(code)) => code,
            (None, None) => return Err(aadsts::missing_field("device_code")),
        };
        let options = self.behaviour.device_code;
        let record =
            self.records.device_codes.get_mut(device_code).ok_or_else(aadsts::unknown_device_code)?;
        if record.application_id != client.application.id {
            return Err(aadsts::spent_device_code());
        }
        if record.segment != segment.canonical() {
            return Err(aadsts::grant_for_another_tenant());
        }
        if options.public_client_check == PublicClientCheck::BeforeApproval {
            client.on_behalf_of_a_person()?;
        }
        let person = record.poll(now, &options)?;
        let authentication = client.on_behalf_of_a_person()?;
        if let Some(refusal) = self.scripted.strike(Moment::DeviceCode, client.application, Some(person)) {
            return Err(refusal);
        }
        let (text, claims) = (record.scope.clone(), record.claims.clone());
        let scope = Scope::delegated(&text, person.tenant.display_name, SeveralApis::Refuse)?;
        let application = client.application;
        let asked = AskedClaims::read(form)?.and(&claims);
        let sign_in = SignIn { application, authentication, person, scope: &scope, nonce: None, asked };
        let mut tokens = self.issue(sign_in, form, origin, now)?;
        if let Some(record) = self.records.device_codes.get_mut(device_code) {
            record.state = Decision::Redeemed;
        }
        if scope.openid.offline_access {
            tokens.refresh_token = Some(self.open_session((application, person), segment, text, None, now));
        }
        Ok(tokens)
    }
}
