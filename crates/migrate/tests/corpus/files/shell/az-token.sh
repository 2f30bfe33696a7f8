#!/usr/bin/env bash
az account get-access-token --resource https://api.security.microsoft.com --query accessToken -o tsv
az account get-access-token --resource https://graph.microsoft.com --query accessToken -o tsv
az ad app permission add --id "$APP" --api "$MTP" --api-permissions Incident.Read.All=Role
