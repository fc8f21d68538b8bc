package io.millrace.broker.audit;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.Request;
import io.millrace.broker.settlement.MeteredAllocation;
import io.millrace.broker.settlement.Settlement;
import io.millrace.broker.settlement.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what came of the requests of a stretch of time. Not thread-safe. */
final class Tally {
    private static final long NEVER = Long.MIN_VALUE;
    /** Thousandths of watts times thousandths of seconds in a joule. */
    private static final long MILLI_MILLIS = 1_000_000;

    private final SortedMap<String, Fate> fates = new TreeMap<>();
    private final Settlement settlement;
    private final Catalogue catalogue;
    private long milliDeviceMillis;
    private long millicoreMillis;
    private long energyJoules;
    private long unratedMilliDeviceMillis;
    private long costMicroCny;
    private long preempted;

    /** What became of a request. */
    static final class Fate {
        private final long askedAtMillis;
        private long startedAtMillis = NEVER;
        private boolean ranBefore;
        private String outcome = "ASKED";

        private Fate(long askedAtMillis) {
            this.askedAtMillis = askedAtMillis;
        }

        /** In a word or two: RAN, or why it did not. */
        String outcome() {
            return ranBefore || startedAtMillis != NEVER ? "RAN" : outcome;
        }
    }

    /** From this state on: what runs and waits counts from now. The catalogue says what devices draw. */
    Tally(MarketState state, long fromMillis, Catalogue catalogue) {
        this.catalogue = catalogue;
        settlement = new Settlement(state.marketId());
        for (Request request : state.requests()) {
            if (request.status() == Request.Status.ALLOCATED) {
                fate(request.requestId(), request.acceptedAtMillis()).ranBefore = true;
                settlement.restore(new MeteredAllocation(
                        state.marketId(),
                        request.requestId(),
                        request.accountId(),
                        request.allocationNumber(),
                        request.grants(),
                        request.sinceMillis(),
                        Math.max(request.sinceMillis(), fromMillis)));
            } else if (request.status() == Request.Status.QUEUED) {
                fate(request.requestId(), request.acceptedAtMillis()).outcome = "WAITS";
            }
        }
    }

    private Fate fate(String requestId, long askedAtMillis) {
        return fates.computeIfAbsent(requestId, id -> new Fate(askedAtMillis));
    }

    void on(Command command, List<Event> events) {
        for (Event event : events) {
            count(settlement.on(event).usage());
            switch (event) {
                case Event.Allocated e -> {
                    Fate fate = fate(e.requestId(), command.timeMillis());
                    if (fate.startedAtMillis == NEVER) {
                        fate.startedAtMillis = e.startsAtMillis();
                    }
                }
                case Event.Queued e -> fate(e.requestId(), command.timeMillis()).outcome = "WAITS";
                case Event.Refused e -> fate(e.requestId(), command.timeMillis()).outcome = "REFUSED " + e.reason();
                case Event.Deflected e -> fate(e.requestId(), command.timeMillis()).outcome = "DEFLECTED " + e.reason();
                case Event.Cancelled e -> fate(e.requestId(), command.timeMillis()).outcome = "CANCELLED";
                case Event.Ended e -> preempted += e.cause() == Event.EndCause.PREEMPTED ? 1 : 0;
                default -> {}
            }
        }
    }

    private void count(List<Usage> usage) {
        for (Usage each : usage) {
            long millis = each.toMillis() - each.fromMillis();
            long taken = each.grant().milliDevices() * millis;
            milliDeviceMillis += taken;
            int watts = catalogue.powerWatts(each.grant().model());
            energyJoules += taken * watts / MILLI_MILLIS;
            unratedMilliDeviceMillis += watts == 0 ? taken : 0;
            millicoreMillis += each.grant().cpuMillicores() * millis;
            costMicroCny += each.amountMicroCny();
        }
    }

    SortedMap<String, Fate> fates() {
        return fates;
    }

    /** By how much the one started later than the other; 0 if either did not. */
    static long laterMillis(Fate one, Fate other) {
        return one.startedAtMillis == NEVER || other.startedAtMillis == NEVER
                ? 0
                : one.startedAtMillis - other.startedAtMillis;
    }

    /** The sums, with what runs metered up to the end. */
    Outcomes at(long endMillis) {
        count(settlement.on(new Event.HourClosed(endMillis)).usage());
        long[] waits = fates.values().stream()
                .filter(fate -> fate.startedAtMillis != NEVER && !fate.ranBefore)
                .mapToLong(fate -> fate.startedAtMillis - fate.askedAtMillis)
                .toArray();
        Arrays.sort(waits);
        return new Outcomes(
                fates.size(),
                waits.length,
                outcomes("WAITS"),
                outcomes("REFUSED"),
                outcomes("DEFLECTED"),
                outcomes("CANCELLED"),
                preempted,
                milliDeviceMillis,
                millicoreMillis,
                energyJoules,
                unratedMilliDeviceMillis,
                costMicroCny,
                percentile(waits, 50),
                percentile(waits, 99));
    }

    private long outcomes(String word) {
        return fates.values().stream()
                .filter(fate -> fate.outcome().startsWith(word))
                .count();
    }

    /** The nearest rank; 0 of nothing. */
    private static long percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length * (long) percent + 99) / 100) - 1];
    }
}
