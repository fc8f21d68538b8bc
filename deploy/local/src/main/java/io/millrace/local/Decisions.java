package io.millrace.local;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.jspecify.annotations.Nullable;

/** What the coordinator's log says of transactions, each named by the producer and the epoch that its records bear. */
final class Decisions {
    /** From this version on, the decision bears the epoch after that of the records, and so does the next transaction. */
    private static final short VERSION_WITH_EPOCH_BUMP = 2;

    /**
     * @param markerEpoch what the marker that ends the transaction bears
     * @param version of the transaction, by which a partition judges that epoch
     */
    record Decision(TransactionResult result, short markerEpoch, short version) {}

    /** @param epoch of its records */
    private record Transaction(long producerId, int epoch) {}

    private final Map<Transaction, Decision> decided = new HashMap<>();
    private final Set<Transaction> ongoing = new HashSet<>();

    /** The next value of the log: those of one producer come in the log's order. */
    void add(TransactionLogValue value) {
        byte state = value.transactionStatus();
        if (state == TransactionState.ONGOING.id()) {
            Transaction begun = new Transaction(value.producerId(), value.producerEpoch());
            ongoing.add(begun);
            // Before the epoch was bumped, one transaction followed the other under the same name.
            decided.remove(begun);
        } else if (state == TransactionState.PREPARE_COMMIT.id()) {
            decide(value, TransactionResult.COMMIT);
        } else if (state == TransactionState.PREPARE_ABORT.id()) {
            decide(value, TransactionResult.ABORT);
        }
    }

    private void decide(TransactionLogValue value, TransactionResult result) {
        Transaction before = new Transaction(value.producerId(), value.producerEpoch() - 1);
        // Of old, too, whoever was aborted for being late had its epoch bumped.
        boolean isBumped = value.clientTransactionVersion() >= VERSION_WITH_EPOCH_BUMP || ongoing.contains(before);
        Transaction transaction = isBumped ? before : new Transaction(value.producerId(), value.producerEpoch());
        ongoing.remove(transaction);
        decided.put(transaction, new Decision(result, value.producerEpoch(), value.clientTransactionVersion()));
    }

    /** What was decided on the transaction under way; null if nothing. */
    @Nullable Decision on(long producerId, int epoch) {
        return decided.get(new Transaction(producerId, epoch));
    }

    /** Whether its coordinator still waits for the end of it, and aborts it when its time is over. */
    boolean isOngoing(long producerId, int epoch) {
        return ongoing.contains(new Transaction(producerId, epoch));
    }
}
