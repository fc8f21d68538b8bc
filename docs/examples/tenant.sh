#!/bin/sh
# Every call that a tenant can make, in the order of a request's life. Prints each command and its answer.
#   ./tenant.sh [URL of broker-service]     (needs curl and jq)
broker=${1:-http://127.0.0.1:8086}
json='Content-Type: application/json'
id=train-$(date +%s)
show() { printf '\n$'; for word; do case $word in *[!A-Za-z0-9:/._-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac; done; echo
  "$@" | jq -c "${filter:-.}"; }

# Ask for two devices for an hour, and wait at most five seconds for the decision.
spec='{"kind": "INTELLIGENT", "devices": 2, "cpuMillicores": 16000, "memoryMib": 131072, "durationSeconds": 3600}'
show curl -s -X POST "$broker/v1/requests?wait=5000" -H "$json" \
  -d "{\"requestId\": \"$id\", \"accountId\": \"acme\", \"spec\": $spec}"
# The same again: the same answer, "repeated".
filter='{decisionId, outcome, repeated}' show curl -s -X POST "$broker/v1/requests?wait=5000" -H "$json" \
  -d "{\"requestId\": \"$id\", \"accountId\": \"acme\", \"spec\": $spec}"
# The same id, another wish: a conflict.
show curl -s -X POST "$broker/v1/requests?wait=5000" -H "$json" \
  -d "{\"requestId\": \"$id\", \"accountId\": \"acme\", \"spec\": {\"devices\": 3, \"durationSeconds\": 60}}"
# Where it stands, and what else this account has.
filter='{requestId, status, marketId, endsAtMillis, candidates}' show curl -s "$broker/v1/requests/$id"
filter='{complete, ids: [.allocations[].requestId]}' show curl -s "$broker/v1/allocations?account=acme&limit=10"
# Longer: two hours from now. Then give it back.
ends=$((($(date +%s) + 7200) * 1000))
filter='{outcome, endsAtMillis}' show curl -s -X POST "$broker/v1/requests/$id/extend?wait=5000" -H "$json" \
  -d "{\"accountId\": \"acme\", \"endsAtMillis\": $ends}"
filter='{outcome, startsAtMillis, endsAtMillis}' show curl -s -X POST "$broker/v1/requests/$id/release?wait=5000" -H "$json" \
  -d '{"accountId": "acme", "reason": "the model has converged"}'
# Ended is ended.
show curl -s -X DELETE "$broker/v1/requests/$id?accountId=acme&wait=5000"
# More than any node has: refused at once, with what would fit.
filter='{outcome, reason, explanation, deflections: [.deflections[] | {marketId, reason}]}' \
  show curl -s -X POST "$broker/v1/requests?wait=5000" -H "$json" \
  -d '{"accountId": "acme", "spec": {"kind": "INTELLIGENT", "devices": 64, "durationSeconds": 60, "maxWaitSeconds": 600}}'
# What is wrong with a request, all at once.
show curl -s -X POST "$broker/v1/requests" -H "$json" -d '{"account": "acme", "spec": {"device": 1, "durationSeconds": "1h"}}'
# What the markets have free.
filter='{silent, markets: [.markets[] | {marketId, allocations, queued}]}' show curl -s "$broker/v1/markets"
# The next decisions of everybody, for three seconds.
printf '\n$ curl -sN %s/v1/stream\n' "$broker"
timeout 3 curl -sN "$broker/v1/stream" | cut -c 1-160 | head -n 12
