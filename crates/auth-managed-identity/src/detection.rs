//! Which host this program runs on: a pure question to environment variables, nobody is probed.

use defender_xdr_core::Environment;

use crate::source::Source;

/// Where the Azure Arc agent lies ("Azure Connected Machine agent overview", installed files).
pub(crate) const ARC_AGENT: &str = "/opt/azcmagent/bin/himds";

/// The source, and what it was recognised by. `arc_agent` tells whether [`ARC_AGENT`] exists.
///
/// More specific hosts come first: App Service and Service Fabric share two variables, and a pod or an Arc machine may
/// well reach the metadata service of the machine below it.
pub(crate) fn detect(environment: &Environment, arc_agent: bool) -> (Source, &'static str) {
    let set = |name: &str| environment.get(name).is_some();
    let identity_endpoint = set("IDENTITY_ENDPOINT");
    if identity_endpoint && set("IDENTITY_HEADER") {
        return if set("IDENTITY_SERVER_THUMBPRINT") {
            (
                Source::ServiceFabric,
                "IDENTITY_ENDPOINT, IDENTITY_HEADER and IDENTITY_SERVER_THUMBPRINT are set",
            )
        } else {
            (Source::AppService, "IDENTITY_ENDPOINT and IDENTITY_HEADER are set")
        };
    }
    if set("MSI_ENDPOINT") {
        return if set("MSI_SECRET") {
            (Source::MachineLearning, "MSI_ENDPOINT and MSI_SECRET are set")
        } else {
            (Source::CloudShell, "MSI_ENDPOINT is set and MSI_SECRET is not")
        };
    }
    if identity_endpoint && set("IMDS_ENDPOINT") {
        return (Source::Arc, "IDENTITY_ENDPOINT and IMDS_ENDPOINT are set");
    }
    if set("AZURE_FEDERATED_TOKEN_FILE") && set("AZURE_TENANT_ID") && set("AZURE_AUTHORITY_HOST") {
        return (
            Source::WorkloadIdentity,
            "AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID and AZURE_AUTHORITY_HOST are set",
        );
    }
    if arc_agent {
        return (Source::Arc, "the Azure Arc agent is installed");
    }
    if set("AZURE_POD_IDENTITY_AUTHORITY_HOST") {
        return (Source::Imds, "AZURE_POD_IDENTITY_AUTHORITY_HOST is set");
    }
    (Source::Imds, "no variable of another host is set")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[&str], arc_agent: bool) -> Source {
        detect(&variables.iter().map(|name| (*name, "x")).collect(), arc_agent).0
    }

    const POD: [&str; 3] = ["AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID", "AZURE_AUTHORITY_HOST"];

    #[test]
    fn each_host_is_known_by_its_variables() {
        for (variables, source) in [
            (
                &["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT"][..],
                Source::ServiceFabric,
            ),
            (&["IDENTITY_ENDPOINT", "IDENTITY_HEADER"], Source::AppService),
            (&["MSI_ENDPOINT", "MSI_SECRET"], Source::MachineLearning),
            (&["MSI_ENDPOINT"], Source::CloudShell),
            (&["IDENTITY_ENDPOINT", "IMDS_ENDPOINT"], Source::Arc),
            (&POD, Source::WorkloadIdentity),
            (&["AZURE_POD_IDENTITY_AUTHORITY_HOST"], Source::Imds),
            (&[], Source::Imds),
        ] {
            assert_eq!(found(variables, false), source, "{variables:?}");
        }
    }

    #[test]
    fn the_more_specific_host_wins() {
        let everything = [
            &[
                "IDENTITY_ENDPOINT",
                "IDENTITY_HEADER",
                "IDENTITY_SERVER_THUMBPRINT",
                "MSI_ENDPOINT",
                "MSI_SECRET",
            ][..],
            &["IMDS_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"],
            &POD,
        ]
        .concat();
        let without = |names: &[&str]| {
            let rest: Vec<_> = everything.iter().copied().filter(|name| !names.contains(name)).collect();
            found(&rest, true)
        };
        assert_eq!(without(&[]), Source::ServiceFabric);
        assert_eq!(without(&["IDENTITY_SERVER_THUMBPRINT"]), Source::AppService);
        assert_eq!(without(&["IDENTITY_HEADER"]), Source::MachineLearning);
        assert_eq!(without(&["IDENTITY_HEADER", "MSI_SECRET"]), Source::CloudShell);
        assert_eq!(without(&["IDENTITY_HEADER", "MSI_ENDPOINT"]), Source::Arc);
        assert_eq!(found(&POD, true), Source::WorkloadIdentity);
        assert_eq!(found(&["IDENTITY_ENDPOINT"], true), Source::Arc);
    }

    #[test]
    fn half_of_a_hosts_variables_is_not_that_host() {
        for lone in
            ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_SECRET"].into_iter().chain(POD)
        {
            assert_eq!(found(&[lone], false), Source::Imds, "{lone}");
        }
    }

    #[test]
    fn an_empty_variable_is_unset() {
        let environment = Environment::from_iter([("IDENTITY_ENDPOINT", ""), ("IDENTITY_HEADER", "x")]);
        assert_eq!(detect(&environment, false).0, Source::Imds);
    }
}
