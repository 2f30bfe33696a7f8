//! The whole tenant: one request in, one answer out, no socket in sight.

use std::time::Duration;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::caller::TokenFault;
use crate::clock::Clock;
use crate::control::challenge::Challenge;
use crate::control::endpoint;
use crate::control::fault::{self, Fault, Faults};
use crate::control::request_log::{LoggedRequest, RequestLog};
use crate::defender::{Defender, WorldOptions};
use crate::directory::tenants::AURORA;
use crate::entra::{Behaviour, Entra};
use crate::error::EmulatorError;
use crate::exchange::{Request, Response};
use crate::managed_identity::Hosts;
use crate::options::{MOST_INCIDENTS, Options};
use crate::state_file::{Birth, StateFile};

/// How an answer reaches the client.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// At once and whole.
    Whole(Response),
    /// Whole, after a delay.
    Late(Response, Duration),
    /// The connection breaks after this many bytes of the body.
    Cut(Response, usize),
    /// The connection is reset instead.
    Reset,
}

/// The tenant and everything that steers it.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) entra: Entra,
    pub(crate) defender: Defender,
    pub(crate) hosts: Hosts,
    pub(crate) faults: Faults,
    pub(crate) challenges: Vec<Challenge>,
    pub(crate) log: RequestLog,
    /// Where clients reach the tenant.
    pub(crate) origin: String,
    /// Where programs reach the hosts of managed identities, which is always plain http.
    pub(crate) managed_identity_origin: String,
    birth: Birth,
    state_file: Option<StateFile>,
}

impl World {
    /// A new tenant, or the one the state file remembers.
    pub(crate) fn new(options: &Options, origin: String) -> Result<Self, EmulatorError> {
        if options.incidents > MOST_INCIDENTS {
            return Err(EmulatorError::TooManyIncidents(options.incidents));
        }
        let clock =
            Clock::starting_at(options.now).map_err(|error| EmulatorError::Time(error.to_string()))?;
        let mut birth = Birth { seed: options.seed, incidents: options.incidents, at: clock.now() };
        let mut entra =
            Entra::new(Behaviour::of(options), origin.clone()).map_err(|_| EmulatorError::NoRandomness)?;
        let mut state_file = options.state_file.clone().map(StateFile::at).transpose()?;
        let remembered = state_file.as_mut().map(StateFile::load).transpose()?.flatten();
        if let (Some(file), Some(state)) = (&state_file, &remembered) {
            birth = state.birth.same_as(birth).map_err(|reason| file.damaged(reason))?;
        }
        let world_options = WorldOptions {
            seed: birth.seed,
            incidents: birth.incidents,
            tenant_id: AURORA.id.to_owned(),
            tenant_domain: AURORA.domain.to_owned(),
            limits: options.limits,
        };
        let mut defender = Defender::generate(&world_options, birth.at);
        if let (Some(file), Some(state)) = (&state_file, remembered) {
            let pkcs8 = state.signing_key().map_err(|reason| file.damaged(reason))?;
            entra
                .restore(&pkcs8, state.sign_ins)
                .map_err(|_| file.damaged("the signing key is damaged".to_owned()))?;
            defender.restore(&state.defender).map_err(|reason| file.damaged(reason))?;
        }
        for (application, pem) in &options.certificates {
            entra.register_certificate(application, pem).map_err(EmulatorError::Certificate)?;
        }
        let mut world = Self {
            clock,
            entra,
            defender,
            hosts: Hosts::new(
                options.arc_key_directory.clone(),
                SignedDuration::try_from(options.managed_identity_token_lifetime)
                    .unwrap_or(SignedDuration::MAX),
            ),
            managed_identity_origin: origin.clone(),
            faults: Faults::default(),
            challenges: Vec::new(),
            log: RequestLog::default(),
            origin,
            birth,
            state_file,
        };
        world.try_save()?;
        Ok(world)
    }

    /// Answers one request.
    pub(crate) fn answer(&mut self, request: &Request) -> Delivery {
        if request.header("sec-fetch-site") == Some("cross-site") && !is_meant_for_other_sites(request) {
            // A page somewhere else on the web has no business with a service on this machine.
            return Delivery::Whole(refuse(StatusCode::FORBIDDEN, "requests from other sites are refused"));
        }
        if request.path.starts_with("/_control/") {
            if let Some(stranger) = foreign(request) {
                // A page that was made to resolve its own name to this machine looks like the same site.
                return Delivery::Whole(refuse(StatusCode::FORBIDDEN, stranger));
            }
            let response = endpoint::answer(self, request);
            if !request.method.is_safe() {
                self.save();
            }
            return Delivery::Whole(response);
        }
        let now = self.clock.now();
        let mut entry = LoggedRequest::of(request, now);
        let delivery = self.deliver(request, now);
        entry.status = match &delivery {
            Delivery::Whole(response) | Delivery::Late(response, _) | Delivery::Cut(response, _) => {
                Some(response.status.as_u16())
            }
            Delivery::Reset => None,
        };
        tracing::debug!(method = %request.method, path = %request.path, status = entry.status, "answered");
        self.log.push(entry);
        // Reading changes nothing worth keeping.
        if !request.method.is_safe() {
            self.save();
        }
        delivery
    }

    fn deliver(&mut self, request: &Request, now: Timestamp) -> Delivery {
        match self.faults.strike(request) {
            None => Delivery::Whole(self.respond(request, None, now)),
            Some(Fault::Reset) => Delivery::Reset,
            Some(Fault::Status { status, retry_after, body, body_kind }) => {
                Delivery::Whole(fault::status_answer(status, retry_after, body.as_ref(), body_kind))
            }
            Some(Fault::WrongJson) => Delivery::Whole(fault::wrong_json()),
            Some(Fault::TokenError(failure)) => {
                Delivery::Whole(self.entra.scripted_error(&failure, request, now))
            }
            Some(Fault::ExpiredToken) => {
                Delivery::Whole(self.respond(request, Some(TokenFault::Expired), now))
            }
            Some(Fault::UnauthorizedOnce) => {
                Delivery::Whole(self.respond(request, Some(TokenFault::Invalid), now))
            }
            Some(Fault::Slow { milliseconds }) => {
                Delivery::Late(self.respond(request, None, now), Duration::from_millis(milliseconds))
            }
            Some(Fault::CutBody { bytes }) => Delivery::Cut(self.respond(request, None, now), bytes),
        }
    }

    fn respond(&mut self, request: &Request, token_fault: Option<TokenFault>, now: Timestamp) -> Response {
        if let Some(response) = self.entra.handle(request, now) {
            return response;
        }
        if let Some(response) = self.hosts.handle(&mut self.entra, request, now) {
            return response;
        }
        let caller = match token_fault {
            Some(fault) => Err(fault),
            None => self.entra.caller(request, now),
        };
        let demanded = self.challenges.iter().find(|challenge| challenge.concerns(request));
        if let (Ok(_), Some(challenge)) = (&caller, demanded)
            && !self.entra.carries(request, &challenge.claims)
        {
            return challenge.response(request);
        }
        self.defender
            .handle(&caller, request, now)
            .unwrap_or_else(|| refuse(StatusCode::NOT_FOUND, "nothing of this tenant answers to the path"))
    }

    /// Keeps what changed; a full disk must not take the tenant down.
    pub(crate) fn save(&mut self) {
        if let Err(error) = self.try_save() {
            tracing::warn!(%error, "the state was not saved");
        }
    }

    /// Lets go of the state file; it holds what was saved last.
    pub(crate) fn release(&mut self) {
        self.state_file = None;
    }

    fn try_save(&mut self) -> Result<(), EmulatorError> {
        let Some(file) = &mut self.state_file else { return Ok(()) };
        file.save(&self.birth, &self.entra, || -> Value { self.defender.snapshot() })
    }
}

/// Whether other sites may send this: people arrive at a sign-in from the application that wants it, and pages redeem
/// their codes across origins.
fn is_meant_for_other_sites(request: &Request) -> bool {
    let path = request.path.as_str();
    (path.ends_with("/oauth2/v2.0/authorize") && request.method.is_safe())
        || (path.ends_with("/oauth2/v2.0/token") && !path.starts_with("/_control/"))
}

/// Why a request to the control endpoint does not come from this machine's own tools.
fn foreign(request: &Request) -> Option<&'static str> {
    let is_loopback = |authority: &str| {
        let host = authority.rsplit_once(':').map_or(authority, |(host, port)| {
            if port.bytes().all(|byte| byte.is_ascii_digit()) { host } else { authority }
        });
        matches!(host, "localhost" | "127.0.0.1" | "[::1]")
    };
    if request.header("host").is_some_and(|host| !is_loopback(host)) {
        return Some("the control endpoint answers to loopback names only");
    }
    let origin = request.header("origin").filter(|origin| *origin != "null" && *origin != request.origin);
    origin.map(|_| "requests from other sites are refused")
}

fn refuse(status: StatusCode, message: &str) -> Response {
    Response::json(status, &json!({ "error": { "code": status.canonical_reason(), "message": message } }))
}
