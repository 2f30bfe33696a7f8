Get-MessageTrace -Status Delivered | Select-Object sender, recipient, subject
Get-Mailbox | Where-Object { $_.mailboxAddress -like '*@corp.example' -and $_.status -eq 'Active' }
