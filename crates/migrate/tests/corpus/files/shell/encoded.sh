curl "$LOGIN" -d 'scope=https%3A%2F%2Fapi.security.microsoft.com%2F.default&grant_type=client_credentials'
curl "https://api.security.microsoft.com/api/incidents?%24filter=createdTime%20gt%202026-09-01T00%3A00%3A00Z%20and%20status%20eq%20%27Active%27"
