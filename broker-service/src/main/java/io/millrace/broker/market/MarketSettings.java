package io.millrace.broker.market;

/**
 * The rules of a market that its operator can set. They decide outcomes, so a log replays only under the rules it was
 * written under.
 *
 * @param answerRetentionMillis how long an ended request is remembered, so that its id gets the same answer again
 * @param maxQueued most requests that may wait
 * @param revokedWaitMillis how long a request that lost its node waits at least for another
 */
public record MarketSettings(long answerRetentionMillis, int maxQueued, long revokedWaitMillis) {
    /** A day of answers, 100,000 waiting, an hour to find another node. */
    public static final MarketSettings DEFAULT = new MarketSettings(86_400_000L, 100_000, 3_600_000L);
}
