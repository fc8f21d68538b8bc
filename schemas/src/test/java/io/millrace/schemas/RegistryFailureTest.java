package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that answers nonsense, or not at all, is not the record's fault. */
class RegistryFailureTest {

    private static final byte[] BYTES = {0, 0, 0, 0, 5, 1, 2, 3};

    private HttpServer server;
    private int status;
    private String answer = "";

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Decoded<NodeReport> decode() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/apis/ccompat/v7";
        try (Codecs codecs = Codecs.connect(url)) {
            return codecs.of(Topics.TELEMETRY_REPORTS).decode(BYTES);
        }
    }

    @Test
    void notFoundByARegistryIsAnUnknownSchema() {
        status = 404;
        answer = "{\"error_code\":40403,\"message\":\"Schema not found\"}";
        assertThat(decode())
                .isInstanceOfSatisfying(
                        Decoded.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RejectReason.UNKNOWN_SCHEMA));
    }

    @Test
    void notFoundBySomethingElseIsNoRegistry() {
        status = 404;
        answer = "<html>nginx</html>";
        assertUnavailable();
    }

    @Test
    void aFailingRegistryIsUnavailable() {
        status = 500;
        answer = "{\"error_code\":50001,\"message\":\"store is down\"}";
        assertUnavailable();
    }

    @Test
    void noRegistryAtAllIsUnavailable() {
        server.stop(0);
        assertUnavailable();
    }

    private void assertUnavailable() {
        assertThatThrownBy(this::decode)
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("schema id 5");
    }

    @Test
    void aSchemaOfAnotherKindIsWrong() {
        status = 200;
        answer = "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}";
        assertWrongSchema();
    }

    @Test
    void anAvroSchemaThatCannotBeReadIsWrong() {
        status = 200;
        answer = "{\"schema\":\"{\\\"type\\\":\\\"recrod\\\"}\"}";
        assertWrongSchema();
    }

    private void assertWrongSchema() {
        assertThat(decode()).isInstanceOfSatisfying(Decoded.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(RejectReason.WRONG_SCHEMA);
            assertThat(refused.detail()).contains("schema id 5").contains("not an Avro schema");
        });
    }

    @Test
    void anAddressThatIsNoneIsRefusedAtOnce() {
        assertThatThrownBy(() -> Codecs.connect("localhost:8081"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"localhost:8081\"")
                .hasMessageContaining("http://");
    }
}
