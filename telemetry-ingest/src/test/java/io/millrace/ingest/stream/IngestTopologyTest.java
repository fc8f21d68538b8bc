package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.Rig;
import io.millrace.runtime.Patience;
import io.millrace.schemas.Codecs;
import java.io.IOException;
import java.io.InputStream;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** A renamed node or store loses state on the next upgrade: the description is kept and compared. */
class IngestTopologyTest {
    @Test
    void theTopologyIsAsDescribed() throws IOException {
        String golden;
        try (InputStream file = IngestTopologyTest.class.getResourceAsStream("topology.txt")) {
            assertThat(file).isNotNull();
            golden = new String(file.readAllBytes(), UTF_8);
        }
        try (Codecs codecs = Codecs.connect("mock://golden")) {
            Topology topology = IngestTopology.build(
                    Rig.SETTINGS,
                    codecs,
                    Rig.partitions(1),
                    new Patience(() -> {}),
                    new Profiles(),
                    new IngestMetrics(new SimpleMeterRegistry()),
                    partition -> true);
            assertThat(topology.describe().toString().strip()).isEqualTo(golden.strip());
        }
    }
}
