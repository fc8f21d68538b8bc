package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopicsTest {

    static List<Topic<?>> topics() {
        return Topics.all();
    }

    @Test
    void theCatalogueIsWhole() {
        assertThat(Topics.all())
                .extracting(Topic::name)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrder(
                        "telemetry.reports",
                        "telemetry.centres",
                        "telemetry.rejected",
                        "centres.profiles",
                        "centres.sites",
                        "capacity.nodes",
                        "capacity.summaries",
                        "compute.requests",
                        "compute.rejected",
                        "market.commands",
                        "market.events",
                        "market.snapshots",
                        "market.notices",
                        "market.capacity",
                        "allocation.decisions",
                        "usage.records",
                        "billing.entries");
        assertThatThrownBy(() -> Topics.all().remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @MethodSource("topics")
    void everyTopicIsWellFormed(Topic<?> topic) {
        assertThat(topic.name()).matches("[a-z]+\\.[a-z]+");
        assertThat(topic.subject()).isEqualTo(topic.name() + "-value");
        assertThat(topic.meaning()).isNotBlank();
        assertThat(topic.maxMessageBytes()).isBetween(64 << 10, 4 << 20);
        if (topic.cleanup() == Cleanup.COMPACT) {
            assertThat(topic.retentionMillis()).isEqualTo(Topic.FOR_EVER);
            assertThat(topic.configs())
                    .containsKeys("min.cleanable.dirty.ratio", "segment.bytes", "delete.retention.ms");
        } else {
            assertThat(topic.retentionMillis()).isBetween(Topics.DAY, 400 * Topics.DAY);
            assertThat(Long.parseLong(topic.configs().getOrDefault("segment.ms", "0")))
                    .isPositive()
                    .isLessThan(topic.retentionMillis());
        }
        if (!topic.keyMeaning().contains(" ") && !topic.keyMeaning().contains(":")) {
            assertThat(topic.schema().getField(topic.keyMeaning()))
                    .as("the key of %s is a field of its values", topic)
                    .isNotNull();
        }
    }

    @Test
    void aDeadLetterHoldsTheLargestRecordThatCanBeRefused() {
        assertThat(Topics.TELEMETRY_REJECTED.maxMessageBytes())
                .isGreaterThan(2 * Topics.TELEMETRY_REPORTS.maxMessageBytes())
                .isGreaterThan(Topics.COMPUTE_REQUESTS.maxMessageBytes());
    }

    @Test
    void whatIsJoinedIsInOneGroup() {
        Map<Partitioning, Set<String>> groups = Topics.all().stream()
                .collect(Collectors.groupingBy(
                        Topic::partitioning, Collectors.mapping(Topic::name, Collectors.toSet())));
        assertThat(groups.get(Partitioning.BY_REQUEST))
                .containsExactlyInAnyOrder("compute.requests", "market.notices", "allocation.decisions");
        assertThat(groups.get(Partitioning.BY_MARKET))
                .containsExactlyInAnyOrder("market.commands", "market.events", "market.snapshots", "market.capacity");
        assertThat(groups.get(Partitioning.BY_NODE)).containsExactlyInAnyOrder("telemetry.reports", "capacity.nodes");
    }

    @Test
    void readersOutsideGetCloudEvents() {
        assertThat(Topics.all().stream().filter(Topic::outside))
                .containsExactlyInAnyOrder(Topics.ALLOCATION_DECISIONS, Topics.USAGE_RECORDS, Topics.BILLING_ENTRIES);
    }

    @Test
    void aSizingNamesEveryGroupAndNoZero() {
        Sizing sizing = Sizing.of(4, 1).with(Partitioning.BY_MARKET, 8);
        assertThat(sizing.partitions(Partitioning.BY_MARKET)).isEqualTo(8);
        assertThat(sizing.partitions(Partitioning.ANY)).isEqualTo(4);
        assertThatThrownBy(() -> Sizing.of(0, 1)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> Sizing.of(1, 0)).hasMessageContaining("replication factor");
        assertThatThrownBy(() -> new Sizing(Map.of(), (short) 1)).hasMessageContaining("BY_NODE");
    }
}
