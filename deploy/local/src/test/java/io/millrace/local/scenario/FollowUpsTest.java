package io.millrace.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.scenario.PlannedRequest.FollowUp;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Extend;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Release;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FollowUpsTest {
    private static final long BEGAN = 1_000_000;
    private static final long END_MILLIS = 2_000_000;

    private final FollowUps followUps = new FollowUps();

    @BeforeAll
    static void trustTheContract() {
        Codecs.connect("mock://follow-ups").close();
    }

    @Test
    void aTenantReleasesWhatItHoldsWhenTheTimeComes() {
        plan(FollowUp.RELEASE);
        hear(Outcome.ALLOCATED);
        assertThat(followUps.due(BEGAN + 499)).isEmpty();
        ComputeRequest said = only(followUps.due(BEGAN + 500));
        assertThat(said.getAction()).isInstanceOf(Release.class);
        assertThat(said.getRequestId()).isEqualTo("r");
        assertThat(said.getAccountId()).isEqualTo("lab");
        assertThat(followUps.due(BEGAN + 501)).isEmpty();
    }

    @Test
    void aTenantThatWaitsCancelsAndDoesNotRelease() {
        plan(FollowUp.CANCEL);
        hear(Outcome.QUEUED);
        assertThat(only(followUps.due(BEGAN + 500)).getAction()).isInstanceOf(Cancel.class);
        plan(FollowUp.RELEASE);
        hear(Outcome.QUEUED);
        assertThat(followUps.due(BEGAN + 500)).isEmpty();
    }

    @Test
    void whoHasNothingSaysNothing() {
        for (FollowUp followUp : FollowUp.values()) {
            plan(followUp);
            hear(Outcome.REFUSED);
            assertThat(followUps.due(BEGAN + 500))
                    .as("%s of a refused request", followUp)
                    .isEmpty();
            plan(followUp);
            assertThat(followUps.due(BEGAN + 500))
                    .as("%s of an undecided request", followUp)
                    .isEmpty();
        }
    }

    @Test
    void anExtensionAddsHalfTheTermToTheEndThatWasGranted() {
        plan(FollowUp.EXTEND);
        hear(Outcome.ALLOCATED);
        Extend extend = (Extend) only(followUps.due(BEGAN + 500)).getAction();
        assertThat(extend.getEndsAtMillis()).isEqualTo(END_MILLIS + 50_000);
    }

    @Test
    void aRefusedCommandDoesNotChangeWhatATenantHolds() {
        plan(FollowUp.RELEASE);
        hear(Outcome.ALLOCATED);
        hear(Outcome.COMMAND_REFUSED);
        assertThat(followUps.due(BEGAN + 500)).hasSize(1);
    }

    private void plan(FollowUp followUp) {
        ComputeSpec spec =
                ComputeSpec.newBuilder().setDevices(1).setDurationSeconds(100).build();
        followUps.plan(new PlannedRequest(100, "r", "lab", spec, followUp, 500), BEGAN);
    }

    private void hear(Outcome outcome) {
        followUps.heard(AllocationDecision.newBuilder()
                .setDecisionId("gansu-1")
                .setRequestId("r")
                .setAccountId("lab")
                .setMarketId("gansu")
                .setSequence(1)
                .setDecidedAtMillis(BEGAN)
                .setOutcome(outcome)
                .setEndsAtMillis(END_MILLIS)
                .build());
    }

    private static ComputeRequest only(List<ComputeRequest> said) {
        assertThat(said).hasSize(1);
        return said.get(0);
    }
}
