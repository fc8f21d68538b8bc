package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldPeekTest {
    private final Codecs codecs = Codecs.connect("mock://field-peek");

    @Test
    void anEnumBehindTexts() {
        Codec<AllocationDecision> codec = codecs.of(Topics.ALLOCATION_DECISIONS);
        FieldPeek peek =
                new FieldPeek(Topics.ALLOCATION_DECISIONS.schema(), "outcome", codec.encode(decision(Outcome.UNKNOWN)));

        for (Outcome outcome : Outcome.values()) {
            byte[] encoded = codec.encode(decision(outcome));
            assertThat(peek.fits(encoded)).isTrue();
            assertThat(peek.symbol(encoded)).isEqualTo(outcome.name());
        }
    }

    @Test
    void aNumberBehindAList() {
        Codec<NodeCapacity> codec = codecs.of(Topics.CAPACITY_NODES);
        byte[] encoded = codec.encode(capacity(1_760_000_000_123L));
        FieldPeek peek = new FieldPeek(Topics.CAPACITY_NODES.schema(), "sequence", encoded);

        assertThat(peek.number(encoded)).isEqualTo(1_760_000_000_123L);
    }

    @Test
    void anotherSchemaIsNoticed() {
        byte[] node = codecs.of(Topics.CAPACITY_NODES).encode(capacity(1));
        byte[] decision = codecs.of(Topics.ALLOCATION_DECISIONS).encode(decision(Outcome.QUEUED));
        FieldPeek peek = new FieldPeek(Topics.CAPACITY_NODES.schema(), "sequence", node);

        assertThat(peek.fits(decision)).isFalse();
        assertThat(peek.fits(new byte[] {0, 1})).isFalse();
    }

    @Test
    void aFieldThatIsNotThereIsRefused() {
        byte[] node = codecs.of(Topics.CAPACITY_NODES).encode(capacity(1));

        assertThatThrownBy(() -> new FieldPeek(Topics.CAPACITY_NODES.schema(), "seq", node))
                .hasMessageContaining("NodeCapacity has no field seq");
    }

    private static AllocationDecision decision(Outcome outcome) {
        return AllocationDecision.newBuilder()
                .setDecisionId("guizhou-5")
                .setRequestId("bench-5")
                .setAccountId("bench")
                .setMarketId("guizhou")
                .setSequence(5)
                .setDecidedAtMillis(0)
                .setOutcome(outcome)
                .build();
    }

    private static NodeCapacity capacity(long sequence) {
        return NodeCapacity.newBuilder()
                .setNodeId("c/n")
                .setCentreId("c")
                .setPoolId("p")
                .setMarketId("guizhou")
                .setKind(Kind.INTELLIGENT)
                .setModel("T4")
                .setStatus(NodeStatus.SELLABLE)
                .setCpuTotalMillicores(1000)
                .setCpuSellableMillicores(1000)
                .setMemoryTotalMib(1000)
                .setMemorySellableMib(1000)
                .setDeviceSellableMilli(List.of(1000, 0, 500))
                .setObservedAtMillis(0)
                .setSequence(sequence)
                .build();
    }
}
