function Get-Alert {
    param($Incident)
    foreach ($alert in $Incident.alerts) {
        [pscustomobject]@{
            Id       = $alert.alertId
            Created  = $alert.creationTime
            Product  = if ($alert.serviceSource -eq 'OfficeATP') { 'mail' } else { $alert.serviceSource }
            Files    = $alert.entities | Where-Object entityType -eq 'File' | ForEach-Object sha1
        }
    }
}
Invoke-RestMethod "https://api.security.microsoft.com/api/incidents/$Id" | Get-Alert
