package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Siting;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Markets in which nothing happens for a while. */
class QuietMarketTest {
    private final BrokerDriver broker = new BrokerDriver("quiet", "guizhou", "gansu");

    @AfterEach
    void close() {
        broker.close();
    }

    /** Its data lie in Guizhou: 1,000,000 GiB. */
    private AllocationDecision submit(String id) {
        ComputeSpec spec = BrokerDriver.spec(8);
        spec.setSiting(new Siting(null, null, "guizhou", 1_000_000L, List.of()));
        broker.submit(id, spec);
        return broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
    }

    @Test
    void whatAMarketShowsAsTakenIsNotTakenOnceMore() {
        for (int i = 0; i < 2; i++) {
            broker.nodeOf("A100-80G", "guizhou", "n" + i, 8);
            broker.nodeOf("A100-80G", "gansu", "g" + i, 8);
        }
        broker.letMarketsSpeak();
        assertThat(submit("r1").getMarketId()).isEqualTo("guizhou");
        for (int i = 0; i < 100; i++) {
            broker.letMarketsSpeak();
        }
        assertThat(submit("r2").getMarketId()).isEqualTo("guizhou");
    }

    /** Who comes first is a question of age, too. */
    @Test
    void whereSomebodyWaitsTheTimeIsToldOnceAMinute() {
        broker.nodeOf("A100-80G", "guizhou", "n0", 8);
        broker.letMarketsSpeak();
        ComputeSpec waits = BrokerDriver.spec(8);
        waits.setMaxWaitSeconds(1_500);
        waits.setDurationSeconds(3_000);
        broker.submit("r1", waits);
        broker.submit("r2", waits);
        broker.read(Topics.MARKET_COMMANDS);
        for (int second = 0; second < 250; second++) {
            broker.advance(Duration.ofSeconds(1));
        }
        assertThat(broker.read(Topics.MARKET_COMMANDS)).hasSizeBetween(3, 5);
    }
}
