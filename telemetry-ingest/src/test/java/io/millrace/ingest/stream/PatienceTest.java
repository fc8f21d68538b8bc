package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpServer;
import io.millrace.ingest.Records;
import io.millrace.runtime.Patience;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.RegistryUnavailableException;
import io.millrace.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry that is away makes a stream wait; it neither loses nor refuses what it cannot read yet. */
@Timeout(60)
class PatienceTest {
    private static final int ENOUGH_FAILURES = 8;

    private final AtomicInteger failuresLeft = new AtomicInteger(ENOUGH_FAILURES);
    private final AtomicInteger waits = new AtomicInteger();
    private HttpServer registry = unstarted();
    private byte[] report = {};

    private static HttpServer unstarted() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void startRegistry() {
        try (Codecs mock = Codecs.connect("mock://patience")) {
            report = mock.of(Topics.TELEMETRY_REPORTS).encode(Records.report("c1/n1", 1, 1));
        }
        String schema = TextNode.valueOf(NodeReport.getClassSchema().toString()).toString();
        registry.createContext("/", exchange -> {
            boolean fails = failuresLeft.getAndDecrement() > 0;
            byte[] body = (fails ? "{\"error_code\":50001,\"message\":\"away\"}" : "{\"schema\":" + schema + "}")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(fails ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
    }

    @AfterEach
    void stopRegistry() {
        registry.stop(0);
    }

    private Codecs codecs() {
        return Codecs.connect("http://127.0.0.1:" + registry.getAddress().getPort());
    }

    @Test
    void aRecordIsReadWhenTheRegistryIsBack() {
        try (Codecs codecs = codecs();
                Patience patience = new Patience(waits::incrementAndGet)) {
            Decoded<NodeReport> decoded =
                    new PatientCodec<>(codecs.of(Topics.TELEMETRY_REPORTS), patience).decode(report);
            assertThat(decoded)
                    .isInstanceOfSatisfying(
                            Decoded.Value.class,
                            value -> assertThat(value.value()).isEqualTo(Records.report("c1/n1", 1, 1)));
            assertThat(waits).hasPositiveValue();
            assertThat(failuresLeft).hasNonPositiveValue();
        }
    }

    @Test
    void waitingEndsWhenTheServiceStops() {
        failuresLeft.set(Integer.MAX_VALUE);
        Patience patience = new Patience(waits::incrementAndGet);
        patience.close();
        try (Codecs codecs = codecs()) {
            PatientCodec<NodeReport> codec = new PatientCodec<>(codecs.of(Topics.TELEMETRY_REPORTS), patience);
            assertThatThrownBy(() -> codec.decode(report)).isInstanceOf(RegistryUnavailableException.class);
        }
    }
}
