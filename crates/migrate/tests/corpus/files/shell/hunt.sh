BASE=https://us.api.security.microsoft.com
curl -s -X POST "$BASE/api/advancedhunting/run" -H "$AUTH" -d "{\"Query\": \"$1\"}" | jq -c '.Results[]'
