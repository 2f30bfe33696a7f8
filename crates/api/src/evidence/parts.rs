//! Objects that several kinds of evidence are made of.
//!
//! Source: Microsoft Graph v1.0, `fileDetails`, `userAccount`, `emailSender`, `loggedOnUser`, `vmMetadata`,
//! `geoLocation`, `stream`.

use super::shape::views;

views! {
    FileDetails "A file: `fileDetails`, `imageFile` and `parentProcessImageFile`." {
        file_name: text "fileName",
        file_path: text "filePath",
        file_publisher: text "filePublisher",
        file_size: number "fileSize",
        issuer: text "issuer",
        md5: text "md5",
        sha1: text "sha1",
        sha256: text "sha256",
        sha256_ac: text "sha256Ac",
        signer: text "signer",
    }
    UserAccount "An account." {
        account_name: text "accountName",
        active_directory_object_guid: text "activeDirectoryObjectGuid",
        azure_ad_user_id: text "azureAdUserId",
        display_name: text "displayName",
        domain_name: text "domainName",
        user_principal_name: text "userPrincipalName",
        user_sid: text "userSid",
        resource_access_events: open "resourceAccessEvents",
    }
    EmailSender "Who sent a message." {
        display_name: text "displayName",
        domain_name: text "domainName",
        email_address: text "emailAddress",
    }
    VmMetadata "The virtual machine that a device is." {
        cloud_provider: text "cloudProvider",
        resource_id: text "resourceId",
        subscription_id: text "subscriptionId",
        vm_id: text "vmId",
    }
    GeoLocation "Where an address is." {
        city: text "city",
        country_name: text "countryName",
        latitude: open "latitude",
        longitude: open "longitude",
        state: text "state",
    }
    Stream "Where evidence of cloud applications comes from." {
        name: text "name",
    }
}
