import msal

app = msal.PublicClientApplication("11111111-2222-4333-8444-555555555555")
flow = app.initiate_device_flow(scopes=["https://security.microsoft.com/mtp/Incident.Read"])
other = app.initiate_device_flow(scopes=["https://security.microsoft.com/mtp/.default"])
print(flow["message"], other["message"])
