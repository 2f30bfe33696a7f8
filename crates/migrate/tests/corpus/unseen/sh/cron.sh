FILTER="lastUpdateTime+ge+$(date -u -d '-1 hour' +%FT%TZ)"
curl -sG "https://eu.api.security.microsoft.com/api/incidents" --data-urlencode "\$filter=lastUpdateTime ge $SINCE" -H "$AUTH" >"$OUT"
jq -r '.value[] | select(.status == "Active") | "\(.incidentId) \(.incidentName)"' "$OUT"
