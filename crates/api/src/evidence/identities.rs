//! Evidence about who: people, groups, applications, agents, sessions.
//!
//! Source: Microsoft Graph v1.0 metadata, subtypes of `microsoft.graph.security.alertEvidence`.

use super::shape::views;

views! {
    UserEvidence "A person's account." {
        stream: part(Stream) "stream",
        user_account: part(UserAccount) "userAccount",
    }
    SecurityGroupEvidence "A group." {
        active_directory_object_guid: text "activeDirectoryObjectGuid",
        display_name: text "displayName",
        distinguished_name: text "distinguishedName",
        friendly_name: text "friendlyName",
        security_group_id: text "securityGroupId",
        sid: text "sid",
    }
    ActiveDirectoryDomainEvidence "A domain of Active Directory." {
        active_directory_domain_name: text "activeDirectoryDomainName",
        trusted_domains: list("activeDirectoryDomainEvidence") "trustedDomains",
    }
    ServicePrincipalEvidence "An application in a tenant." {
        app_id: text "appId",
        app_owner_tenant_id: text "appOwnerTenantId",
        service_principal_name: text "servicePrincipalName",
        service_principal_object_id: text "servicePrincipalObjectId",
        service_principal_type: text "servicePrincipalType",
        tenant_id: text "tenantId",
    }
    OauthApplicationEvidence "An application that somebody consented to." {
        app_id: text "appId",
        display_name: text "displayName",
        object_id: text "objectId",
        publisher: text "publisher",
    }
    CloudApplicationEvidence "An application known to Defender for Cloud Apps." {
        app_id: number "appId",
        display_name: text "displayName",
        instance_id: number "instanceId",
        instance_name: text "instanceName",
        saas_app_id: number "saasAppId",
        stream: part(Stream) "stream",
    }
    AiAgentEvidence "An agent." {
        agent_id: text "agentId",
        agent_name: text "agentName",
        hosting_platform_type: text "hostingPlatformType",
        instructions: text "instructions",
    }
    CloudLogonRequestEvidence "A request to sign in." {
        request_id: text "requestId",
    }
    CloudLogonSessionEvidence "A session in the cloud." {
        account: evidence("userEvidence") "account",
        browser: text "browser",
        device_name: text "deviceName",
        operating_system: text "operatingSystem",
        previous_logon: time "previousLogonDateTime",
        protocol: text "protocol",
        session_id: text "sessionId",
        started: time "startUtcDateTime",
        user_agent: text "userAgent",
    }
    GitHubOrganizationEvidence "An organisation on GitHub." {
        company: text "company",
        display_name: text "displayName",
        email: text "email",
        login: text "login",
        org_id: text "orgId",
        web_url: text "webUrl",
    }
    GitHubRepoEvidence "A repository on GitHub." {
        base_url: text "baseUrl",
        login: text "login",
        owner: text "owner",
        owner_type: text "ownerType",
        repo_id: text "repoId",
    }
    GitHubUserEvidence "A person on GitHub." {
        email: text "email",
        login: text "login",
        name: text "name",
        user_id: text "userId",
        web_url: text "webUrl",
    }
}
