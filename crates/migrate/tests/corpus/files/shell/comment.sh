curl -X PATCH "https://api.security.microsoft.com/api/incidents/$1" -H "$AUTH" -H 'Content-Type: application/json' \
  -d '{"comment": "looked at by the night shift", "assignedTo": "night@northwind-lab.example", "status": "InProgress"}'
