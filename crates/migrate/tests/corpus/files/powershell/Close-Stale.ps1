$root = 'https://eu.api.security.microsoft.com'
$filter = 'status eq ''Active'' and lastUpdateTime lt 2026-08-01T00:00:00Z'
$old = (Invoke-RestMethod "$root/api/incidents?`$filter=$filter").value
foreach ($incident in $old) {
    $body = @{ status = 'Resolved'; classification = 'FalsePositive'; determination = 'NoEnoughDataToValidate' } | ConvertTo-Json
    Invoke-RestMethod -Method Patch -Uri "$root/api/incidents/$($incident.incidentId)" -Body $body
    Write-Host "closed $($incident.incidentName)"
}
