for region in us eu uk; do
  ping -c1 "api-$region.security.microsoft.com"
done
for host in swa.api.security.microsoft.com ina.api.security.microsoft.com; do getent hosts "$host"; done
