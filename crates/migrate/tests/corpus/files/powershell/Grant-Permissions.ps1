# Grants what the collector needs.
$mtp = Get-AzureADServicePrincipal -Filter "DisplayName eq 'Microsoft Threat Protection'"
foreach ($name in 'Incident.ReadWrite.All', 'AdvancedHunting.Read.All') {
    $role = $mtp.AppRoles | Where-Object { $_.Value -eq $name }
    New-AzureADServiceAppRoleAssignment -ObjectId $app -PrincipalId $app -ResourceId $mtp.ObjectId -Id $role.Id
}
