#!/bin/sh
set -eu
token=$(curl -s "https://login.microsoftonline.com/$TENANT/oauth2/v2.0/token" \
  -d grant_type=client_credentials -d client_id="$APP" -d client_secret="$SECRET" \
  --data-urlencode scope=https://api.security.microsoft.com/.default | jq -r .access_token)
curl -s -H "Authorization: Bearer $token" \
  "https://api.security.microsoft.com/api/incidents?\$filter=status+eq+'Active'&\$top=100" |
  jq -r '.value[] | [.incidentId, .incidentName, .severity, .createdTime] | @tsv'
