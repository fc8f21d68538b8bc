package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.broker.routing.Choice;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.CancelCommand;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.PartAnswer;
import io.millrace.schemas.PartNotice;
import io.millrace.schemas.Submit;
import io.millrace.schemas.Together;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** Who speaks of a request in parts while it is not decided yet: markets here answer when the test says so. */
class AssemblyTest {
    private static final String DECISIONS = "decisions";

    private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    private final Assembly assembly;

    AssemblyTest() {
        KeyValueStore<String, Together> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(BrokerTopology.TOGETHER),
                        Serdes.String(),
                        Codecs.connect("mock://assembly").state(Together.class).serde())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        context.setRecordMetadata("compute.requests", 0, 7);
        context.setCurrentSystemTimeMs(1_000);
        Outlet outlet = new Outlet(context);
        IntakeAnswers answers = new IntakeAnswers(outlet, DECISIONS, new BrokerMeters(new SimpleMeterRegistry()));
        assembly = new Assembly(context, outlet, "commands", answers, 10_000);
    }

    @Test
    void whoSaysItAgainBeforeItIsDecidedIsAnsweredToo() {
        submit(100);
        submit(101);
        submit(102);
        assertThat(told()).isEmpty();
        held(1);
        held(2);
        assertThat(told()).containsExactly("100 ALLOCATED", "101 ALLOCATED again", "102 ALLOCATED again");
        submit(103);
        assertThat(told()).containsExactly("103 ALLOCATED again");
    }

    @Test
    void whoWaitsForTheAnswerIsToldThatItWasWithdrawn() {
        submit(100);
        submit(101);
        assertThat(assembly.cancel("r1", "acme", 200)).isTrue();
        assertThat(told()).containsExactly("200 CANCELLED", "101 CANCELLED again", "100 CANCELLED again");
        held(1);
        assertThat(told()).isEmpty();
    }

    /** Its market begins it all the same, so it is not over, and is ended with the others. */
    @Test
    void aPartThatWasLostJustBeforeItWasConfirmedIsWithdrawnWithTheOthers() {
        submit(100);
        held(1);
        held(2);
        assembly.take(new PartNotice("r1", 1, PartAnswer.LOST, List.of(), null), "gansu", 150);
        context.resetForwards();
        assembly.release("r1", "acme", 200);
        assertThat(withdrawn()).containsExactly("r1~1", "r1~2");
    }

    @Test
    void aPartThatIsOverIsNotWithdrawn() {
        submit(100);
        held(1);
        held(2);
        assembly.take(new PartNotice("r1", 1, PartAnswer.ENDED, List.of(), null), "gansu", 150);
        context.resetForwards();
        assembly.release("r1", "acme", 200);
        assertThat(withdrawn()).containsExactly("r1~2");
    }

    private List<String> withdrawn() {
        return context.forwarded().stream()
                .filter(forward -> forward.childName().orElse("").equals("commands"))
                .map(forward -> (MarketCommand) forward.record().value())
                .map(command -> ((CancelCommand) command.getBody()).getRequestId())
                .toList();
    }

    @Test
    void whoRepeatsItForEverIsNotRememberedForEver() {
        for (int i = 0; i < 1_000; i++) {
            submit(100 + i);
        }
        held(1);
        held(2);
        assertThat(told()).hasSize(1 + Assembly.MOST_REPEATED);
    }

    private void submit(long recordMillis) {
        Submit submit = new Submit(spec(1), new ArrayList<>(List.of(spec(2))));
        assembly.submit("r1", "acme", submit, false, (part, asked) -> Choice.of("gansu"), recordMillis);
    }

    private void held(int part) {
        assembly.take(new PartNotice("r1", part, PartAnswer.HELD, List.of(), null), "gansu", 150);
    }

    private static ComputeSpec spec(int devices) {
        return ComputeSpec.newBuilder()
                .setDevices(devices)
                .setDurationSeconds(60)
                .build();
    }

    private List<String> told() {
        List<String> told = context.forwarded().stream()
                .filter(forward -> forward.childName().orElse("").equals(DECISIONS))
                .map(forward -> forward.record().timestamp() + " "
                        + ((AllocationDecision) forward.record().value()).getOutcome()
                        + (((AllocationDecision) forward.record().value()).getRepeated() ? " again" : ""))
                .toList();
        context.resetForwards();
        return told;
    }
}
