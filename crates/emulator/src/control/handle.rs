//! The in-process handle, for tests and demonstrations in the same process.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::challenge::Challenge;
use super::fault::FaultRule;
use super::request_log::LoggedRequest;
use crate::caller::Audience;
use crate::entra::assertion::certificate::CertificateError;
use crate::entra::assertion::federation::SubjectToken;
use crate::entra::authorize::script::{AuthorizeError, Choice};
use crate::entra::claims_request::fresh_token;
use crate::entra::device_code::{Decision, DecisionError, ScriptedFailure};
use crate::entra::scripted::SignInRefusal;
use crate::entra::session::Ending;
use crate::entra::{Bearer, MintError};
use crate::world::World;

/// Steers a running emulator from the same process. Cheap to clone.
#[derive(Clone)]
pub struct Control(Arc<Mutex<World>>);

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}

impl Control {
    pub(crate) fn new(world: Arc<Mutex<World>>) -> Self {
        Self(world)
    }

    /// Lets go of the state file: nothing is kept from now on.
    pub(crate) fn release(&self) {
        self.world().release();
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tenant's time.
    pub fn now(&self) -> Timestamp {
        self.world().clock.now()
    }

    /// Moves the tenant's clock, forward or (with a negative step) back. Whether it moved: a step that leads out of
    /// the years 1971 to 9000 changes nothing.
    pub fn advance_clock(&self, step: SignedDuration) -> bool {
        self.world().clock.advance(step).is_ok()
    }

    /// Sets the tenant's clock; it goes on ticking. Whether it was set: only the years 1971 to 9000 can be.
    pub fn set_clock(&self, to: Timestamp) -> bool {
        self.world().clock.set(to).is_ok()
    }

    /// Makes requests go wrong.
    pub fn add_fault(&self, rule: FaultRule) {
        self.world().faults.add(rule);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// User codes that wait for a person's decision.
    pub fn waiting_user_codes(&self) -> Vec<String> {
        let world = self.world();
        world.entra.waiting(world.clock.now())
    }

    /// Lets a person, named by sign-in name, approve a user code.
    pub fn approve(&self, user_code: &str, user_principal_name: &str) -> Result<(), DecisionError> {
        self.decide(user_code, Decision::Approved { user: user_principal_name.to_owned() })
    }

    /// Lets a person decline a user code.
    pub fn decline(&self, user_code: &str) -> Result<(), DecisionError> {
        self.decide(user_code, Decision::Declined)
    }

    /// Lets the sign-in of a user code fail, as a conditional access policy would.
    pub fn fail(&self, user_code: &str, failure: ScriptedFailure) -> Result<(), DecisionError> {
        self.decide(user_code, Decision::Failed(failure))
    }

    fn decide(&self, user_code: &str, decision: Decision) -> Result<(), DecisionError> {
        let mut world = self.world();
        let now = world.clock.now();
        let decided = world.entra.decide(user_code, decision, now);
        world.save();
        decided
    }

    /// Refuses every refresh token handed out so far (AADSTS50173); answers how many.
    pub fn revoke_sessions(&self) -> usize {
        let mut world = self.world();
        let now = world.clock.now();
        let revoked = world.entra.revoke_sessions(now);
        world.save();
        revoked
    }

    /// Lets a person sign in at the address a browser would be sent to. What the browser would do at the end:
    /// `{"method": "GET" or "POST", "location": …, "fields": {"code": …, "state": …}}`.
    pub fn authorize(&self, url: &str, user: &str, choice: Choice) -> Result<Value, AuthorizeError> {
        let mut world = self.world();
        let now = world.clock.now();
        let told = world.entra.authorize_by_script(url, user, choice, now);
        world.save();
        told
    }

    /// Registers the first certificate of a PEM text for an application, by GUID. Answers its thumbprints as
    /// `{"thumbprint", "x5t", "x5t#S256"}`.
    pub fn register_certificate(&self, application: &str, pem: &str) -> Result<Value, CertificateError> {
        let mut world = self.world();
        let registered = world.entra.register_certificate(application, pem);
        world.save();
        registered
    }

    /// A token of one of the emulator's own issuers outside the tenant: `kubernetes`, `github` or any other name.
    /// `None` when the system gives no random numbers to sign with.
    pub fn subject_token(&self, issuer: &str, asked: &SubjectToken) -> Option<String> {
        let world = self.world();
        world.entra.subject_token(issuer, asked, world.clock.now())
    }

    /// Lets APIs refuse tokens whose path starts with `path_prefix` until they carry these claims
    /// (`{"access_token": …}`), or, without any, until they are newer than now.
    pub fn challenge_claims(&self, path_prefix: &str, claims: Option<Value>) {
        let mut world = self.world();
        let claims = claims.unwrap_or_else(|| fresh_token(world.clock.now()));
        world.challenges.push(Challenge { path_prefix: path_prefix.to_owned(), claims });
    }

    /// The hosts of managed identities: `hosts` (the variables to set, by host), `identities`, `switches`.
    pub fn managed_identity(&self) -> Value {
        super::managed_identity::told(&self.world())
    }

    /// Refuses sign-ins to come.
    pub fn refuse_sign_ins(&self, refusal: SignInRefusal) {
        self.world().entra.scripted.add(refusal);
    }

    /// Ends the refresh tokens of a person, or of everybody; answers how many.
    pub fn end_sessions(&self, user: Option<&str>, ending: Ending) -> usize {
        let mut world = self.world();
        let ended = world.entra.end_sessions(user, ending);
        world.save();
        ended
    }

    /// The requests since the log was last cleared (the newest ten thousand), oldest first, without secrets.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.world().log.entries()
    }

    /// How many times a token endpoint was asked since the log was last cleared.
    pub fn token_requests(&self) -> usize {
        self.world().log.token_requests()
    }

    /// Empties the request log.
    pub fn clear_requests(&self) {
        self.world().log.clear();
    }

    /// An access token of the first tenant with everything consented to the application on that API.
    pub fn access_token(
        &self,
        application_id: &str,
        audience: &Audience,
        bearer: Bearer<'_>,
    ) -> Result<String, MintError> {
        let mut world = self.world();
        let now = world.clock.now();
        world.entra.mint(application_id, audience, bearer, None, now)
    }

    /// The same for another tenant, named by GUID or domain: a token the APIs refuse.
    pub fn foreign_access_token(
        &self,
        tenant: &str,
        application_id: &str,
        audience: &Audience,
    ) -> Result<String, MintError> {
        let mut world = self.world();
        let now = world.clock.now();
        world.entra.mint(application_id, audience, Bearer::Application, Some(tenant), now)
    }
}
