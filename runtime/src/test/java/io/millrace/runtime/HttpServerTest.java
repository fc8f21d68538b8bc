package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ScoreTerm;
import io.millrace.schemas.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpServerTest {

    private static final int MAX_BODY = 4_096;
    /** How long Jetty would wait for it. */
    private static final Duration JETTYS_OWN = Duration.ofSeconds(1);

    private final Metrics metrics = new Metrics("test");
    private final Health health = new Health();
    private final AtomicBoolean virtual = new AtomicBoolean();
    private final Codecs codecs = Codecs.connect("http://127.0.0.1:1");
    private final CountDownLatch slow = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private HttpServer server = server();
    private final HttpClient client = HttpClient.newHttpClient();

    private static OpenApi description() {
        return new OpenApi("Test", "A service for tests.", "1")
                .get(
                        "/v1/things/{id}",
                        Operation.of("Shows a thing")
                                .query("part", "string", "Only this part.")
                                .query("as", "string", "How.")
                                .returns(200, "The thing."))
                .delete("/v1/things/{id}", Operation.of("Removes a thing").returns(204, "Gone."))
                .post(
                        "/v1/terms",
                        Operation.of("Takes a term").body(ScoreTerm.class).returns(200, "The same.", ScoreTerm.class))
                .get("/v1/broken", Operation.of("Fails").problem(500, "Always."))
                .get("/v1/unregistered", Operation.of("Needs the registry").returns(200, "Not here."))
                .get("/v1/slow", Operation.of("Takes its time").returns(200, "At last."))
                .get("/v1/events", Operation.of("Streams").streams("Terms.", ScoreTerm.class));
    }

    private HttpServer server() {
        TestConfig config = TestConfig.of("http.max.body.bytes", Integer.toString(MAX_BODY));
        return HttpServer.start(
                config,
                metrics,
                health,
                description(),
                routes -> routes.get("/v1/things/{id}", context -> {
                            virtual.set(Thread.currentThread().isVirtual());
                            Json.answer(context, 200, Json.object().put("id", context.pathParam("id")));
                        })
                        .delete("/v1/things/{id}", context -> {
                            throw new ProblemException(409, "In Use", "a thing is in use", Map.of("users", 2));
                        })
                        .post(
                                "/v1/terms",
                                context -> Json.answer(
                                        context,
                                        200,
                                        AvroJson.write(AvroJson.require(Json.body(context), ScoreTerm.class))))
                        .get("/v1/broken", context -> {
                            throw new IllegalStateException("a secret of the inside");
                        })
                        .get(
                                "/v1/unregistered",
                                context -> codecs.of(Topics.COMPUTE_REQUESTS)
                                        .encode(new ComputeRequest("r1", "acme", 0L, new Cancel(""))))
                        .get("/v1/slow", context -> {
                            slow.countDown();
                            goOn.await();
                            Json.answer(context, 200, Json.object().put("big", "x".repeat(4 << 20)));
                        })
                        .get(
                                "/v1/events",
                                context ->
                                        context.contentType("text/event-stream").result("event: term\ndata: {}\n\n")));
    }

    @BeforeEach
    void start() {
        assertThat(server.port()).isPositive();
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    private HttpResponse<String> call(String method, String path, BodyPublisher body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.url() + path)).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return call("GET", path, BodyPublishers.noBody());
    }

    private HttpResponse<String> postTerm(String body) throws Exception {
        return call(
                "POST", "/v1/terms", BodyPublishers.ofString(body), "Content-Type", "application/json; charset=utf-8");
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode assertProblem(HttpResponse<String> response, int status, String title, String detail) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isEqualTo(title);
        assertThat(problem.path("detail").asText()).contains(detail);
        assertThat(problem.path("instance").asText()).isEqualTo(response.uri().getPath());
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        return problem;
    }

    @Test
    void handlersAnswerOnVirtualThreads() throws Exception {
        HttpResponse<String> response = get("/v1/things/guizhou%2Fnode-1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("id").asText()).isEqualTo("guizhou/node-1");
        assertThat(virtual).isTrue();
    }

    @Test
    void aProblemOfTheServiceIsADocument() throws Exception {
        JsonNode problem = assertProblem(
                call("DELETE", "/v1/things/7", BodyPublishers.noBody()), 409, "In Use", "a thing is in use");
        assertThat(problem.path("users").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIs404() throws Exception {
        assertProblem(get("/v1/nothing"), 404, "Not Found", "/v1/nothing");
    }

    @Test
    void anotherMethodIs405AndSaysWhich() throws Exception {
        HttpResponse<String> response = call("POST", "/v1/things/7", BodyPublishers.noBody());
        assertProblem(response, 405, "Method Not Allowed", "POST is not possible");
        assertThat(response.headers().firstValue("Allow"))
                .hasValueSatisfying(
                        allow -> assertThat(allow.split(", ")).containsExactlyInAnyOrder("GET", "HEAD", "DELETE"));
    }

    @Test
    void headIsAnsweredAsGetWithoutTheBody() throws Exception {
        HttpResponse<String> head = call("HEAD", "/v1/things/7", BodyPublishers.noBody());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(call("HEAD", "/v1/broken", BodyPublishers.noBody()).statusCode())
                .isEqualTo(500);
        assertThat(call("HEAD", "/v1/things/7?prat=1", BodyPublishers.noBody()).statusCode())
                .isEqualTo(400);
        assertThat(call("HEAD", "/v1/nothing", BodyPublishers.noBody()).statusCode())
                .isEqualTo(404);
        health.ready("kafka", () -> Optional.of("is away"));
        assertThat(call("HEAD", "/health/ready", BodyPublishers.noBody()).statusCode())
                .isEqualTo(503);
    }

    @Test
    void problemsAreUtf8() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/terms"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"\u7b97\u529b\":1,\"\u00e9\":1}"))
                .build();
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("\u7b97\u529b", "\u00e9");
    }

    @Test
    void aLargeBodyIs413WithOrWithoutItsLength() throws Exception {
        byte[] large = ("{\"contribution\":1" + " ".repeat(MAX_BODY) + "}").getBytes(StandardCharsets.UTF_8);
        String[] type = {"Content-Type", "application/json"};
        assertProblem(
                call("POST", "/v1/terms", BodyPublishers.ofByteArray(large), type), 413, "Content Too Large", "4096");
        BodyPublisher chunked = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large));
        assertProblem(call("POST", "/v1/terms", chunked, type), 413, "Content Too Large", "4096");
    }

    /** Who still writes when the connection is closed is sent a reset, which overtakes the answer. */
    @Test
    void whoSendsMuchTooMuchReadsTheAnswerAfterwards() throws Exception {
        byte[] piece = new byte[64 << 10];
        int pieces = 64;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /v1/terms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                    + pieces * piece.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < pieces; i++) {
                out.write(piece);
                out.flush();
                LockSupport.parkNanos(2_000_000);
            }
            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void aBodyThatIsNoJsonIs415Or400() throws Exception {
        BodyPublisher body = BodyPublishers.ofString("{}");
        assertProblem(
                call("POST", "/v1/terms", body, "Content-Type", "text/plain"),
                415,
                "Unsupported Media Type",
                "got text/plain");
        assertProblem(call("POST", "/v1/terms", body), 415, "Unsupported Media Type", "got none");
        assertProblem(
                call("POST", "/v1/terms", body, "Content-Type", "application/json", "Content-Encoding", "gzip"),
                415,
                "Unsupported Media Type",
                "Content-Encoding is gzip");
        assertProblem(postTerm("{\"contribution\":}"), 400, "Malformed JSON", "line 1, column 17");
    }

    @Test
    void everyErrorInABodyIsListed() throws Exception {
        JsonNode problem = assertProblem(
                postTerm("{\"contribution\":\"x\",\"trem\":1}"), 400, "Invalid ScoreTerm", "contribution: expected");
        assertThat(problem.path("errors")).hasSize(2);
        assertThat(postTerm("{\"contribution\":1}").statusCode()).isEqualTo(200);
    }

    @Test
    void aFailureTellsNothingOfTheInside() throws Exception {
        HttpResponse<String> response = get("/v1/broken");
        assertProblem(response, 500, "Internal Server Error", "the service failed");
        assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
    }

    @Test
    void withoutTheRegistryACallIsToBeTriedAgain() throws Exception {
        HttpResponse<String> response = get("/v1/unregistered");
        assertProblem(response, 503, "Not Available Now", "the schema registry does not answer");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void eventsAreStreamed() throws Exception {
        HttpResponse<String> response =
                call("GET", "/v1/events", BodyPublishers.noBody(), "Accept", "text/event-stream");
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(response.body()).contains("event: term").contains("data: {}");
    }

    @Test
    void rubbishOnTheWireIsAnswered() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("\u0001\u0002 nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("\tat ");
        }
        assertThat(get("/v1/things/1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /v1/things/%00 HTTP/1.1 | 400",
                "GET /v1/things/%ff HTTP/1.1 | 400",
                "GET /v1/things/%zz HTTP/1.1 | 400",
                "GET /v1/things/1%2 HTTP/1.1 | 400",
                "GET /v1/../../etc HTTP/1.1 | 400",
                "GET LONG HTTP/1.1 | 414",
                "GET nonsense HTTP/1.1 | 400",
                "POST /v1/terms HTTP/1.1\\r\\nContent-Length: many | 400",
                "GET /v1/things/1 HTTP/9.9 | 505",
            })
    void whatTheServerItselfRefusesIsAProblemToo(String line, int status) throws Exception {
        String sent = line.replace("LONG", "/v1/things/" + "x".repeat(9_000)).replace("\\r\\n", "\r\n");
        assertThat(raw(sent))
                .startsWith("HTTP/1.1 " + status)
                .contains("application/problem+json")
                .contains("\"status\":" + status)
                .doesNotContain("<html");
        assertThat(get("/v1/things/1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "prat=1; prat: unknown parameter, known are [as, part]",
                "part=1&part=2; part: given more than once",
                "part=a%2; part=a%2: a percent-escape is broken, or is not UTF-8",
                "part=%zz; part=%zz: a percent-escape is broken, or is not UTF-8",
                "part=%ff; part=%ff: a percent-escape is broken, or is not UTF-8",
                "%ff=1; %ff=1: a percent-escape is broken, or is not UTF-8",
                "as=b&=; : unknown parameter, known are [as, part]",
            })
    void aQueryIsReadStrictly(String query, String error) throws Exception {
        String answer = raw("GET /v1/things/1?" + query + " HTTP/1.1");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"detail\":\"" + error + "\"");
    }

    @Test
    void aQueryThatIsRightIsTaken() throws Exception {
        for (String query : List.of("", "&", "part=", "part=a+b%20%C3%A4&as=%25", "%70art=1")) {
            assertThat(raw("GET /v1/things/1?" + query + " HTTP/1.1")).startsWith("HTTP/1.1 200");
        }
        assertThat(raw("DELETE /v1/things/1?part=1 HTTP/1.1"))
                .startsWith("HTTP/1.1 400")
                .contains("part: unknown parameter, known are none");
    }

    private String raw(String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write((line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void healthIs503WhileSomethingIsWrong() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        health.ready("store", () -> Optional.of("still reading"));
        HttpResponse<String> response = get("/health/ready");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).path("checks").path(0).path("problem").asText())
                .isEqualTo("still reading");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsCountCallsByRouteAndNeverByPath() throws Exception {
        get("/v1/things/7");
        get("/v1/things/8");
        get("/v1/nothing/9");
        Awaitility.await().untilAsserted(() -> {
            HttpResponse<String> response = get("/metrics");
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(PrometheusText.parse(response.body()).values("millrace_http_requests_seconds_count"))
                    .containsEntry(
                            Map.of("service", "test", "method", "GET", "uri", "/v1/things/{id}", "status", "200"), 2.0)
                    .containsEntry(Map.of("service", "test", "method", "GET", "uri", "(none)", "status", "404"), 1.0);
            assertThat(response.body()).contains("jvm_memory_used_bytes").doesNotContain("things/7");
        });
    }

    @Test
    void theDescriptionIsServed() throws Exception {
        JsonNode document = json(get("/openapi.json"));
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(document.path("paths").path("/v1/things/{id}").has("delete")).isTrue();
    }

    @Test
    void aRouteThatIsNotDescribedStopsTheStart() {
        assertThatThrownBy(() -> HttpServer.start(
                        TestConfig.of(),
                        metrics,
                        health,
                        new OpenApi("T", "", "1").get("/a", Operation.of("A")),
                        routes -> routes.get("/b", context -> context.status(200))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not described [get /b], described only [get /a]");
    }

    @Test
    void aPortThatIsTakenSaysSo() {
        assertThatThrownBy(() -> HttpServer.start(
                        TestConfig.of("http.port", Integer.toString(server.port())),
                        metrics,
                        health,
                        new OpenApi("T", "", "1"),
                        routes -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot listen at 127.0.0.1:" + server.port());
    }

    @Test
    void whoIsBeingAnsweredWhenItStopsGetsAllOfTheAnswer() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                HttpRequest.newBuilder(URI.create(server.url() + "/v1/slow")).build(),
                HttpResponse.BodyHandlers.ofString());
        slow.await();
        HttpRequest later = HttpRequest.newBuilder(URI.create(server.url() + "/health/live"))
                .build();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
        await().until(() ->
                client.send(later, HttpResponse.BodyHandlers.ofString()).statusCode() == 503);
        assertThat(stop).isNotDone();
        goOn.countDown();
        stop.get();
        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(answer.get().body()).hasSizeGreaterThan(4 << 20);
        assertThatThrownBy(() -> client.send(later, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    /** A client keeps its connection for a next call that nobody will answer: no reason to wait for it. */
    @Test
    void aConnectionThatIsKeptDoesNotHoldUpTheStop() throws Exception {
        Duration fastest = JETTYS_OWN;
        for (int round = 0; round < 3; round++) {
            assertThat(get("/v1/things/7").statusCode()).isEqualTo(200);
            long begin = System.nanoTime();
            server.close();
            fastest = Collections.min(List.of(fastest, Duration.ofNanos(System.nanoTime() - begin)));
            server = server();
        }
        assertThat(fastest).isLessThan(JETTYS_OWN);
    }
}
