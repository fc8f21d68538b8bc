package io.millrace.broker.market;

import io.millrace.broker.queue.ClassLimits;
import io.millrace.broker.queue.QueueSettings;

/**
 * The rules of a market that its operator can set. They decide outcomes, so a log replays only under the rules it was
 * written under.
 *
 * @param answerRetentionMillis how long an ended request is remembered, so that its id gets the same answer again
 * @param maxQueued most requests that may wait
 * @param revokedWaitMillis how long a request that lost its node, or gave way, waits at least for another
 * @param queue who of those that wait is next
 * @param classLimits who may ask for which class
 */
public record MarketSettings(
        long answerRetentionMillis,
        int maxQueued,
        long revokedWaitMillis,
        QueueSettings queue,
        ClassLimits classLimits) {
    /** A day of answers, 100,000 waiting, an hour to find another node. */
    public static final MarketSettings DEFAULT = new MarketSettings(86_400_000L, 100_000, 3_600_000L);

    /** With the queue's own rules as they are by default, and every class for everybody. */
    public MarketSettings(long answerRetentionMillis, int maxQueued, long revokedWaitMillis) {
        this(answerRetentionMillis, maxQueued, revokedWaitMillis, QueueSettings.DEFAULT, ClassLimits.NONE);
    }
}
