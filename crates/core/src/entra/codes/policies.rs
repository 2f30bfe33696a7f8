//! Numbers about policies: multi-factor authentication, Conditional Access, assignment.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::{InteractionRequired, Policy};

const DEVICE: &str = "sign in through a browser on such a device";
const MFA: &str = "sign in again with `defender-xdr auth login` and complete it";

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(50005,   Policy, "Conditional Access refuses this platform or kind of client", "use another flow, or ask an administrator for an exception").depends_on_flow(),
    code(50072,   InteractionRequired, "multi-factor authentication has to be set up first", "sign in again in a browser and enrol").depends_on_flow(),
    code(50074,   InteractionRequired, "multi-factor authentication is required and was not passed", MFA).depends_on_flow(),
    code(50076,   InteractionRequired, "multi-factor authentication is required", MFA).depends_on_flow(),
    code(50078,   InteractionRequired, "multi-factor authentication has expired by policy", MFA).depends_on_flow(),
    code(50079,   InteractionRequired, "the user must enrol for multi-factor authentication", "sign in again in a browser and enrol").depends_on_flow(),
    code(50097,   Policy, "Conditional Access demands a registered device, which a device code cannot prove", DEVICE).depends_on_flow(),
    code(50105,   Policy, "the application demands assignment, and the user is not assigned", "an administrator has to assign the user or a group (Enterprise applications, Users and groups)"),
    code(50131,   Policy, "Conditional Access refuses the state of this device", "use a device that the tenant manages, or ask an administrator").depends_on_flow(),
    code(50158,   InteractionRequired, "an external check is required, such as another provider's second factor or terms of use", "sign in again in a browser").depends_on_flow(),
    code(50199,   InteractionRequired, "Entra asks for a confirmation that only a browser can show", "sign in again in a browser").depends_on_flow(),
    code(53000,   Policy, "Conditional Access demands a compliant device, which a device code cannot prove", "use another flow, from such a device").depends_on_flow(),
    code(53001,   Policy, "Conditional Access demands a domain-joined device, which a device code cannot prove", "use another flow, from such a device").depends_on_flow(),
    code(53002,   Policy, "Conditional Access demands an approved application", "ask an administrator to approve the application"),
    code(53003,   Policy, "Conditional Access blocks this sign-in, often the device code flow as such or the location", "use another flow, or ask an administrator for an exception").depends_on_flow(),
    code(53004,   Policy, "the sign-in looks risky, so multi-factor authentication cannot be set up now", "sign in from a familiar place, or ask an administrator"),
    code(500_021, Policy, "the network of this machine restricts access to other tenants", "ask whoever runs the proxy to admit this tenant"),
    code(501_051, Policy, "the application is not assigned to the one it calls", "an administrator has to assign it (Enterprise applications, Users and groups)"),
    code(530_003, Policy, "Conditional Access demands a managed device, which a device code cannot prove", "use another flow, from such a device").depends_on_flow(),
    code(530_032, Policy, "a security policy of the tenant blocks this sign-in", "ask an administrator which policy it is").depends_on_flow(),
    code(530_084, Policy, "a token protection policy demands tokens that are bound to a device", "ask an administrator to leave this application out, or use a flow without a person").depends_on_flow(),
];
