//! The token and device code endpoints: from a form to tokens or a refusal.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Entra;
use super::aadsts;
use super::access_token::{AccessToken, identity_claims};
use super::answer::{Tokens, Version};
use super::client::{Authentication, Client};
use super::device_code::{Decision, DeviceCode};
use super::form::Form;
use super::metadata;
use super::refusal::Refusal;
use super::scope::{Scope, SeveralApis};
use super::session::Session;
use super::tenant_segment::Segment;
use crate::directory::applications::Application;
use crate::directory::people::{self, Person};
use crate::directory::resources;
use crate::exchange::{Request, Response};
use crate::options::{PublicClientCheck, Rotation};

const DEVICE_CODE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Ended sign-ins are remembered this long, so that late polls still learn what happened.
const REMEMBER_CODES: SignedDuration = SignedDuration::from_hours(24);

/// A person's sign-in that is allowed and waits for its tokens.
struct SignIn<'a> {
    application: &'static Application,
    authentication: Authentication,
    person: &'static Person,
    scope: &'a Scope,
}

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
        let code = DeviceCode::start(codes, asked, now, &self.behaviour.device_code);
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
        if version == Version::V2 && form.get("resource").is_some() {
            return Err(aadsts::resource_on_v2());
        }
        let client_of = || Client::identify(request, &form, segment);
        let tokens = match (grant, version) {
            ("client_credentials", _) => {
                self.client_credentials(&client_of()?, &form, segment, version, now)?
            }
            ("refresh_token", _) => {
                self.refresh(&client_of()?, &form, (segment, version), &request.origin, now)?
            }
            (DEVICE_CODE_GRANT, Version::V2) => {
                self.device_code(&client_of()?, &form, segment, &request.origin, now)?
            }
            _ => return Err(aadsts::unsupported_grant(grant)),
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
        let token = AccessToken {
            application: client.application,
            authentication,
            tenant,
            resource: &resource,
            person: None,
            handles_challenges: handles_challenges(form)?,
            token_id: self.identifiers.token_id(),
        };
        let access_token = self.sign(&token.claims(now, self.behaviour.access_token_lifetime))?;
        Ok(Tokens { access_token, resource, ..Tokens::default() })
    }

    fn device_code(
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
        let text = record.scope.clone();
        let scope = Scope::delegated(&text, person.tenant.display_name, SeveralApis::Refuse)?;
        let application = client.application;
        let mut tokens =
            self.issue(&SignIn { application, authentication, person, scope: &scope }, form, origin, now)?;
        if let Some(record) = self.records.device_codes.get_mut(device_code) {
            record.state = Decision::Redeemed;
        }
        if scope.openid.offline_access {
            tokens.refresh_token = Some(self.open_session(application, person, segment, text, now));
        }
        Ok(tokens)
    }

    fn refresh(
        &mut self,
        client: &Client,
        form: &Form,
        (segment, version): (Segment, Version),
        origin: &str,
        now: Timestamp,
    ) -> Result<Tokens, Refusal> {
        let application = client.application;
        let authentication = client.on_behalf_of_a_person()?;
        let refresh_token = form.require("refresh_token")?;
        if !refresh_token.starts_with("0.A") || refresh_token.len() < 40 {
            return Err(aadsts::malformed_refresh_token());
        }
        let session =
            self.records.sessions.get_mut(refresh_token).ok_or_else(aadsts::invalid_refresh_token)?;
        session.redeem(application.id, now)?;
        let (user, granted, home) = (session.user.clone(), session.scope.clone(), session.segment.clone());
        let person = people::find(&user).ok_or_else(aadsts::invalid_refresh_token)?;
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
        let sign_in = SignIn { application, authentication, person, scope: &scope };
        let mut tokens = self.issue(&sign_in, form, origin, now)?;
        if scope.openid.offline_access && self.behaviour.rotation != Rotation::OmitNew {
            let segment = Segment::read(&home)?;
            tokens.refresh_token = Some(self.open_session(application, person, segment, text, now));
            if self.behaviour.rotation == Rotation::RevokeOld
                && let Some(session) = self.records.sessions.get_mut(refresh_token)
            {
                session.revoked = Some(now);
            }
        }
        Ok(tokens)
    }

    /// Access and identity token of a person.
    fn issue(
        &mut self,
        sign_in: &SignIn<'_>,
        form: &Form,
        origin: &str,
        now: Timestamp,
    ) -> Result<Tokens, Refusal> {
        let SignIn { application, authentication, person, scope } = *sign_in;
        let granted = scope.target.granted(application)?;
        let lifetime = self.behaviour.access_token_lifetime;
        let resource = &scope.target.resource;
        let token = AccessToken {
            application,
            authentication,
            tenant: person.tenant,
            resource,
            person: Some((person, &granted)),
            handles_challenges: handles_challenges(form)?,
            token_id: self.identifiers.token_id(),
        };
        let access_token = self.sign(&token.claims(now, lifetime))?;
        let id_token = if scope.openid.openid {
            let issuer = metadata::issuer(origin, Segment::Tenant(person.tenant));
            let token_id = self.identifiers.token_id();
            let times = (now, lifetime);
            let claims = identity_claims((&issuer, &token_id), (application, person), scope.openid, times);
            Some(self.sign(&claims)?)
        } else {
            None
        };
        let client_info = (form.get("client_info") == Some("1")).then(|| {
            let info = json!({ "uid": person.object_id, "utid": person.tenant.id });
            URL_SAFE_NO_PAD.encode(info.to_string())
        });
        let answer = scope.target.answer(&granted, scope.openid);
        Ok(Tokens {
            access_token,
            resource: resource.clone(),
            scope: Some(answer),
            refresh_token: None,
            id_token,
            client_info,
        })
    }

    fn open_session(
        &mut self,
        application: &Application,
        person: &Person,
        segment: Segment,
        scope: String,
        now: Timestamp,
    ) -> String {
        let refresh_token = format!("0.AXYA{}{}", self.identifiers.opaque(), self.identifiers.opaque());
        let session = Session {
            application_id: application.id.to_owned(),
            user: person.user_principal_name.to_owned(),
            segment: segment.canonical().to_owned(),
            scope,
            issued: now,
            last_used: now,
            revoked: None,
        };
        self.records.sessions.insert(refresh_token.clone(), session);
        refresh_token
    }

    fn sign(&self, claims: &Value) -> Result<String, Refusal> {
        self.key.sign(claims).map_err(|_| aadsts::signing_failed())
    }
}

/// Whether the `claims` parameter declares that the client can handle claims challenges (`cp1`).
/// <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
fn handles_challenges(form: &Form) -> Result<bool, Refusal> {
    let Some(text) = form.get("claims") else { return Ok(false) };
    let claims: Value =
        serde_json::from_str(text).map_err(|_| aadsts::malformed("the 'claims' parameter is no JSON"))?;
    Ok(claims
        .pointer("/access_token/xms_cc/values")
        .and_then(Value::as_array)
        .is_some_and(|values| values.iter().any(|value| value == "cp1")))
}
