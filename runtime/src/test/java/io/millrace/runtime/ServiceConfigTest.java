package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.port            | abc       | http.port, abc, number",
                "http.port            | 70000     | http.port, 70000, 65535",
                "http.max.body.bytes  | 10        | http.max.body.bytes, 10, 1024",
                "streams.threads      | 0         | streams.threads, 0, 1",
                "streams.replication.factor | 0   | streams.replication.factor, 0, -1",
                "producer.compression | zip       | producer.compression, zip, lz4",
                "application.id       | a b       | application.id, a b, letters",
                "htpp.port            | 8080      | htpp.port, 8080, did you mean http.port?",
                "belt.speed           | 1         | belt.speed, did you mean belt.speed.ms?",
            })
    void aWrongValueIsOneClearLine(String key, String value, String expected) {
        assertThatThrownBy(() -> TestConfig.of(key, value))
                .isInstanceOf(ConfigException.class)
                .message()
                .doesNotContain("\n")
                .contains(expected.split(", ", -1));
    }

    @Test
    void laterSourcesWin(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("x.properties"), "http.port=1\nhttp.host=a\nstreams.threads=3\n");
        Map<String, String> environment = Map.of(
                "MILLRACE_HTTP_PORT", "2",
                "MILLRACE_STREAMS_THREADS", "4",
                "MILLRACE_KAFKA_SECURITY_PROTOCOL", "SSL",
                "MILLRACE_BROKER_SERVICE_HOST", "10.0.0.7",
                "HTTP_HOST", "b");
        assertThat(ServiceConfig.gather(TestConfig.definition(), file, environment, Map.of("http.port", "3")))
                .containsOnly(
                        Map.entry("http.port", "3"),
                        Map.entry("http.host", "a"),
                        Map.entry("streams.threads", "4"),
                        Map.entry("kafka.security.protocol", "SSL"));
        assertThat(ServiceConfig.gather(TestConfig.definition(), null, Map.of(), Map.of()))
                .isEmpty();
        assertThatThrownBy(() -> ServiceConfig.gather(
                        TestConfig.definition(), folder.resolve("none.properties"), Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.properties");
    }

    @Test
    void clientsGetWhatTheyNeed() {
        TestConfig config = TestConfig.of(
                "bootstrap.servers", "a:1,b:2", "kafka.security.protocol", "SSL", "producer.compression", "zstd");
        assertThat(config.producerProperties("p"))
                .containsEntry("bootstrap.servers", List.of("a:1", "b:2"))
                .containsEntry("client.id", "p")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("compression.type", "zstd")
                .containsEntry("acks", "all");
        assertThat(config.consumerProperties("c"))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("security.protocol", "SSL");
        assertThat(config.streamsProperties(8_081))
                .containsEntry("application.id", "test-service")
                .containsEntry("application.server", "127.0.0.1:8081")
                .containsEntry("client.id", "test-service-127.0.0.1-8081")
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("commit.interval.ms", 20L)
                .containsEntry("security.protocol", "SSL")
                .containsEntry("producer.compression.type", "zstd");
    }

    @Test
    void othersReachItAtTheAdvertisedHost() {
        assertThat(TestConfig.of().advertised(5)).isEqualTo(new HostInfo("127.0.0.1", 5));
        assertThat(TestConfig.of("http.host", "0.0.0.0", "http.advertised.host", "pod-3")
                        .advertised(5))
                .isEqualTo(new HostInfo("pod-3", 5));
    }

    @Test
    void theKeysAreATable() {
        assertThat(ServiceConfig.markdown(TestConfig.definition()).lines())
                .contains(
                        "| key | default | unit | meaning |",
                        "| `belt.speed.ms` | `100` | ms | Milliseconds per turn \\| of the belt. |",
                        "| `http.advertised.host` |  |  | Name or address at which other instances reach this one;"
                                + " empty for http.host. |")
                .allSatisfy(line -> assertThat(line).startsWith("|").endsWith("|"));
    }
}
