//! The signed-in client: a token on every request, one new one after a 401, retries by policy.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use defender_xdr_core::auth::{AccessToken, Identity, TokenManager};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{
    self, Answer, Body, Call, Exhausted, HeaderMap, HeaderName, HeaderValue, HttpClient, HttpError, Method,
    Received, Repeatable, RetryPolicy, Turnstile, Url,
};
use defender_xdr_core::{Clock, Timestamp};
use uuid::Uuid;

use crate::challenge;
use crate::endpoint::Endpoint;
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;
use crate::purpose::{Known, Purpose};
use crate::quota::{Budget, Gate, Lane, Priority, Shut};
use crate::refusal::Asked;

/// Pages with embedded alerts are many megabytes; anything beyond this is not an answer.
const LARGEST_ANSWER: usize = 256 << 20;

/// The service stops a query after three minutes; until then it is at work.
const LONGEST_QUERY: Duration = Duration::from_secs(200);

/// What a client needs from outside.
#[derive(Debug, Clone)]
pub struct World {
    /// HTTP.
    pub http: HttpClient,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// When to repeat a request.
    pub retry: RetryPolicy,
}

/// Speaks one API of one tenant.
#[derive(Debug, Clone)]
pub struct Client {
    endpoint: Endpoint,
    tokens: Arc<TokenManager>,
    identity: Identity,
    world: World,
    /// A change was sent and its answer has not come.
    unsettled: Arc<AtomicBool>,
    budget: Option<Budget>,
    /// The API has had its last day.
    is_retired: bool,
}

/// What to send.
pub(crate) struct Request {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) json: Option<serde_json::Value>,
    pub(crate) repeatable: Repeatable,
    /// The id of the incident or alert that it changes.
    pub(crate) changes: Option<String>,
}

impl Request {
    pub(crate) fn read(operation: Operation, url: Url) -> Self {
        Self { operation, method: Method::GET, url, json: None, repeatable: Repeatable::Yes, changes: None }
    }

    pub(crate) fn write(
        operation: Operation,
        method: Method,
        url: Url,
        json: serde_json::Value,
        id: &str,
    ) -> Self {
        Self {
            operation,
            method,
            url,
            json: Some(json),
            repeatable: Repeatable::WhenUntouched,
            changes: Some(id.to_owned()),
        }
    }
}

impl Client {
    /// A client for an endpoint, with tokens of one identity.
    pub fn new(endpoint: Endpoint, tokens: Arc<TokenManager>, identity: Identity, world: World) -> Self {
        Self { endpoint, tokens, identity, world, unsettled: Arc::default(), budget: None, is_retired: false }
    }

    /// The same client, which counts its calls.
    #[must_use]
    pub fn counting(mut self, budget: Budget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The same client for an API whose last day has come: that its host does not know a path, or nobody any more, is read as
    /// its end.
    #[must_use]
    pub fn after_retirement(mut self) -> Self {
        self.is_retired = true;
        self
    }

    /// The same client for a long job: its calls let those of others go first, and take their time.
    #[must_use]
    pub fn in_background(mut self) -> Self {
        self.budget = self.budget.map(|budget| budget.with_priority(Priority::Background));
        self
    }

    /// Whether a change was sent whose answer has not come: a caller who stops waiting now cannot know whether it was
    /// made.
    pub fn has_unsettled_change(&self) -> bool {
        self.unsettled.load(Ordering::Relaxed)
    }

    /// Which API it speaks.
    pub fn backend(&self) -> Backend {
        self.endpoint.backend()
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The time now, by the clock that was passed in.
    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    /// Waits by the clock that was passed in.
    pub(crate) async fn sleep(&self, duration: Duration) {
        self.world.clock.sleep(duration).await;
    }

    /// A next link, which must lead back to where we are signed in.
    pub(crate) fn own_link(&self, link: &str) -> Result<Url, ApiError> {
        let bad =
            |why: String| ApiError::new(ApiErrorKind::BadLink, why).with_hint("check `endpoint` and `proxy`");
        let url = Url::parse(link).map_err(|_| bad("the next link is no address".to_owned()))?;
        if self.endpoint.owns(&url) {
            return Ok(url);
        }
        let host = url.host_str().unwrap_or_default();
        Err(bad(format!(
            "the next link leads to another host ({}://{host}), which gets no token",
            url.scheme()
        )))
    }

    pub(crate) fn asked(&self, operation: Operation) -> Asked {
        Asked { operation, backend: self.backend(), identity: self.identity, is_retired: self.is_retired }
    }

    /// Sends, and returns the answer if it is a success.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, ApiError> {
        let purpose = Known { asked: self.asked(request.operation), changes: request.changes.as_deref() };
        // A JSON value always serialises.
        let json = request.json.map(|json| serde_json::to_vec(&json).unwrap_or_default());
        let Request { method, url, repeatable, .. } = request;
        self.exchange(method, url, HeaderMap::new(), json, repeatable, &purpose).await
    }

    /// Sends, and returns the answer if it is a success, its body still to be read.
    pub(crate) async fn send_streamed(&self, request: Request) -> Result<Received, ApiError> {
        let purpose = Known { asked: self.asked(request.operation), changes: request.changes.as_deref() };
        let json = request.json.map(|json| serde_json::to_vec(&json).unwrap_or_default());
        let call = self.prepared(request.method, request.url, HeaderMap::new(), json)?;
        self.succeed(call, request.repeatable, &purpose, true).await
    }

    /// Sends, and returns the answer if it is a success; words for everything else come from `purpose`.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        url: Url,
        more: HeaderMap,
        json: Option<Vec<u8>>,
        repeatable: Repeatable,
        purpose: &dyn Purpose,
    ) -> Result<Answer, ApiError> {
        let call = self.prepared(method, url, more, json)?;
        let received = self.succeed(call, repeatable, purpose, false).await?;
        received.whole().await.map_err(|error| ApiError::from_http(&error, &purpose.verb()))
    }

    /// A call without its token.
    fn prepared(
        &self,
        method: Method,
        url: Url,
        more: HeaderMap,
        json: Option<Vec<u8>>,
    ) -> Result<Call, ApiError> {
        // Only our own root ever gets a token, whatever a link says.
        if !self.endpoint.owns(&url) {
            return Err(ApiError::new(
                ApiErrorKind::BadLink,
                format!(
                    "a link leads to another host ({}), which gets no token",
                    url.host_str().unwrap_or_default()
                ),
            ));
        }
        let mut headers = self.headers();
        headers.extend(more);
        let hunts =
            matches!(Lane::of(self.backend(), &method, url.path()), Lane::GraphHunting | Lane::LegacyHunting);
        Ok(Call {
            method,
            url,
            headers,
            body: json.map_or(Body::Empty, Body::Json),
            limit: LARGEST_ANSWER,
            takes_up_to: hunts.then_some(LONGEST_QUERY),
        })
    }

    /// Sends with a token until there is a success, as often as that may help.
    async fn succeed(
        &self,
        mut call: Call,
        repeatable: Repeatable,
        purpose: &dyn Purpose,
        streamed: bool,
    ) -> Result<Received, ApiError> {
        let (mut renewed, mut challenged) = (false, false);
        loop {
            let token = self.tokens.token().await.map_err(|error| {
                let told = purpose.without_token(error);
                if challenged { challenge::unanswered(told, self.identity) } else { told }
            })?;
            call.headers.insert(HeaderName::from_static("authorization"), bearer(&token)?);
            self.unsettled.store(purpose.changes(), Ordering::Relaxed);
            let sent = self.pass(&call, repeatable, streamed).await;
            self.unsettled.store(false, Ordering::Relaxed);
            let (result, exhausted) = sent.map_err(|Shut { until, why, hint }| {
                ApiError::new(ApiErrorKind::Throttled, format!("cannot {}: {why}", purpose.verb()))
                    .with_until(Some(until))
                    .with_hint(hint)
            })?;
            let received = result.map_err(|error| {
                let told = ApiError::from_http(&error, &purpose.verb());
                if error.is_unsent() { told } else { purpose.uncertain(told) }
            })?;
            let answer = match received {
                Received::Whole(answer) if !answer.is_success() => answer,
                success => return Ok(success),
            };
            // A token may be revoked before its end, or have to answer a challenge: one new one, one more try.
            if answer.status == 401 {
                let claims = challenge::of(&answer);
                challenged |= claims.is_some();
                match claims {
                    None if renewed => {}
                    None => self.tokens.invalidate(&token),
                    Some(claims) if renewed => self.tokens.leave_to_person(&token, claims).await,
                    Some(claims) => self.tokens.challenge(&token, claims),
                }
                if !renewed {
                    renewed = true;
                    continue;
                }
            }
            let until = exhausted.map(|exhausted| exhausted.until);
            let told = purpose.refused(&answer, until);
            let told = if challenged { challenge::unanswered(told, self.identity) } else { told };
            // A fault may strike after the work was done.
            let may_have_been_done = matches!(answer.status, 408 | 500..=599);
            let told = if may_have_been_done { purpose.uncertain(told) } else { told };
            return Err(told.answering(&answer));
        }
    }

    /// Sends once it is this call's turn. When that is later than the budget for waiting allows, it is not sent.
    async fn pass(
        &self,
        call: &Call,
        repeatable: Repeatable,
        streamed: bool,
    ) -> Result<(Result<Received, HttpError>, Option<Exhausted>), Shut> {
        let World { http, clock, retry } = &self.world;
        let (clock, call) = (clock.as_ref(), call.clone());
        let lane = Lane::of(self.backend(), &call.method, call.url.path());
        let gate = self.budget.as_ref().map(|budget| Gate::new(budget, clock, lane));
        let turnstile = gate.as_ref().map(|gate| gate as &dyn Turnstile);
        let sent = match turnstile {
            _ if streamed => http::send_streamed(turnstile, http, clock, retry, repeatable, call).await,
            Some(turnstile) => http::send_through(turnstile, http, clock, retry, repeatable, call)
                .await
                .map(|(result, exhausted)| (result.map(Received::Whole), exhausted)),
            None => {
                let (result, exhausted) = http::send(http, clock, retry, repeatable, call).await;
                Ok((result.map(Received::Whole), exhausted))
            }
        };
        sent.map_err(|Exhausted { until }| Shut::new(until, gate.as_ref().and_then(Gate::why)))
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self.backend() == Backend::Graph {
            // Without it, enum members added later arrive as `unknownFutureValue`.
            headers.insert("prefer", HeaderValue::from_static("include-unknown-enum-members"));
            if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
                headers.insert(HeaderName::from_static("client-request-id"), id);
            }
        }
        headers
    }
}

fn bearer(token: &AccessToken) -> Result<HeaderValue, ApiError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.secret.expose())).map_err(|_| {
        ApiError::new(ApiErrorKind::TokenRefused, "the access token holds characters no header may hold")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
