//! Azure workload identity on Kubernetes: the webhook writes into the pod's environment where the token is and whose it
//! is ("Use Microsoft Entra Workload ID with AKS").

use std::borrow::Cow;
use std::path::PathBuf;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::FlowContext;
use defender_xdr_core::settings::{Origin, SettingsError};

use super::KEY;

/// The value of `federated-token` that chooses it.
pub(super) const WORD: &str = "workload-identity";

const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
/// Settings the webhook fills as well; those set by hand are stronger.
const FALLBACKS: [(&str, &str); 2] =
    [("tenant-id", "AZURE_TENANT_ID"), ("application-id", "AZURE_CLIENT_ID")];

/// The context with tenant and application of the pod, when this source was chosen and they are not set.
pub(crate) fn completed(context: &FlowContext) -> Cow<'_, FlowContext> {
    let mut context = Cow::Borrowed(context);
    if context.values.text(KEY) != Some(WORD) {
        return context;
    }
    for (key, variable) in FALLBACKS {
        let given = context.secrets.environment.get(variable).map(Secret::new);
        if let (None, Some(text)) = (context.values.get(key), given) {
            context.to_mut().values.set(key, text, Origin::Environment(variable.to_owned()));
        }
    }
    context
}

/// The file the pod is given.
pub(super) fn token_file(context: &FlowContext) -> Result<PathBuf, SettingsError> {
    context.secrets.environment.get(TOKEN_FILE).map(PathBuf::from).ok_or_else(|| {
        let error = SettingsError::new(format!("`{KEY}` is `{WORD}`, and {TOKEN_FILE} is not set"));
        context.values.blame(
            KEY,
            error.with_hint(
                "give the pod the label azure.workload.identity/use: \"true\" and an annotated service account",
            ),
        )
    })
}
