package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;

class DecisionsTest {
    private static final long PRODUCER = 7;

    private final Decisions decisions = new Decisions();

    @Test
    void ofATransactionUnderWayNothingIsDecided() {
        add(TransactionState.ONGOING, 3, 2);

        assertThat(decisions.on(PRODUCER, 3)).isNull();
        assertThat(decisions.isOngoing(PRODUCER, 3)).isTrue();
    }

    @Test
    void aDecisionBearsTheEpochAfterThatOfTheRecords() {
        add(TransactionState.ONGOING, 3, 2);
        add(TransactionState.PREPARE_COMMIT, 4, 2);

        assertThat(decisions.on(PRODUCER, 3))
                .isEqualTo(new Decisions.Decision(TransactionResult.COMMIT, (short) 4, (short) 2));
        assertThat(decisions.isOngoing(PRODUCER, 3)).isFalse();
        assertThat(decisions.on(PRODUCER, 4)).isNull();
        assertThat(decisions.on(PRODUCER + 1, 3)).isNull();
    }

    @Test
    void aDecisionHoldsWhileItsProducerGoesOn() {
        add(TransactionState.ONGOING, 3, 2);
        add(TransactionState.PREPARE_ABORT, 4, 2);
        add(TransactionState.COMPLETE_ABORT, 4, 2);
        add(TransactionState.ONGOING, 4, 2);
        add(TransactionState.PREPARE_COMMIT, 5, 2);

        assertThat(decisions.on(PRODUCER, 3)).extracting("result").isEqualTo(TransactionResult.ABORT);
        assertThat(decisions.on(PRODUCER, 4)).extracting("result").isEqualTo(TransactionResult.COMMIT);
    }

    @Test
    void ofTheOldVersionADecisionBearsTheEpochOfTheRecords() {
        add(TransactionState.ONGOING, 3, 0);
        add(TransactionState.PREPARE_COMMIT, 3, 0);
        add(TransactionState.COMPLETE_COMMIT, 3, 0);

        assertThat(decisions.on(PRODUCER, 3))
                .isEqualTo(new Decisions.Decision(TransactionResult.COMMIT, (short) 3, (short) 0));
    }

    @Test
    void ofTheOldVersionTheNextTransactionIsNotDecidedAsTheOneBefore() {
        add(TransactionState.ONGOING, 3, 0);
        add(TransactionState.PREPARE_COMMIT, 3, 0);
        add(TransactionState.ONGOING, 3, 0);

        assertThat(decisions.on(PRODUCER, 3)).isNull();
        assertThat(decisions.isOngoing(PRODUCER, 3)).isTrue();
    }

    @Test
    void ofTheOldVersionWhoIsLateIsAbortedWithTheNextEpoch() {
        add(TransactionState.ONGOING, 3, 0);
        add(TransactionState.PREPARE_ABORT, 4, 0);

        assertThat(decisions.on(PRODUCER, 3))
                .isEqualTo(new Decisions.Decision(TransactionResult.ABORT, (short) 4, (short) 0));
    }

    private void add(TransactionState state, int epoch, int version) {
        decisions.add(new TransactionLogValue()
                .setProducerId(PRODUCER)
                .setProducerEpoch((short) epoch)
                .setClientTransactionVersion((short) version)
                .setTransactionStatus(state.id()));
    }
}
