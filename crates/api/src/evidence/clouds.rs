//! Evidence in clouds: resources, storage, containers, Kubernetes.
//!
//! Source: Microsoft Graph v1.0 metadata, subtypes of `microsoft.graph.security.alertEvidence`.

use super::shape::views;

views! {
    AmazonResourceEvidence "A resource of Amazon Web Services." {
        amazon_account_id: text "amazonAccountId",
        amazon_resource_id: text "amazonResourceId",
        resource_name: text "resourceName",
        resource_type: text "resourceType",
    }
    AzureResourceEvidence "A resource of Azure." {
        resource_id: text "resourceId",
        resource_name: text "resourceName",
        resource_type: text "resourceType",
    }
    GoogleCloudResourceEvidence "A resource of Google Cloud." {
        full_resource_name: text "fullResourceName",
        location: text "location",
        location_type: text "locationType",
        project_id: text "projectId",
        project_number: number "projectNumber",
        resource_name: text "resourceName",
        resource_type: text "resourceType",
    }
    BlobContainerEvidence "A container of blobs." {
        name: text "name",
        storage_resource: evidence("azureResourceEvidence") "storageResource",
        url: text "url",
    }
    BlobEvidence "A blob." {
        blob_container: evidence("blobContainerEvidence") "blobContainer",
        etag: text "etag",
        file_hashes: open "fileHashes",
        name: text "name",
        url: text "url",
    }
    SasTokenEvidence "A shared access signature." {
        allowed_ip_addresses: text "allowedIpAddresses",
        allowed_resource_types: texts "allowedResourceTypes",
        allowed_services: texts "allowedServices",
        expires: time "expiryDateTime",
        permissions: texts "permissions",
        protocol: text "protocol",
        signature_hash: text "signatureHash",
        signed_with: text "signedWith",
        starts: time "startDateTime",
        storage_resource: evidence("azureResourceEvidence") "storageResource",
    }
    ContainerEvidence "A container." {
        args: texts "args",
        command: texts "command",
        container_id: text "containerId",
        image: evidence("containerImageEvidence") "image",
        is_privileged: flag "isPrivileged",
        name: text "name",
        pod: evidence("kubernetesPodEvidence") "pod",
    }
    ContainerImageEvidence "The image of a container." {
        digest_image: evidence("containerImageEvidence") "digestImage",
        image_id: text "imageId",
        registry: evidence("containerRegistryEvidence") "registry",
    }
    ContainerRegistryEvidence "A registry of images." {
        registry: text "registry",
    }
    KubernetesClusterEvidence "A cluster." {
        cloud_resource: evidence("") "cloudResource",
        distribution: text "distribution",
        name: text "name",
        platform: text "platform",
        version: text "version",
    }
    KubernetesControllerEvidence "A controller." {
        labels: open "labels",
        name: text "name",
        namespace: evidence("kubernetesNamespaceEvidence") "namespace",
        controller_type: text "type",
    }
    KubernetesNamespaceEvidence "A namespace." {
        cluster: evidence("kubernetesClusterEvidence") "cluster",
        labels: open "labels",
        name: text "name",
    }
    KubernetesPodEvidence "A pod." {
        containers: list("containerEvidence") "containers",
        controller: evidence("kubernetesControllerEvidence") "controller",
        ephemeral_containers: list("containerEvidence") "ephemeralContainers",
        init_containers: list("containerEvidence") "initContainers",
        labels: open "labels",
        name: text "name",
        namespace: evidence("kubernetesNamespaceEvidence") "namespace",
        pod_ip: evidence("ipEvidence") "podIp",
        service_account: evidence("kubernetesServiceAccountEvidence") "serviceAccount",
    }
    KubernetesSecretEvidence "A secret." {
        name: text "name",
        namespace: evidence("kubernetesNamespaceEvidence") "namespace",
        secret_type: text "secretType",
    }
    KubernetesServiceAccountEvidence "A service account." {
        name: text "name",
        namespace: evidence("kubernetesNamespaceEvidence") "namespace",
    }
    KubernetesServiceEvidence "A service." {
        cluster_ip: evidence("ipEvidence") "clusterIP",
        external_ips: list("ipEvidence") "externalIPs",
        labels: open "labels",
        name: text "name",
        namespace: evidence("kubernetesNamespaceEvidence") "namespace",
        selector: open "selector",
        service_ports: open "servicePorts",
        service_type: text "serviceType",
    }
}
