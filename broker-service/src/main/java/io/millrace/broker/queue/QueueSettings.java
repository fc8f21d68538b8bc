package io.millrace.broker.queue;

import java.util.Map;

/**
 * The rules of the queue.
 *
 * @param discipline in which order, and who may pass whom
 * @param halfLifeMillis time after which what an account had counts half in its share; 0 if only what it has now counts
 * @param ageingMillis wait that raises a job by one class; 0 if waiting raises nobody
 * @param weights by account: one of weight 3 is entitled to three times the share of one of weight 1, which all others have
 * @param budgetDeviceHours by account: most device-hours in a window; the others have no budget. Work without devices
 *     counts nothing
 * @param budgetWindowMillis length of a window; windows begin at multiples of it since 1970
 * @param noticeMillis time between the notice that a job must give way and its end
 */
public record QueueSettings(
        Discipline discipline,
        long halfLifeMillis,
        long ageingMillis,
        Map<String, Integer> weights,
        Map<String, Long> budgetDeviceHours,
        long budgetWindowMillis,
        long noticeMillis) {

    /** In which order those who wait are served, and who may pass whom. */
    public enum Discipline {
        /** First come, first served: nobody passes. */
        FIFO,
        /**
         * First come, first served, and whoever does not delay the first may pass: EASY (Lifka, The ANL/IBM SP Scheduling
         * System, 1995; Mu'alem and Feitelson, IEEE TPDS 12(6), 2001).
         */
        EASY,
        /** By class, share and age ({@link Order}), with the passing of EASY and with preemption. */
        FAIR
    }

    private static final long HOUR_MILLIS = 3_600_000L;
    private static final long SHARE_STEPS = 4_096;
    private static final long AVERAGING_STEPS = 1L << 20;

    /** Fair with a half-life and an ageing step of a day, windows of 30 days, a minute of notice; all accounts alike. */
    public static final QueueSettings DEFAULT = new QueueSettings(
            Discipline.FAIR, 24 * HOUR_MILLIS, 24 * HOUR_MILLIS, Map.of(), Map.of(), 720 * HOUR_MILLIS, 60_000);

    /** Copies the maps. */
    public QueueSettings {
        weights = Map.copyOf(weights);
        budgetDeviceHours = Map.copyOf(budgetDeviceHours);
        if (halfLifeMillis < 0 || ageingMillis < 0 || budgetWindowMillis <= 0 || noticeMillis <= 0) {
            throw new IllegalArgumentException(
                    "a time of the queue's rules is negative, or its window or notice has no length");
        }
    }

    /** The same rules with another order. */
    public QueueSettings with(Discipline other) {
        return new QueueSettings(
                other, halfLifeMillis, ageingMillis, weights, budgetDeviceHours, budgetWindowMillis, noticeMillis);
    }

    /** How often shares fade: that often in a half-life, so that a step takes less than two hundredths of a percent. */
    long shareStepMillis() {
        return Math.max(1, halfLifeMillis / SHARE_STEPS);
    }

    /** Averages are brought up no more often than that: of less, too little comes to be told from its rounding. */
    long averagingStepMillis() {
        return halfLifeMillis / AVERAGING_STEPS;
    }

    int weight(String accountId) {
        return weights.getOrDefault(accountId, 1);
    }

    /** When the window that this moment lies in ends. */
    long windowEndMillis(long nowMillis) {
        return nowMillis - Math.floorMod(nowMillis, budgetWindowMillis) + budgetWindowMillis;
    }
}
