package io.millrace.bench.queue;

import io.millrace.bench.queue.Workload.Arrival;
import io.millrace.broker.market.Reason;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a discipline made of a workload. */
final class QueueOutcome {
    private static final long WINDOW_HOURS = 24;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final double MINUTE_MILLIS = 60_000;
    /** Shorter runs count as so long in the slowdown, as is usual: a second's job that waited a minute is no disaster. */
    private static final long SLOWDOWN_BOUND_MILLIS = 10_000;

    private final Workload workload;
    private final Discipline discipline;
    private final long capacityMilli;
    private final List<Double> waits = new ArrayList<>();
    private final Map<PriorityClass, List<Double>> waitsByClass = new TreeMap<>();
    private final List<Double> slowdowns = new ArrayList<>();
    /** Device-time by account and hour. */
    private final Map<String, TreeMap<Long, Double>> served = new TreeMap<>();
    /** How many wait, by account. */
    private final Map<String, Integer> waiting = new TreeMap<>();
    /** Hours in which at some time nobody waited, by account. */
    private final Map<String, TreeSet<Long>> everWaitless = new TreeMap<>();

    private long lastArrivalMillis;
    private long lastEndMillis;
    private long wallNanos;
    private long nowMillis;
    private int preemptions;
    private int refusals;

    QueueOutcome(Workload workload, Discipline discipline) {
        this.workload = workload;
        this.discipline = discipline;
        this.capacityMilli = Workload.milliDevices(workload.nodes());
    }

    void arrived(Arrival job) {
        changeWaiting(job, 1, job.arrivesAtMillis());
    }

    void lastArrival() {
        lastArrivalMillis = workload.jobs().getLast().arrivesAtMillis();
    }

    void started(Arrival job, long atMillis) {
        changeWaiting(job, -1, atMillis);
    }

    void stopped(Arrival job, long startedAtMillis, long atMillis, boolean done) {
        TreeMap<Long, Double> byHour = served.computeIfAbsent(job.accountId(), a -> new TreeMap<>());
        for (long from = startedAtMillis; from < atMillis; ) {
            long hour = from / HOUR_MILLIS;
            long to = Math.min(atMillis, (hour + 1) * HOUR_MILLIS);
            byHour.merge(hour, (double) job.milliDevices() * (to - from), Double::sum);
            from = to;
        }
        lastEndMillis = Math.max(lastEndMillis, atMillis);
        if (!done) {
            preemptions++;
            changeWaiting(job, 1, atMillis);
            return;
        }
        double wait = atMillis - job.arrivesAtMillis() - job.runsMillis();
        waits.add(wait / MINUTE_MILLIS);
        waitsByClass
                .computeIfAbsent(job.spec().priority(), c -> new ArrayList<>())
                .add(wait / MINUTE_MILLIS);
        slowdowns.add(Math.max(1, (wait + job.runsMillis()) / Math.max(job.runsMillis(), SLOWDOWN_BOUND_MILLIS)));
    }

    void refused(Arrival job, Reason reason) {
        if (reason != Reason.NEVER_FITS && reason != Reason.NO_SUCH_MODEL) {
            throw new IllegalStateException(job.requestId() + " was refused: " + reason);
        }
        refusals++;
        changeWaiting(job, -1, job.arrivesAtMillis());
    }

    /** Remembers in which hours an account had, at some time, nobody waiting. */
    private void changeWaiting(Arrival job, int by, long atMillis) {
        if (job.spec().priority() == PriorityClass.LOW) {
            return;
        }
        nowMillis = Math.max(nowMillis, atMillis);
        int before = waiting.getOrDefault(job.accountId(), 0);
        int after = before + by;
        waiting.put(job.accountId(), after);
        TreeSet<Long> free = everWaitless.computeIfAbsent(job.accountId(), a -> new TreeSet<>());
        long hour = nowMillis / HOUR_MILLIS;
        if (before == 0) {
            // Free since the last entry, up to now.
            for (long h = free.isEmpty() ? 0 : free.last(); h <= hour; h++) {
                free.add(h);
            }
        } else if (after == 0) {
            free.add(hour);
        }
    }

    void took(long nanos) {
        wallNanos = nanos;
    }

    Discipline discipline() {
        return discipline;
    }

    double waitMinutes(double percentile) {
        return percentile(waits, percentile);
    }

    /** The same of one class. */
    double waitMinutes(PriorityClass priority, double percentile) {
        return percentile(waitsByClass.getOrDefault(priority, List.of()), percentile);
    }

    double slowdown(double percentile) {
        return percentile(slowdowns, percentile);
    }

    double meanSlowdown() {
        return slowdowns.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /** Jobs that ran to their end. */
    int finished() {
        return waits.size();
    }

    int preemptions() {
        return preemptions;
    }

    int refusals() {
        return refusals;
    }

    double wallSeconds() {
        return wallNanos / 1e9;
    }

    double makespanHours() {
        return (double) lastEndMillis / HOUR_MILLIS;
    }

    private static double percentile(List<Double> values, double percentile) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(percentile / 100 * sorted.length) - 1];
    }

    /** Whole hours in which jobs arrived, at least one. */
    private long hoursOfArrivals() {
        return Math.max(1, lastArrivalMillis / HOUR_MILLIS);
    }

    /** The share of all device-time up to the last arrival that was used. */
    double utilisation() {
        double used = 0;
        for (TreeMap<Long, Double> byHour : served.values()) {
            used += byHour.headMap(hoursOfArrivals()).values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
        }
        return used / capacityMilli / (hoursOfArrivals() * HOUR_MILLIS);
    }

    /**
     * Jain's index, (Σx)² / (n·Σx²) (Jain, Chiu, Hawe, DEC-TR-301, 1984), of the device-time that accounts had in the 24 hours
     * up to the end of an hour, by their weight: over those that had somebody of a class above LOW waiting for all of
     * that hour, if there are at least two; averaged over these hours. 1 is perfectly fair.
     */
    double fairness() {
        Map<String, Integer> weights = Workload.weights();
        double sum = 0;
        int hours = 0;
        for (long hour = 0; hour < hoursOfArrivals(); hour++) {
            double x = 0;
            double squares = 0;
            int n = 0;
            for (Map.Entry<String, Integer> account : weights.entrySet()) {
                TreeSet<Long> free = everWaitless.getOrDefault(account.getKey(), new TreeSet<>());
                if (!free.isEmpty() && !free.contains(hour)) {
                    double got = served
                                    .getOrDefault(account.getKey(), new TreeMap<>())
                                    .subMap(hour - WINDOW_HOURS + 1, hour + 1)
                                    .values()
                                    .stream()
                                    .mapToDouble(Double::doubleValue)
                                    .sum()
                            / account.getValue();
                    x += got;
                    squares += got * got;
                    n++;
                }
            }
            if (n > 1 && squares > 0) {
                sum += x * x / (n * squares);
                hours++;
            }
        }
        return hours == 0 ? 1 : sum / hours;
    }
}
