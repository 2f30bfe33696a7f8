#!/bin/sh
# nothing of ours: the monitoring of another team
curl -s https://api.statuspage.example/api/incidents/unresolved.json | jq '.incidents[] | {status, name, incidentId}'
curl -s "https://api.pagerduty.example/incidents?statuses[]=triggered&since=2026-01-01"
echo "status: Active"
