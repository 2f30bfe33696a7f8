//! The kinds of hosts, as data: their words in settings, their names, and what each calls the three ids.

/// What a host calls the ids of a user-assigned identity; `None` where it takes no such id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdParameters {
    pub(crate) client: Option<&'static str>,
    pub(crate) object: Option<&'static str>,
    pub(crate) resource: Option<&'static str>,
}

const NO_IDS: IdParameters = IdParameters { client: None, object: None, resource: None };

/// A kind of host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Virtual machines, scale sets, container instances, AKS nodes: the instance metadata service.
    Imds,
    /// App Service, Functions, Container Apps, Automation: protocol of 2019-08-01.
    AppService,
    /// Azure Machine Learning and older App Service: protocol of 2017-09-01.
    MachineLearning,
    /// A machine elsewhere, connected to Azure.
    Arc,
    /// The shell in the Azure portal.
    CloudShell,
    /// A pod on AKS with a federated token.
    WorkloadIdentity,
    /// Recognised, and refused by name.
    ServiceFabric,
}

impl Source {
    /// Those that can be chosen, in the order help lists them.
    pub(crate) const CHOICES: [Self; 6] = [
        Self::Imds,
        Self::AppService,
        Self::MachineLearning,
        Self::Arc,
        Self::CloudShell,
        Self::WorkloadIdentity,
    ];

    /// The word used in settings.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Imds => "imds",
            Self::AppService => "app-service",
            Self::MachineLearning => "machine-learning",
            Self::Arc => "arc",
            Self::CloudShell => "cloud-shell",
            Self::WorkloadIdentity => "workload-identity",
            Self::ServiceFabric => "service-fabric",
        }
    }

    /// The name people know it by.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Imds => "the instance metadata service (IMDS)",
            Self::AppService => "App Service",
            Self::MachineLearning => "Azure Machine Learning or older App Service",
            Self::Arc => "the Azure Arc agent",
            Self::CloudShell => "Cloud Shell",
            Self::WorkloadIdentity => "AKS workload identity",
            Self::ServiceFabric => "Service Fabric",
        }
    }

    /// What it calls the ids.
    ///
    /// IMDS and Arc: `msi_res_id` is the documented name and the only one that container instances take.
    pub(crate) const fn id_parameters(self) -> IdParameters {
        match self {
            Self::Imds | Self::Arc => IdParameters {
                client: Some("client_id"),
                object: Some("object_id"),
                resource: Some("msi_res_id"),
            },
            Self::AppService => IdParameters {
                client: Some("client_id"),
                object: Some("principal_id"),
                resource: Some("mi_res_id"),
            },
            Self::MachineLearning => IdParameters { client: Some("clientid"), ..NO_IDS },
            Self::WorkloadIdentity => IdParameters { client: Some("client_id"), ..NO_IDS },
            Self::CloudShell | Self::ServiceFabric => NO_IDS,
        }
    }

    /// How one gives the host an identity.
    pub(crate) const fn how_to_assign(self) -> &'static str {
        match self {
            Self::Imds => {
                "`az vm identity assign -g GROUP -n VM` (`az vmss`, `az container create --assign-identity`) gives the \
                 machine an identity; for a user-assigned one add `--identities ID` and set `managed-identity-client-id`"
            }
            Self::AppService => {
                "`az webapp identity assign -g GROUP -n APP` (`az functionapp`, `az containerapp`) gives the app an \
                 identity; for a user-assigned one add its ID and set `managed-identity-client-id`"
            }
            Self::MachineLearning => {
                "assign the identity to the compute (Azure Machine Learning studio, Compute, Managed identity), and \
                 set `managed-identity-client-id` to it"
            }
            Self::Arc => {
                "connect the machine with `azcmagent connect`: it then has a system-assigned identity"
            }
            Self::CloudShell => "Cloud Shell has the identity of the person who opened it and no other",
            Self::WorkloadIdentity => {
                "annotate the service account with azure.workload.identity/client-id, and give that identity a \
                 federated credential for it (`az identity federated-credential create`)"
            }
            Self::ServiceFabric => "use the Client Credentials flow",
        }
    }
}
