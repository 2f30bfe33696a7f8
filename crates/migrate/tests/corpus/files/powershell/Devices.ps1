# Machines of an incident, by way of api.security.microsoft.com
function Get-IncidentDevice($Incident) {
    $Incident.alerts | ForEach-Object { $_.devices } |
        Where-Object { $_.healthStatus -eq 'Active' } |
        Select-Object mdatpDeviceId, deviceDnsName, firstSeen -Unique
}
