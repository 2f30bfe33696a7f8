//! The form of an instance as data: every parameter of the original, old and new, and the few of ours.

/// How the platform asks for a parameter. The numbers are the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// One line of text.
    ShortText = 0,
    /// A secret line.
    Encrypted = 4,
    /// A check box.
    CheckBox = 8,
    /// An object with `identifier` and `password`.
    Credentials = 9,
    /// A type of incidents.
    IncidentType = 13,
    /// Secret lines.
    EncryptedLongText = 14,
    /// One of a few.
    SingleSelect = 15,
    /// Minutes between fetches.
    FetchInterval = 19,
}

/// Where the form shows a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// How to reach the service.
    Connect,
    /// What to bring from it.
    Collect,
}

/// A parameter of an instance.
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the platform's own form")]
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// What people see.
    pub display: &'static str,
    /// What programs see.
    pub key: &'static str,
    /// How it is asked for.
    pub kind: Kind,
    /// What it is at first.
    pub default: Option<&'static str>,
    /// Where it is shown.
    pub section: Section,
    /// Whether it is among the advanced ones.
    pub advanced: bool,
    /// Whether an instance cannot be saved without.
    pub required: bool,
    /// Whether it is hidden: read from older instances, shown to nobody.
    pub hidden: bool,
    /// For credentials: the label of the password, when that alone is shown.
    pub password_label: Option<&'static str>,
    /// The choices.
    pub options: &'static [&'static str],
    /// Help beside it.
    pub help: Option<&'static str>,
    /// Whether XSIAM hides it: there is no mirroring there.
    pub hidden_in_xsiam: bool,
}

const fn text(display: &'static str, key: &'static str) -> Parameter {
    Parameter {
        display,
        key,
        kind: Kind::ShortText,
        default: None,
        section: Section::Connect,
        advanced: false,
        required: false,
        hidden: false,
        password_label: None,
        options: &[],
        help: None,
        hidden_in_xsiam: false,
    }
}

/// Credentials of which the password alone is asked for.
const fn secret(display: &'static str, key: &'static str) -> Parameter {
    Parameter { kind: Kind::Credentials, password_label: Some(display), ..text("", key) }
}

const fn check_box(display: &'static str, key: &'static str) -> Parameter {
    Parameter { kind: Kind::CheckBox, ..text(display, key) }
}

const fn advanced(parameter: Parameter) -> Parameter {
    Parameter { advanced: true, ..parameter }
}

const fn hidden(parameter: Parameter) -> Parameter {
    Parameter { hidden: true, ..parameter }
}

const fn collected(parameter: Parameter) -> Parameter {
    Parameter { section: Section::Collect, ..parameter }
}

/// A parameter of mirroring.
const fn mirroring(parameter: Parameter) -> Parameter {
    Parameter { hidden_in_xsiam: true, ..collected(parameter) }
}

/// The flows that the form offers, in the words of the original and, for the authorization code, of its relatives.
pub const FLOWS: &[&str] = &[
    "Device Code Flow",
    "Cortex XSOAR App (Using Device Code Flow)",
    "Client Credentials Flow",
    "Authorization Code Flow",
    "Azure Managed Identities",
];

/// The public application of Cortex XSOAR.
pub const CORTEX_APPLICATION: &str = "9093c354-630a-47f1-b087-6768eb9427e6";

/// The form.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        default: Some("https://api.security.microsoft.com"),
        required: true,
        help: Some(
            "The API of the region: api.security.microsoft.com, api-us.security.microsoft.com, api-eu.security.microsoft.com or api-uk.security.microsoft.com.",
        ),
        ..text("Endpoint URI", "base_url")
    },
    Parameter {
        kind: Kind::SingleSelect,
        default: Some("Auto"),
        options: &["Auto", "Graph", "Legacy"],
        help: Some(
            "Auto is the API of the endpoint until Microsoft retires it, then Microsoft Graph of the same cloud.",
        ),
        ..advanced(text("API", "api"))
    },
    Parameter {
        kind: Kind::SingleSelect,
        options: FLOWS,
        help: Some("How to sign in. When it is empty, the check boxes below choose."),
        ..text("Authentication Flow", "authentication_type")
    },
    secret("ID or Client ID", "creds_client_id"),
    secret("Token or Tenant ID", "creds_tenant_id"),
    hidden(Parameter { default: Some(CORTEX_APPLICATION), ..text("Application ID", "_app_id") }),
    check_box("Use Client Credentials Authorization Flow", "client_credentials"),
    hidden(text("Tenant ID (for Client Credentials mode)", "_tenant_id")),
    secret("Client Secret", "credentials"),
    Parameter {
        kind: Kind::Credentials,
        password_label: Some("Private Key"),
        ..advanced(text("Certificate Thumbprint", "creds_certificate"))
    },
    hidden(advanced(Parameter {
        kind: Kind::Encrypted,
        ..text("Certificate Thumbprint", "certificate_thumbprint")
    })),
    hidden(advanced(Parameter { kind: Kind::EncryptedLongText, ..text("Private Key", "private_key") })),
    advanced(Parameter {
        help: Some("As it is registered. When it is empty: https://localhost/myapp."),
        ..text("Application redirect URI (for Authorization Code mode)", "redirect_uri")
    }),
    advanced(secret("Authorization code", "auth_code")),
    advanced(check_box("Use Azure Managed Identities", "use_managed_identities")),
    advanced(secret("Azure Managed Identities Client ID", "managed_identities_client_id")),
    collected(Parameter {
        default: Some("12 hours"),
        ..text("First fetch timestamp (<number> <time unit>, e.g., 12 hours, 7 days)", "first_fetch")
    }),
    advanced(collected(Parameter {
        default: Some("30"),
        ..text("Fetch incidents timeout", "fetch_timeout")
    })),
    collected(Parameter {
        default: Some("10"),
        help: Some("At most 200."),
        ..text("Number of incidents for each fetch.", "max_fetch")
    }),
    Parameter {
        kind: Kind::IncidentType,
        default: Some("Microsoft 365 Defender Incident"),
        ..text("Incident type", "incidentType")
    },
    collected(check_box("Fetch incidents", "isFetch")),
    advanced(check_box("Trust any certificate (not secure)", "insecure")),
    advanced(check_box("Use system proxy settings", "proxy")),
    hidden(advanced(Parameter { kind: Kind::Encrypted, ..text("Application ID (Deprecated)", "app_id") })),
    hidden(advanced(Parameter {
        kind: Kind::Encrypted,
        ..text("Tenant ID (for Client Credentials mode) (Deprecated)", "tenant_id")
    })),
    hidden(advanced(Parameter {
        kind: Kind::Encrypted,
        ..text("Client Secret (for Client Credentials mode) (Deprecated)", "enc_key")
    })),
    advanced(Parameter {
        kind: Kind::FetchInterval,
        default: Some("1"),
        ..text("Incidents Fetch Interval", "incidentFetchInterval")
    }),
    mirroring(Parameter {
        kind: Kind::SingleSelect,
        default: Some("None"),
        options: &["None", "Incoming", "Outgoing", "Incoming And Outgoing"],
        ..text("Incident Mirroring Direction", "mirror_direction")
    }),
    advanced(mirroring(Parameter {
        default: Some("false"),
        ..check_box("Close Mirrored Cortex XSOAR Incidents", "close_incident")
    })),
    advanced(mirroring(Parameter {
        default: Some("false"),
        ..check_box("Close Mirrored Microsoft 365 Defender Incidents", "close_out")
    })),
    advanced(mirroring(Parameter {
        default: Some("CommentToMicrosoft365Defender"),
        ..text("Comment Entry Tag To Microsoft 365 Defender", "comment_tag")
    })),
    advanced(mirroring(Parameter {
        default: Some("CommentFromMicrosoft365Defender"),
        ..text("Comment Entry Tag From Microsoft 365 Defender", "comment_tag_from_microsoft365defender")
    })),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_the_original_is_there() {
        let hidden: Vec<_> =
            PARAMETERS.iter().filter(|parameter| parameter.hidden).map(|parameter| parameter.key).collect();
        assert_eq!(
            hidden,
            [
                "_app_id",
                "_tenant_id",
                "certificate_thumbprint",
                "private_key",
                "app_id",
                "tenant_id",
                "enc_key"
            ]
        );
        let ours = ["api", "authentication_type", "redirect_uri", "auth_code"];
        assert_eq!(PARAMETERS.iter().filter(|parameter| !ours.contains(&parameter.key)).count(), 28);
        for (index, parameter) in PARAMETERS.iter().enumerate() {
            assert!(PARAMETERS[..index].iter().all(|other| other.key != parameter.key), "{}", parameter.key);
        }
    }

    #[test]
    fn mirroring_is_hidden_in_xsiam() {
        let keys: Vec<_> = PARAMETERS
            .iter()
            .filter(|parameter| parameter.hidden_in_xsiam)
            .map(|parameter| parameter.key)
            .collect();
        assert_eq!(
            keys,
            [
                "mirror_direction",
                "close_incident",
                "close_out",
                "comment_tag",
                "comment_tag_from_microsoft365defender"
            ]
        );
    }
}
