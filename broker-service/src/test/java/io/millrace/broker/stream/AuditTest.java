package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.MarketRules;
import io.millrace.broker.audit.Audit;
import io.millrace.broker.audit.Checkpoint;
import io.millrace.broker.audit.Outcomes;
import io.millrace.broker.audit.Recording;
import io.millrace.broker.audit.RecordingException;
import io.millrace.broker.audit.Span;
import io.millrace.broker.audit.WhatIf;
import io.millrace.broker.catalogue.Catalogue;
import io.millrace.schemas.Allocated;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.MarketSnapshot;
import io.millrace.schemas.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a market wrote is decided again to the last field; what was falsified is found; other rules give other outcomes. */
class AuditTest {
    private static final String MARKET = "guizhou";
    private static final String SNAPSHOT_EVENTS = BrokerConfig.MARKET_SNAPSHOT_EVENTS;
    private static final Catalogue CATALOGUE = new BrokerConfig(Map.of()).catalogue();

    /** A few busy hours, with a snapshot every hundred events. */
    private static MemoryRecording busy(long seed) {
        Random random = new Random(seed);
        try (BrokerDriver broker =
                new BrokerDriver(Map.of(SNAPSHOT_EVENTS, "100", "queue.policy", "easy"), "audit-" + seed, MARKET)) {
            for (int node = 0; node < 6; node++) {
                broker.node(MARKET, "n" + node, 8);
            }
            broker.letMarketsSpeak();
            for (int i = 0; i < 400; i++) {
                String known = "r" + random.nextInt(i + 1);
                switch (random.nextInt(12)) {
                    case 0, 1 -> broker.release(known);
                    case 2 -> broker.cancel(known, "acme");
                    case 3 ->
                        broker.node(
                                MARKET,
                                "n" + random.nextInt(6),
                                random.nextInt(6) == 0 ? NodeStatus.LOST : NodeStatus.SELLABLE,
                                Collections.nCopies(8, 1000));
                    default -> broker.submit("r" + i, spec(random));
                }
                for (int second = random.nextInt(100); second > 0; second--) {
                    broker.advance(Duration.ofSeconds(1));
                }
            }
            return MemoryRecording.of(broker);
        }
    }

    private static ComputeSpec spec(Random random) {
        ComputeSpec spec = BrokerDriver.spec(1 + random.nextInt(8));
        spec.setDurationSeconds(600L + random.nextInt(9_000));
        spec.setMaxWaitSeconds(random.nextInt(3) * 3_600L);
        spec.setReplicas(1 + random.nextInt(2));
        return spec;
    }

    private static Audit.Report audit(Recording recording) {
        return Audit.run(recording, Span.ALL);
    }

    @Nested
    class AsItWas {
        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3})
        void allIsDecidedAgain(long seed) {
            MemoryRecording record = busy(seed);

            Audit.Report report = audit(record);

            assertThat(report.differences()).isEmpty();
            assertThat(report.start().sequence()).isZero();
            assertThat(report.commands()).isEqualTo(record.commands.size());
            assertThat(report.events()).isEqualTo(record.events.size()).isGreaterThan(500);
            assertThat(report.snapshots())
                    .isEqualTo(record.snapshots.size() - 1)
                    .isGreaterThan(2);
            assertThat(report.pending()).isZero();
        }

        @Test
        void fromEverySnapshotToTheSameEnd() {
            MemoryRecording record = busy(4);
            long end = audit(record).endHash();
            for (Checkpoint checkpoint : record.checkpoints()) {
                Audit.Report report = Audit.run(record, new Span(checkpoint.timeMillis(), Long.MAX_VALUE));
                assertThat(report.isOk()).isTrue();
                assertThat(report.endHash()).isEqualTo(end);
                assertThat(report.start().timeMillis()).isEqualTo(checkpoint.timeMillis());
            }
        }

        @Test
        void aSpanEndsWhereItIsToldTo() {
            MemoryRecording record = busy(5);
            long middle = record.commands.get(200).command().getTimeMillis();
            Audit.Report report = Audit.run(record, new Span(Long.MIN_VALUE, middle));
            assertThat(report.isOk()).isTrue();
            assertThat(report.endMillis()).isLessThanOrEqualTo(middle);
            assertThat(report.commands()).isBetween(201L, 300L);
        }

        /** Retention has taken the first commands, and with them the use of the first snapshots. */
        @Test
        void withoutTheBeginningOfTheLog() {
            MemoryRecording record = busy(6);
            Checkpoint second = record.checkpoints().get(1);
            record.commands.removeIf(each -> each.offset() < second.nextCommandOffset());
            record.events.removeIf(each -> each.getSequence() <= second.sequence() / 2);

            Audit.Report report = audit(record);

            assertThat(report.isOk()).isTrue();
            assertThat(report.start().sequence()).isEqualTo(second.sequence()).isPositive();
        }

        /** Commands that came while the record was read have no events yet. */
        @Test
        void commandsAtTheEndThatAreNotCarriedOutYet() {
            MemoryRecording record = busy(7);
            String last = record.events.getLast().getCommandId();
            record.events.removeIf(each -> each.getCommandId().equals(last));
            Audit.Report report = audit(record);
            assertThat(report.isOk()).isTrue();
            assertThat(report.pending()).isPositive();
            assertThat(report.endSequence()).isEqualTo(record.events.getLast().getSequence());
        }

        /** Services are restarted with other rules: from the snapshot on that says so, these hold. */
        @Test
        void underRulesThatChanged() {
            MarketRules easy = MarketRules.of(Map.of("queue.policy", "easy"));
            MarketRules other = MarketRules.of(Map.of("queue.policy", "fifo", "placement.policy", "packing"));
            MemoryRecording record = MemoryRecording.of(busy(8).commands, List.of(easy, other), 60);

            Audit.Report report = audit(record);
            assertThat(report.differences()).isEmpty();
            assertThat(report.snapshots()).isGreaterThan(5);

            // And they do matter: without the change of rules on record, it does not replay.
            record.snapshots.forEach(parts -> parts.getFirst()
                    .setRules(record.snapshots.getFirst().getFirst().getRules()));
            assertThat(audit(record).isOk()).isFalse();
        }
    }

    @Nested
    class Falsified {
        private final MemoryRecording record = busy(9);

        private int indexOfAllocation() {
            for (int i = 150; i < record.events.size(); i++) {
                if (record.events.get(i).getBody() instanceof Allocated) {
                    return i;
                }
            }
            throw new AssertionError("nothing was allocated");
        }

        @Test
        void aFieldOfAnEvent() {
            int at = indexOfAllocation();
            MarketEvent event = record.events.get(at);
            ((Allocated) event.getBody()).getGrants().getFirst().setPriceMicroCnyPerHour(1);

            Audit.Report report = audit(record);

            assertThat(report.differences()).singleElement().satisfies(difference -> {
                assertThat(difference.sequence()).isEqualTo(event.getSequence());
                assertThat(difference.recorded()).isSameAs(event);
                assertThat(difference.decided()).isNotEqualTo(event);
                assertThat(difference.command()).isNotNull();
                assertThat(difference.what()).isEqualTo("another event was recorded");
            });
            // It goes on from the next snapshot.
            assertThat(report.skipped()).isBetween(1L, 200L);
            assertThat(report.events()).isGreaterThan(record.events.size() / 2);
        }

        @Test
        void anEventThatIsMissing() {
            int at = indexOfAllocation();
            long sequence = record.events.remove(at).getSequence();
            assertThat(audit(record).differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.sequence()).isEqualTo(sequence));
        }

        @Test
        void anEventTooMany() {
            int at = indexOfAllocation();
            record.events.add(at, record.events.get(at));
            assertThat(audit(record).isOk()).isFalse();
        }

        @Test
        void anEventTooManyAtTheEnd() {
            record.events.add(record.events.getLast());
            assertThat(audit(record).differences()).singleElement().satisfies(difference -> {
                assertThat(difference.what()).contains("no command explains");
                assertThat(difference.command()).isNull();
            });
        }

        @Test
        void theEndOfACommand() {
            // Somewhere near the end, a command that led to several events.
            int cut = record.events.size() - 1;
            while (!record.events
                    .get(cut)
                    .getCommandId()
                    .equals(record.events.get(cut - 1).getCommandId())) {
                cut--;
            }
            record.events.subList(cut, record.events.size()).clear();
            record.snapshots.removeIf(parts ->
                    parts.getFirst().getSequence() > record.events.getLast().getSequence());
            assertThat(audit(record).differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.what()).isEqualTo("an event was not recorded"));
        }

        @Test
        void aCommandThatIsMissing() {
            String id = record.events.get(indexOfAllocation()).getCommandId();
            record.commands.removeIf(each -> each.command().getCommandId().equals(id));
            assertThat(audit(record).isOk()).isFalse();
        }

        @Test
        void theHashOfALaterSnapshot() {
            List<MarketSnapshot> parts = record.snapshots.get(2);
            parts.forEach(part -> part.setStateHash(part.getStateHash() + 1));
            assertThatThrownBy(() -> audit(record))
                    .isInstanceOf(RecordingException.class)
                    .hasMessageContaining("is damaged");
        }

        @Test
        void theStateOfTheSnapshotThatItBeginsWith() {
            List<MarketSnapshot> parts = record.snapshots.get(1);
            parts.getFirst().getRequests().removeLast();
            long from = parts.getFirst().getTimeMillis();
            assertThatThrownBy(() -> Audit.run(record, new Span(from, Long.MAX_VALUE)))
                    .isInstanceOf(RecordingException.class)
                    .hasMessageContaining("is damaged: its state has the hash");
        }

        @Test
        void nothingToBeginWith() {
            record.snapshots.clear();
            assertThatThrownBy(() -> audit(record))
                    .isInstanceOf(RecordingException.class)
                    .hasMessageContaining("no snapshot of guizhou");
        }

        @Test
        void aTimeBeforeTheRecord() {
            record.snapshots.removeFirst();
            assertThatThrownBy(() -> Audit.run(record, new Span(1, 2)))
                    .isInstanceOf(RecordingException.class)
                    .hasMessageContaining("begins at");
        }

        @Test
        void withoutItsOwnRulesNothingIsAsked() {
            ((Allocated) record.events.get(indexOfAllocation()).getBody()).setAllocationNumber(7);
            assertThatThrownBy(() -> WhatIf.run(record, Span.ALL, rules -> rules, CATALOGUE))
                    .isInstanceOf(RecordingException.class)
                    .hasMessageContaining("does not replay");
        }
    }

    @Nested
    class UnderOtherRules {
        /** Releases are taken out and put back at their own time: under the same rules all must come to the same. */
        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {10, 11, 12})
        void theSameRulesComeToTheSame(long seed) {
            MemoryRecording record = busy(seed);
            long middle = record.commands.get(150).command().getTimeMillis();
            for (Span span : List.of(Span.ALL, new Span(middle, Long.MAX_VALUE))) {
                WhatIf.Result result = WhatIf.run(record, span, rules -> rules, CATALOGUE);
                assertThat(result.other()).isEqualTo(result.recorded());
                assertThat(result.changed() + result.sooner() + result.later()).isZero();
                assertThat(result.recorded().started()).isGreaterThan(30);
                assertThat(result.recorded().milliDeviceMillis()).isPositive();
                assertThat(result.recorded().energyJoules()).isPositive();
            }
        }

        @Test
        void otherRulesComeToSomethingElse() {
            WhatIf.Result result =
                    WhatIf.run(busy(13), Span.ALL, rules -> rules.with(BrokerConfig.QUEUE_POLICY, "fifo"), CATALOGUE);
            assertThat(result.rules().values()).containsEntry("queue.policy", "fifo");
            assertThat(result.changed() + result.later()).isPositive();
            assertThat(result.other()).isNotEqualTo(result.recorded());
        }

        /** One node of eight. The second waits for the whole of it; the third is short and passes it, or does not. */
        @Test
        void whoMayPassAndWhoMayNot() {
            Outcomes fifo;
            Outcomes easy;
            try (BrokerDriver broker = new BrokerDriver(Map.of("queue.policy", "easy"), "audit-pass", MARKET)) {
                broker.node(MARKET, "n", 8);
                broker.letMarketsSpeak();
                broker.submit("first", spec(4, 7_200, 0));
                broker.submit("second", spec(8, 3_600, 86_400));
                broker.submit("third", spec(4, 3_600, 86_400));
                // Half an hour of it is enough: in the record from the start, with fifo two and a half hours later.
                minutes(broker, 30);
                broker.release("third");
                minutes(broker, 300);
                broker.submit("last", spec(1, 60, 0));
                WhatIf.Result result = WhatIf.run(
                        MemoryRecording.of(broker),
                        Span.ALL,
                        rules -> rules.with(BrokerConfig.QUEUE_POLICY, "fifo"),
                        CATALOGUE);
                fifo = result.other();
                easy = result.recorded();
                assertThat(result.later()).isEqualTo(1);
                assertThat(result.sooner()).isZero();
                assertThat(result.changed()).isZero();
            }
            long deviceHour = 1_000L * 3_600_000;
            assertThat(easy.milliDeviceMillis()).isEqualTo((8 + 8 + 2) * deviceHour);
            assertThat(fifo.milliDeviceMillis()).isEqualTo(easy.milliDeviceMillis());
            assertThat(easy.energyJoules()).isEqualTo(18 * 3_600L * 400).isEqualTo(fifo.energyJoules());
            assertThat(easy.unratedMilliDeviceMillis()).isZero();
            assertThat(fifo.costMicroCny()).isEqualTo(easy.costMicroCny()).isEqualTo(18 * 36_000_000L);
            assertThat(easy.started()).isEqualTo(4);
            assertThat(easy.waitP50Millis()).isZero();
            assertThat(easy.waitP99Millis()).isEqualTo(7_200_000);
            // Half of four: the last and the first need not wait. The clock tells of an end within a second.
            assertThat(fifo.waitP50Millis()).isZero();
            assertThat(fifo.waitP99Millis()).isBetween(10_800_000L, 10_801_000L);
        }

        private void minutes(BrokerDriver broker, int minutes) {
            for (int minute = 0; minute < minutes; minute++) {
                broker.advance(Duration.ofMinutes(1));
            }
        }

        private ComputeSpec spec(int devices, long seconds, long waits) {
            ComputeSpec spec = BrokerDriver.spec(devices);
            spec.setDurationSeconds(seconds);
            spec.setMaxWaitSeconds(waits);
            return spec;
        }
    }

    @Nested
    class Parts {
        @Test
        void aLargeStateIsWrittenInSeveral() {
            try (BrokerDriver broker = new BrokerDriver(Map.of(SNAPSHOT_EVENTS, "2000"), "audit-parts", MARKET)) {
                for (int node = 0; node < 2_100; node++) {
                    broker.node(MARKET, "n" + node, 8);
                }
                MemoryRecording record = MemoryRecording.of(broker);
                List<MarketSnapshot> parts = record.snapshots.getLast();
                assertThat(record.snapshots).hasSize(2);
                assertThat(parts).hasSizeGreaterThan(1);
                assertThat(audit(record).isOk()).isTrue();

                List<MarketSnapshot> swapped = new ArrayList<>(parts);
                Collections.swap(swapped, 0, 1);
                assertThatThrownBy(() -> SnapshotCodec.read(swapped)).hasMessageContaining("is not whole");
                assertThatThrownBy(() -> SnapshotCodec.read(parts.subList(0, parts.size() - 1)))
                        .hasMessageContaining("is not whole");
                assertThatThrownBy(() -> SnapshotCodec.read(List.of())).hasMessageContaining("without parts");
            }
        }
    }
}
