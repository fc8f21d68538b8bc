package io.millrace.broker.audit;

import io.millrace.broker.MarketRules;
import io.millrace.broker.stream.SnapshotCodec;
import io.millrace.schemas.MarketSnapshot;
import org.apache.kafka.common.config.ConfigException;

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

    /**
     * From the first part of a snapshot.
     *
     * @throws RecordingException if its rules are not known to this release
     */
    static Checkpoint of(MarketSnapshot first, long offset, long timestampMillis) {
        MarketRules rules;
        try {
            rules = SnapshotCodec.rules(first);
        } catch (ConfigException e) {
            throw new RecordingException(
                    "the rules of " + first.getMarketId() + " at sequence " + first.getSequence() + ": "
                            + e.getMessage(),
                    e);
        }
        return new Checkpoint(
                first.getSequence(),
                first.getNextCommandOffset(),
                first.getTimeMillis(),
                first.getStateHash(),
                rules,
                first.getRelease(),
                offset,
                timestampMillis);
    }
}
