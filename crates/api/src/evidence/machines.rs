//! Evidence on machines and in networks: devices, files, processes, the registry, addresses.
//!
//! Source: Microsoft Graph v1.0 metadata, subtypes of `microsoft.graph.security.alertEvidence`.

use super::shape::views;

views! {
    DeviceEvidence "A device known to Defender for Endpoint." {
        azure_ad_device_id: text "azureAdDeviceId",
        defender_av_status: text "defenderAvStatus",
        device_dns_name: text "deviceDnsName",
        dns_domain: text "dnsDomain",
        first_seen: time "firstSeenDateTime",
        health_status: text "healthStatus",
        host_name: text "hostName",
        ip_interfaces: texts "ipInterfaces",
        last_external_ip_address: text "lastExternalIpAddress",
        last_ip_address: text "lastIpAddress",
        logged_on_users: open "loggedOnUsers",
        mde_device_id: text "mdeDeviceId",
        nt_domain: text "ntDomain",
        onboarding_status: text "onboardingStatus",
        os_build: number "osBuild",
        os_platform: text "osPlatform",
        rbac_group_id: number "rbacGroupId",
        rbac_group_name: text "rbacGroupName",
        resource_access_events: open "resourceAccessEvents",
        risk_score: text "riskScore",
        version: text "version",
        vm_metadata: part(VmMetadata) "vmMetadata",
    }
    IoTDeviceEvidence "A device of operational technology or the internet of things." {
        device_id: text "deviceId",
        device_name: text "deviceName",
        device_page_link: text "devicePageLink",
        device_sub_type: text "deviceSubType",
        device_type: text "deviceType",
        importance: text "importance",
        iot_hub: evidence("azureResourceEvidence") "ioTHub",
        iot_security_agent_id: text "ioTSecurityAgentId",
        ip_address: evidence("ipEvidence") "ipAddress",
        is_authorized: flag "isAuthorized",
        is_programming: flag "isProgramming",
        is_scanner: flag "isScanner",
        mac_address: text "macAddress",
        manufacturer: text "manufacturer",
        model: text "model",
        nics: list("nicEvidence") "nics",
        operating_system: text "operatingSystem",
        owners: texts "owners",
        protocols: texts "protocols",
        purdue_layer: text "purdueLayer",
        sensor: text "sensor",
        serial_number: text "serialNumber",
        site: text "site",
        source: text "source",
        source_ref: evidence("urlEvidence") "sourceRef",
        zone: text "zone",
    }
    FileEvidence "A file." {
        detection_status: text "detectionStatus",
        file_details: part(FileDetails) "fileDetails",
        mde_device_id: text "mdeDeviceId",
    }
    FileHashEvidence "A file known by its hash alone." {
        algorithm: text "algorithm",
        value: text "value",
    }
    MalwareEvidence "Malware by name." {
        category: text "category",
        files: list("fileEvidence") "files",
        name: text "name",
        processes: list("processEvidence") "processes",
    }
    ProcessEvidence "A process." {
        detection_status: text "detectionStatus",
        image_file: part(FileDetails) "imageFile",
        mde_device_id: text "mdeDeviceId",
        parent_process_created: time "parentProcessCreationDateTime",
        parent_process_id: number "parentProcessId",
        parent_process_image_file: part(FileDetails) "parentProcessImageFile",
        process_command_line: text "processCommandLine",
        process_created: time "processCreationDateTime",
        process_id: number "processId",
        user_account: part(UserAccount) "userAccount",
    }
    RegistryKeyEvidence "A key of the registry." {
        registry_hive: text "registryHive",
        registry_key: text "registryKey",
    }
    RegistryValueEvidence "A value in the registry." {
        mde_device_id: text "mdeDeviceId",
        registry_hive: text "registryHive",
        registry_key: text "registryKey",
        registry_value: text "registryValue",
        registry_value_name: text "registryValueName",
        registry_value_type: text "registryValueType",
    }
    IpEvidence "An IP address; may be malformed." {
        country_letter_code: text "countryLetterCode",
        ip_address: text "ipAddress",
        location: part(GeoLocation) "location",
        stream: part(Stream) "stream",
    }
    UrlEvidence "An address of the web." {
        url: text "url",
    }
    DnsEvidence "A name that was resolved." {
        dns_server_ip: evidence("ipEvidence") "dnsServerIp",
        domain_name: text "domainName",
        host_ip_address: evidence("ipEvidence") "hostIpAddress",
        ip_addresses: list("ipEvidence") "ipAddresses",
    }
    NetworkConnectionEvidence "A connection." {
        destination_address: evidence("ipEvidence") "destinationAddress",
        destination_port: number "destinationPort",
        protocol: text "protocol",
        source_address: evidence("ipEvidence") "sourceAddress",
        source_port: number "sourcePort",
    }
    NicEvidence "A network interface." {
        ip_address: evidence("ipEvidence") "ipAddress",
        mac_address: text "macAddress",
        vlans: texts "vlans",
    }
    HostLogonSessionEvidence "A session on a device." {
        account: evidence("userEvidence") "account",
        ended: time "endUtcDateTime",
        host: evidence("deviceEvidence") "host",
        session_id: text "sessionId",
        started: time "startUtcDateTime",
    }
}
