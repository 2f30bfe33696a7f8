Connect-MgGraph -Scopes SecurityIncident.Read.All, SecurityIncident.ReadWrite.All
Get-MgSecurityIncident -Filter "status eq 'active'" | Select-Object id, displayName, createdDateTime
Invoke-MgGraphRequest -Method POST -Uri 'https://graph.microsoft.com/v1.0/security/runHuntingQuery' -Body @{ Query = 'DeviceInfo' }
