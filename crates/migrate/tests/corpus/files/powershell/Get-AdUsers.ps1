Import-Module ActiveDirectory
Get-ADUser -Filter "Enabled -eq 'True'" | Where-Object { $_.Status -eq 'Active' } |
    Select-Object accountName, domainName, userPrincipalName, createdTime
