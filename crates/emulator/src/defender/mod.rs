//! Incidents, alerts and hunting: not part of this branch; every API route answers 501 (401 without a caller).

use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, TokenFault};
use crate::exchange::{Request, Response};

/// The Defender half of the tenant.
#[derive(Debug)]
pub(crate) struct Defender;

/// What the tenant is generated from.
#[derive(Debug)]
#[expect(dead_code, reason = "read by the real generator")]
pub(crate) struct WorldOptions {
    pub(crate) seed: u64,
    pub(crate) incidents: usize,
    pub(crate) tenant_id: String,
    pub(crate) tenant_domain: String,
    pub(crate) limits: bool,
}

impl Defender {
    pub(crate) fn generate(_options: &WorldOptions, _now: jiff::Timestamp) -> Self {
        Self
    }

    #[expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "the seam's signature")]
    pub(crate) fn handle(
        &mut self,
        caller: &Result<Caller, TokenFault>,
        request: &Request,
        _now: jiff::Timestamp,
    ) -> Option<Response> {
        if !request.path.starts_with("/api/") && !request.path.starts_with("/v1.0/") {
            return None;
        }
        let status = if caller.is_ok() { StatusCode::NOT_IMPLEMENTED } else { StatusCode::UNAUTHORIZED };
        Some(Response::json(status, &json!({ "error": { "code": "Unauthorized", "message": "" } })))
    }

    #[expect(clippy::unused_self, reason = "the seam's signature")]
    pub(crate) fn snapshot(&self) -> Value {
        Value::Null
    }

    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        clippy::needless_pass_by_ref_mut,
        reason = "the seam's signature"
    )]
    pub(crate) fn restore(&mut self, _snapshot: &Value) -> Result<(), String> {
        Ok(())
    }

    #[expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "the seam's signature")]
    pub(crate) fn control(&mut self, _request: &Request, _now: jiff::Timestamp) -> Option<Response> {
        None
    }
}
