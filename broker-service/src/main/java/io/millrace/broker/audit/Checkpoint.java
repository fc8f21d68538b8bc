package io.millrace.broker.audit;

import io.millrace.broker.MarketRules;
import io.millrace.broker.stream.SnapshotCodec;
import io.millrace.schemas.MarketSnapshot;

/**
 * A snapshot, without the state.
 *
 * @param sequence of the last event that it includes
 * @param nextCommandOffset in market.commands, of the first command that it does not include
 * @param timeMillis time of the market
 * @param stateHash hash of the state
 * @param rules what the market decided by from here on
 * @param release of Millrace that decided from here on; empty if it was not packaged
 * @param offset in market.snapshots, of its first part
 * @param timestampMillis of its records
 */
public record Checkpoint(
        long sequence,
        long nextCommandOffset,
        long timeMillis,
        long stateHash,
        MarketRules rules,
        String release,
        long offset,
        long timestampMillis) {

    /** From the first part of a snapshot. */
    static Checkpoint of(MarketSnapshot first, long offset, long timestampMillis) {
        return new Checkpoint(
                first.getSequence(),
                first.getNextCommandOffset(),
                first.getTimeMillis().toEpochMilli(),
                first.getStateHash(),
                SnapshotCodec.rules(first),
                first.getRelease(),
                offset,
                timestampMillis);
    }
}
