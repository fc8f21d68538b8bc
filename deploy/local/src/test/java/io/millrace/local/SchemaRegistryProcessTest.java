package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaRegistryProcessTest {
    private static final String OLD = schema("");
    private static final String WITH_DEFAULT =
            schema(",{\\\"name\\\":\\\"b\\\",\\\"type\\\":\\\"int\\\",\\\"default\\\":0}");
    private static final String WITHOUT_DEFAULT = schema(",{\\\"name\\\":\\\"c\\\",\\\"type\\\":\\\"int\\\"}");

    @TempDir
    Path data;

    @Test
    void incompatibleSchemasAreRefusedAndSubjectsOutliveARestart() throws Exception {
        try (SchemaRegistryProcess registry = start()) {
            assertThat(get(registry, "/config").body()).contains("BACKWARD_TRANSITIVE");
            assertThat(register(registry, OLD).statusCode()).isEqualTo(200);
            assertThat(register(registry, WITH_DEFAULT).statusCode()).isEqualTo(200);
            assertThat(register(registry, WITHOUT_DEFAULT).statusCode()).isEqualTo(409);
        }
        try (SchemaRegistryProcess registry = start()) {
            assertThat(get(registry, "/subjects/greetings-value/versions").body())
                    .isEqualTo("[1,2]");
            assertThat(register(registry, WITHOUT_DEFAULT).statusCode()).isEqualTo(409);
        }
    }

    @Test
    void aMissingServerIsNamed() {
        assertThatThrownBy(() -> SchemaRegistryProcess.start(data.resolve("nowhere"), data.resolve("registry"), 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(data.resolve("nowhere").toString())
                .hasMessageContaining(RegistryHome.PROPERTY);
    }

    @Test
    void aServerThatEndsAtOnceIsReportedWithItsLastWords() throws Exception {
        Path home = Files.createDirectories(data.resolve("home"));
        Files.writeString(home.resolve("quarkus-run.jar"), "not a jar");
        assertThatThrownBy(() -> SchemaRegistryProcess.start(home, data.resolve("registry"), 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("ended with status 1")
                .hasMessageContaining("quarkus-run.jar");
    }

    /** The wrapper is what must end the child when this process is killed: the test closes the pipe as a kill would. */
    @Test
    void theChildEndsWhenThePipeOfItsParentCloses() throws Exception {
        Process child = new ProcessBuilder(
                        "/bin/sh", "-c", SchemaRegistryProcess.ENDS_WITH_PARENT, "test", "sleep", "600")
                .start();
        ProcessHandle handle = child.toHandle();
        Awaitility.await().until(() -> handle.info().command().orElse("").contains("sleep"));
        child.getOutputStream().close();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !handle.isAlive());
    }

    @Test
    void aRecordedOrphanIsEndedAndAStrangerIsNot() throws Exception {
        Process child = new ProcessBuilder("sleep", "600").start();
        Path record = data.resolve("pid");
        try {
            Files.writeString(record, child.pid() + " 1999-01-01T00:00:00Z");
            OrphanedProcess.end(record);
            assertThat(child.isAlive()).isTrue();

            OrphanedProcess.record(record, child.toHandle());
            OrphanedProcess.end(record);
            assertThat(child.isAlive()).isFalse();
        } finally {
            child.destroyForcibly();
        }
    }

    private SchemaRegistryProcess start() {
        return SchemaRegistryProcess.start(RegistryHome.find(), data.resolve("registry"), 0);
    }

    private static String schema(String moreFields) {
        return "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"G\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"int\\\"}"
                + moreFields + "]}\"}";
    }

    private static HttpResponse<String> register(SchemaRegistryProcess registry, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/greetings-value/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(SchemaRegistryProcess registry, String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(registry.url() + path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
