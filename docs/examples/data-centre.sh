#!/bin/sh
# What an operator and a data centre say to telemetry-ingest: a profile, reports, capacity. Prints each command and its answer.
#   ./data-centre.sh [URL of telemetry-ingest]     (needs curl and jq)
ingest=${1:-http://127.0.0.1:8085}
json='Content-Type: application/json'
show() { printf '\n$'; for word; do case $word in *[!A-Za-z0-9:/._-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac; done; echo
  "$@" | jq -c "${filter:-.}"; }

# The operator of the hub puts the centre on record: one pool of CPU nodes, one of servers with two devices.
show curl -s -X PUT "$ingest/v1/centres/my-centre" -H "$json" -d '{
  "name": "My centre", "hubId": "guizhou", "admission": "ADMITTED",
  "pools": [
    {"poolId": "cpu", "kind": "GENERAL", "priceMicroCnyPerCoreHour": 100000},
    {"poolId": "gpu", "kind": "INTELLIGENT", "model": "910B", "devicesPerNode": 2, "deviceMemoryGib": 64,
     "interconnect": "HCCS", "peaks": [{"precision": "FP16", "peakGigaOpsPerSecond": 320000}],
     "priceMicroCnyPerDeviceHour": 4200000, "priceMicroCnyPerCoreHour": 120000,
     "priceMicroCnyPerGibHour": 140}]}'

# The centre reports a node, twice the same, and one in another centre's name; and its site.
now=$(date +%s)000
node='"poolId": "gpu", "observedAtMillis": '$now', "sequence": '$now', "cpuTotalMillicores": 64000, "memoryTotalMib": 524288,
  "devices": [{"health": "HEALTHY", "usedOutsideMilli": 250}, {"health": "FAILED"}]'
show curl -s -X POST "$ingest/v1/telemetry" -H "$json" -d "{\"nodeReports\": [
  {\"nodeId\": \"my-centre/gpu-1\", \"centreId\": \"my-centre\", $node},
  {\"nodeId\": \"my-centre/gpu-1\", \"centreId\": \"my-centre\", $node},
  {\"nodeId\": \"your-centre/gpu-1\", \"centreId\": \"my-centre\", $node}],
 \"centreReports\": [{\"centreId\": \"my-centre\", \"observedAtMillis\": $now, \"sequence\": $now, \"itPowerWatts\": 1000000,
  \"facilityPowerWatts\": 1180000, \"energyPriceMicroCnyPerKwh\": 350000, \"carbonGramsPerKwh\": 420}]}"

sleep 3
# What is sold of it, from the node up; and what is on record.
filter='.nodes[] | {nodeId, status, deviceSellableMilli, cpuSellableMillicores, observedAtMillis}' \
  show curl -s "$ingest/v1/capacity?by=node&id=my-centre"
filter='.summaries[] | {scopeId, asOfMillis, rows: [.rows[] | {kind, model, nodes, devices, devicesHealthy, sellableMilliDevices}]}' \
  show curl -s "$ingest/v1/capacity?by=hub&kind=INTELLIGENT&id=guizhou"
filter='{admission: .profile.admission, pue: .site.puePermille}' show curl -s "$ingest/v1/centres/my-centre"
filter='[.centres[].centreId]' show curl -s "$ingest/v1/centres"

# The operator retires the centre: what it had is lost at once.
curl -s "$ingest/v1/centres/my-centre" | jq '.profile | .admission = "EXITED" | del(.updatedAtMillis)' > /tmp/my-centre.json
filter='{changes, inForce}' show curl -s -X PUT "$ingest/v1/centres/my-centre" -H "$json" -d @/tmp/my-centre.json
rm -f /tmp/my-centre.json
sleep 3
filter='.nodes[] | {nodeId, status, deviceSellableMilli}' show curl -s "$ingest/v1/capacity?by=node&id=my-centre"
# What is wrong with a profile, all at once.
show curl -s -X PUT "$ingest/v1/centres/my-centre" -H "$json" -d '{"name": "x", "hubId": "atlantis", "admission": "ADMITTED",
  "pools": [{"poolId": "a b", "kind": "GENERAL", "devicesPerNode": 8}]}'
