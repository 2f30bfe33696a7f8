//! Evidence of an alert: typed by its kind, without a copy and without a loss.
//!
//! [`Evidence`] is a view of the server's own object. All kinds of Graph v1.0 have typed accessors for their own members;
//! a kind that nobody knows yet is [`Evidence::Unknown`] with its object. Legacy devices and entities have been brought
//! into this form before ([`crate::alerts::Alert`]).
//!
//! Source: Microsoft Graph v1.0, "alertEvidence resource type" and its subtypes.

mod clouds;
mod identities;
mod machines;
mod messages;
mod parts;
mod shape;

use defender_xdr_core::Timestamp;
use serde_json::{Map, Value};

pub use clouds::*;
pub use identities::*;
pub use machines::*;
pub use messages::*;
pub use parts::*;
pub use shape::Shape;

/// Nesting that no honest evidence reaches.
const DEEPEST: usize = 8;

/// Lists the kinds: `Variant(View) "name in @odata.type"`.
macro_rules! kinds {
    ($($kind:ident($view:ident) $name:literal),* $(,)?) => {
        /// A piece of evidence.
        #[derive(Debug, Clone, Copy, PartialEq)]
        #[non_exhaustive]
        pub enum Evidence<'a> {
            $(#[doc = concat!("`", $name, "`.")] $kind($view<'a>),)*
            /// A kind that is not known here, or none.
            Unknown(&'a Map<String, Value>),
        }

        impl<'a> Evidence<'a> {
            /// The kinds that have typed accessors, as they are named in `@odata.type`.
            pub const KINDS: &'static [&'static str] = &[$($name),*];

            /// Evidence by the name of its kind, in any case.
            fn named(name: &str, fields: &'a Map<String, Value>) -> Self {
                $(if name.eq_ignore_ascii_case($name) {
                    return Self::$kind($view::new(fields));
                })*
                Self::Unknown(fields)
            }

            /// The server's own object.
            pub fn raw(self) -> &'a Map<String, Value> {
                match self {
                    $(Self::$kind(view) => view.raw(),)*
                    Self::Unknown(fields) => fields,
                }
            }

            /// The kind as it is named in `@odata.type`; `None` for one that is not known here.
            pub fn kind(self) -> Option<&'static str> {
                match self {
                    $(Self::$kind(_) => Some($name),)*
                    Self::Unknown(_) => None,
                }
            }

            /// The members of the kind beside those of all evidence.
            pub fn members(self) -> &'static [(&'static str, Shape)] {
                match self {
                    $(Self::$kind(_) => $view::MEMBERS,)*
                    Self::Unknown(_) => &[],
                }
            }

            #[cfg(test)]
            fn readable(self) -> Vec<&'static str> {
                match self {
                    $(Self::$kind(view) => view.readable(),)*
                    Self::Unknown(_) => Vec::new(),
                }
            }
        }
    };
}

kinds! {
    Device(DeviceEvidence) "deviceEvidence",
    IoTDevice(IoTDeviceEvidence) "ioTDeviceEvidence",
    File(FileEvidence) "fileEvidence",
    FileHash(FileHashEvidence) "fileHashEvidence",
    Malware(MalwareEvidence) "malwareEvidence",
    Process(ProcessEvidence) "processEvidence",
    RegistryKey(RegistryKeyEvidence) "registryKeyEvidence",
    RegistryValue(RegistryValueEvidence) "registryValueEvidence",
    Ip(IpEvidence) "ipEvidence",
    Url(UrlEvidence) "urlEvidence",
    Dns(DnsEvidence) "dnsEvidence",
    NetworkConnection(NetworkConnectionEvidence) "networkConnectionEvidence",
    Nic(NicEvidence) "nicEvidence",
    HostLogonSession(HostLogonSessionEvidence) "hostLogonSessionEvidence",
    User(UserEvidence) "userEvidence",
    SecurityGroup(SecurityGroupEvidence) "securityGroupEvidence",
    ActiveDirectoryDomain(ActiveDirectoryDomainEvidence) "activeDirectoryDomainEvidence",
    ServicePrincipal(ServicePrincipalEvidence) "servicePrincipalEvidence",
    OauthApplication(OauthApplicationEvidence) "oauthApplicationEvidence",
    CloudApplication(CloudApplicationEvidence) "cloudApplicationEvidence",
    AiAgent(AiAgentEvidence) "aiAgentEvidence",
    CloudLogonRequest(CloudLogonRequestEvidence) "cloudLogonRequestEvidence",
    CloudLogonSession(CloudLogonSessionEvidence) "cloudLogonSessionEvidence",
    GitHubOrganization(GitHubOrganizationEvidence) "gitHubOrganizationEvidence",
    GitHubRepo(GitHubRepoEvidence) "gitHubRepoEvidence",
    GitHubUser(GitHubUserEvidence) "gitHubUserEvidence",
    AnalyzedMessage(AnalyzedMessageEvidence) "analyzedMessageEvidence",
    MailCluster(MailClusterEvidence) "mailClusterEvidence",
    SubmissionMail(SubmissionMailEvidence) "submissionMailEvidence",
    Mailbox(MailboxEvidence) "mailboxEvidence",
    MailboxConfiguration(MailboxConfigurationEvidence) "mailboxConfigurationEvidence",
    TeamsMessage(TeamsMessageEvidence) "teamsMessageEvidence",
    AmazonResource(AmazonResourceEvidence) "amazonResourceEvidence",
    AzureResource(AzureResourceEvidence) "azureResourceEvidence",
    GoogleCloudResource(GoogleCloudResourceEvidence) "googleCloudResourceEvidence",
    BlobContainer(BlobContainerEvidence) "blobContainerEvidence",
    Blob(BlobEvidence) "blobEvidence",
    SasToken(SasTokenEvidence) "sasTokenEvidence",
    Container(ContainerEvidence) "containerEvidence",
    ContainerImage(ContainerImageEvidence) "containerImageEvidence",
    ContainerRegistry(ContainerRegistryEvidence) "containerRegistryEvidence",
    KubernetesCluster(KubernetesClusterEvidence) "kubernetesClusterEvidence",
    KubernetesController(KubernetesControllerEvidence) "kubernetesControllerEvidence",
    KubernetesNamespace(KubernetesNamespaceEvidence) "kubernetesNamespaceEvidence",
    KubernetesPod(KubernetesPodEvidence) "kubernetesPodEvidence",
    KubernetesSecret(KubernetesSecretEvidence) "kubernetesSecretEvidence",
    KubernetesServiceAccount(KubernetesServiceAccountEvidence) "kubernetesServiceAccountEvidence",
    KubernetesService(KubernetesServiceEvidence) "kubernetesServiceEvidence",
}

/// The last part of an `@odata.type`, which may lack its `#`.
fn type_name(fields: &Map<String, Value>) -> Option<&str> {
    let full = shape::text(fields, "@odata.type")?;
    full.rsplit(['.', '#']).next().filter(|name| !name.is_empty())
}

impl<'a> Evidence<'a> {
    /// The evidence that an object is, by its `@odata.type`.
    pub fn of(fields: &'a Map<String, Value>) -> Self {
        Self::named(type_name(fields).unwrap_or_default(), fields)
    }

    /// Evidence inside other evidence: where it does not say what it is, it is what the metadata says.
    fn of_kind(fields: &'a Map<String, Value>, kind: &str) -> Self {
        Self::named(type_name(fields).unwrap_or(kind), fields)
    }

    /// What the server calls the kind, known here or not; legacy entities of unknown kinds have an `entityType`.
    pub fn type_name(self) -> &'a str {
        let named = self.kind().or_else(|| type_name(self.raw()));
        named.or_else(|| shape::text(self.raw(), "entityType")).unwrap_or("unknown")
    }

    /// When it was added to the alert.
    pub fn created(self) -> Option<Timestamp> {
        shape::time(self.raw(), "createdDateTime")
    }

    /// What was found out about it: unknown, suspicious, malicious, noThreatsFound.
    pub fn verdict(self) -> Option<&'a str> {
        shape::text(self.raw(), "verdict")
    }

    /// What was done about it, such as none, remediated or prevented.
    pub fn remediation_status(self) -> Option<&'a str> {
        shape::text(self.raw(), "remediationStatus")
    }

    /// More about that.
    pub fn remediation_status_details(self) -> Option<&'a str> {
        shape::text(self.raw(), "remediationStatusDetails")
    }

    /// Its part in the story, such as attacker or compromised.
    pub fn roles(self) -> Vec<&'a str> {
        shape::texts(self.raw(), "roles")
    }

    /// Its part in free words.
    pub fn detailed_roles(self) -> Vec<&'a str> {
        shape::texts(self.raw(), "detailedRoles")
    }

    /// Tags, such as those of a device.
    pub fn tags(self) -> Vec<&'a str> {
        shape::texts(self.raw(), "tags")
    }

    /// Evidence directly inside this one: what the metadata says is evidence, and whatever else says so itself.
    pub fn inside(self) -> Vec<Self> {
        let mut found = Vec::new();
        for (name, value) in self.raw() {
            let kind = self.members().iter().find(|(member, _)| member == name).map(|(_, shape)| *shape);
            let kind = match kind {
                Some(Shape::Evidence(kind) | Shape::EvidenceList(kind)) => Some(kind),
                _ => None,
            };
            let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for fields in items.iter().filter_map(Value::as_object) {
                let says_so = type_name(fields).is_some_and(|name| name.ends_with("Evidence"));
                match kind {
                    Some(kind) => found.push(Self::of_kind(fields, kind)),
                    None if says_so => found.push(Self::of(fields)),
                    None => {}
                }
            }
        }
        found
    }

    /// This evidence and all that is inside it, outermost first.
    pub fn with_all_inside(self) -> Vec<Self> {
        let mut all = vec![self];
        let mut level = vec![self];
        for _ in 0..DEEPEST {
            level = level.into_iter().flat_map(Self::inside).collect();
            all.extend(&level);
        }
        all
    }
}

#[cfg(test)]
mod tests;
