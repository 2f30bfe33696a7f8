param([string]$TenantId, [string]$AppId, [string]$Secret)

$resourceAppIdUri = 'https://api.security.microsoft.com'
$oAuthUri = "https://login.windows.net/$TenantId/oauth2/token"
$body = @{ resource = $resourceAppIdUri; client_id = $AppId; client_secret = $Secret; grant_type = 'client_credentials' }
$token = (Invoke-RestMethod -Method Post -Uri $oAuthUri -Body $body).access_token

$since = (Get-Date).ToUniversalTime().AddDays(-1).ToString('o')
$url = "https://api.security.microsoft.com/api/incidents?`$filter=lastUpdateTime ge $since"
$incidents = (Invoke-RestMethod -Uri $url -Headers @{ Authorization = "Bearer $token" }).value

$incidents | Where-Object { $_.status -eq 'Active' -and $_.severity -eq 'High' } |
    Select-Object incidentId, incidentName, severity, lastUpdateTime
