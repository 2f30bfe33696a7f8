//! Incidents, alerts and hunting: not part of this branch; every API route answers 501 (401 without a caller).

use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, TokenFault};
use crate::exchange::{Request, Response};

/// The Defender half of the tenant.
pub struct Defender;

/// What the tenant is generated from.
#[derive(Debug)]
pub struct WorldOptions {
    /// Seed.
    pub seed: u64,
    /// Incidents.
    pub incidents: usize,
    /// Tenant GUID.
    pub tenant_id: String,
    /// Tenant domain.
    pub tenant_domain: String,
    /// Enforce quotas.
    pub limits: bool,
}

impl Defender {
    /// Generates the tenant.
    pub fn generate(_options: &WorldOptions, _now: jiff::Timestamp) -> Self {
        Self
    }

    /// Answers an API path.
    pub fn handle(
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

    /// Nothing to keep.
    pub fn snapshot(&self) -> Value {
        Value::Null
    }

    /// Nothing to restore.
    pub fn restore(&mut self, _snapshot: &Value) -> Result<(), String> {
        Ok(())
    }

    /// No control paths.
    pub fn control(&mut self, _request: &Request, _now: jiff::Timestamp) -> Option<Response> {
        None
    }
}
