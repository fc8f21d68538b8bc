package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WaitingCallsTest {
    private final WaitingCalls calls = new WaitingCalls(3);

    @ParameterizedTest
    @CsvSource({
        // action, outcome, repeated, follows from the call's own record, is its answer
        "SUBMIT, ALLOCATED, false, true, true",
        "SUBMIT, QUEUED, false, true, true",
        "SUBMIT, REFUSED, false, true, true",
        "SUBMIT, COMMAND_REFUSED, false, true, true",
        "SUBMIT, RELEASED, true, true, true",
        "SUBMIT, EXPIRED, false, true, false",
        "SUBMIT, ALLOCATED, false, false, false",
        "SUBMIT, ALLOCATED, true, false, false",
        "SUBMIT, COMMAND_REFUSED, false, false, false",
        "CANCEL, CANCELLED, false, true, true",
        "CANCEL, RELEASED, false, true, true",
        "CANCEL, CANCELLED, false, false, true",
        "CANCEL, COMMAND_REFUSED, false, true, true",
        "CANCEL, COMMAND_REFUSED, false, false, false",
        "CANCEL, ALLOCATED, false, true, false",
        "EXTEND, EXTENDED, false, true, true",
        "EXTEND, COMMAND_REFUSED, false, true, true",
        "EXTEND, EXTENDED, false, false, false",
        "EXTEND, EXPIRED, false, true, false",
        "RELEASE, RELEASED, false, true, true",
        "RELEASE, RELEASED, false, false, true",
        "RELEASE, COMMAND_REFUSED, false, true, true",
        "RELEASE, EXPIRED, false, true, false",
    })
    void aCallTakesTheDecisionThatAnswersIt(
            Action action, Outcome outcome, boolean repeated, boolean caused, boolean answers) throws Exception {
        try (WaitingCalls.Call call = calls.open("r1", action, 500).orElseThrow()) {
            AllocationDecision decision = repeated ? Decisions.repeated("r1", outcome) : Decisions.of("r1", outcome);
            calls.accept(decision, caused ? 500 : 501);
            assertThat(call.await(0)).isEqualTo(answers ? Optional.of(decision) : Optional.empty());
        }
    }

    /** Somebody withdrew it before, at another instance, and this one reads it only now. */
    @ParameterizedTest
    @EnumSource(Action.class)
    void whatAnEarlierRecordLedToIsNoAnswer(Action action) throws Exception {
        try (WaitingCalls.Call call = calls.open("r1", action, 500).orElseThrow()) {
            calls.accept(Decisions.of("r1", Outcome.RELEASED), 499);
            calls.accept(Decisions.of("r1", Outcome.CANCELLED), 499);
            assertThat(call.await(0)).isEmpty();
        }
    }

    @Test
    void callsAboutOneRequestHaveDifferentTimesAndEachItsAnswer() throws Exception {
        try (WaitingCalls.Call first = calls.open("r1", Action.SUBMIT, 500).orElseThrow();
                WaitingCalls.Call second = calls.open("r1", Action.SUBMIT, 500).orElseThrow()) {
            assertThat(second.recordTimeMillis()).isGreaterThan(first.recordTimeMillis());
            assertThat(calls.distinctTime("r1", 500)).isGreaterThan(second.recordTimeMillis());
            AllocationDecision granted = Decisions.of("r1", Outcome.ALLOCATED);
            AllocationDecision conflict = Decisions.refusedCommand("r1", Reason.ID_CONFLICT);
            calls.accept(granted, first.recordTimeMillis());
            calls.accept(conflict, second.recordTimeMillis());
            assertThat(first.await(0)).contains(granted);
            assertThat(second.await(0)).contains(conflict);
        }
    }

    @Test
    void onlyRequestsThatAreWaitedForAreWanted() {
        assertThat(calls.wants("r1")).isFalse();
        WaitingCalls.Call call = calls.open("r1", Action.SUBMIT, 500).orElseThrow();
        assertThat(calls.wants("r1")).isTrue();
        assertThat(calls.wants("r2")).isFalse();
        call.close();
        call.close();
        assertThat(calls.wants("r1")).isFalse();
        assertThat(calls.count()).isZero();
    }

    @Test
    void noMoreThanTheMostWait() {
        for (int i = 0; i < 3; i++) {
            assertThat(calls.open("r" + i, Action.SUBMIT, 500)).isPresent();
        }
        assertThat(calls.open("r3", Action.SUBMIT, 500)).isEmpty();
        assertThat(calls.count()).isEqualTo(3);
    }

    @Test
    void whoWaitsIsLetGoAtTheEnd() throws Exception {
        try (WaitingCalls.Call before = calls.open("r1", Action.SUBMIT, 500).orElseThrow()) {
            calls.close();
            assertThat(before.await(60_000)).isEmpty();
        }
        try (WaitingCalls.Call after = calls.open("r1", Action.SUBMIT, 500).orElseThrow()) {
            assertThat(after.await(60_000)).isEmpty();
        }
    }

    @Test
    void aFailureEndsTheWait() {
        try (WaitingCalls.Call call = calls.open("r1", Action.SUBMIT, 500).orElseThrow()) {
            call.fail(new IllegalStateException("no broker"));
            assertThatThrownBy(() -> call.await(60_000))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("no broker");
        }
    }
}
