package io.millrace.local.scenario;

import io.millrace.local.scenario.PlannedRequest.FollowUp;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.Extend;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What tenants mean to do with requests they have made, and what they know of them: one who was refused does not release.
 * Thread-safe.
 */
final class FollowUps {
    private record Due(long atMillis, PlannedRequest request) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparingLong(Due::atMillis));
    /** Last decision on each request that has a follow-up; no decision yet is an empty one. */
    private final Map<String, Optional<AllocationDecision>> known = new HashMap<>();

    /** Remembers what the tenant will do. */
    synchronized void plan(PlannedRequest request, long demandBeganAtMillis) {
        if (request.followUp() != FollowUp.NONE) {
            queue.add(new Due(demandBeganAtMillis + request.followUpAtMillis(), request));
            known.putIfAbsent(request.requestId(), Optional.empty());
        }
    }

    /** Remembers what was decided. */
    synchronized void heard(AllocationDecision decision) {
        if (decision.getOutcome() != Outcome.COMMAND_REFUSED) {
            known.computeIfPresent(decision.getRequestId(), (id, last) -> Optional.of(decision));
        }
    }

    /** What tenants say now. */
    synchronized List<ComputeRequest> due(long nowMillis) {
        List<ComputeRequest> said = new ArrayList<>();
        while (!queue.isEmpty() && queue.element().atMillis() <= nowMillis) {
            PlannedRequest request = queue.remove().request();
            AllocationDecision last =
                    known.getOrDefault(request.requestId(), Optional.empty()).orElse(null);
            known.remove(request.requestId());
            Object action = action(request, last);
            if (action != null) {
                said.add(ComputeRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setAccountId(request.accountId())
                        .setCreatedAtMillis(nowMillis)
                        .setAction(action)
                        .build());
            }
        }
        return said;
    }

    private static @Nullable Object action(PlannedRequest request, @Nullable AllocationDecision last) {
        Outcome outcome = last == null ? Outcome.UNKNOWN : last.getOutcome();
        boolean runs = outcome == Outcome.ALLOCATED || outcome == Outcome.EXTENDED;
        return switch (request.followUp()) {
            case CANCEL ->
                runs || outcome == Outcome.QUEUED
                        ? Cancel.newBuilder().setReason("no longer needed").build()
                        : null;
            case RELEASE -> runs ? Release.newBuilder().setReason("done early").build() : null;
            case EXTEND -> {
                Long end = last == null ? null : last.getEndsAtMillis();
                yield runs && end != null
                        ? Extend.newBuilder()
                                .setEndsAtMillis(end + request.spec().getDurationSeconds() * 1000 / 2)
                                .build()
                        : null;
            }
            case NONE -> null;
        };
    }
}
