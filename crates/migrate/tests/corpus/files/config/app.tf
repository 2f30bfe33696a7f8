resource "azuread_application" "collector" {
  required_resource_access {
    resource_app_id = data.azuread_service_principal.mtp.client_id
    resource_access {
      id   = data.azuread_service_principal.mtp.app_role_ids["Incident.Read.All"]
      type = "Role"
    }
  }
}

locals {
  api = "https://aea.api.security.microsoft.com"
}
