//! One setting.

use super::origin::Origin;
use crate::Secret;

/// A value and where it came from.
#[derive(Debug, Clone)]
pub struct Value {
    /// The text. Kept as a secret, since any key may hold one by mistake.
    pub text: Secret,
    /// Where it came from.
    pub origin: Origin,
}
