package io.millrace.broker.api;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.runtime.ProblemException;
import io.millrace.runtime.Routes;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Decisions as server-sent events. The call's own thread sends them; a client that reads too slowly fills its own buffer
 * and nobody else's, is told so and dropped.
 */
final class StreamRoute {
    static final String STREAM = "/v1/stream";

    private static final byte[] HELLO = utf8(": the decisions from now on\nretry: 2000\n\n");
    private static final byte[] HEARTBEAT = utf8(": still here\n\n");

    private final DecisionStream stream;
    private final List<String> markets;
    private final Duration heartbeat;
    private final Counter dropped;

    StreamRoute(DecisionStream stream, List<String> markets, Duration heartbeat, MeterRegistry meters) {
        this.markets = List.copyOf(markets);
        this.stream = stream;
        this.heartbeat = heartbeat;
        dropped = Counter.builder("millrace.stream.clients.dropped")
                .description("Clients of the stream that lagged too far behind")
                .register(meters);
    }

    void addTo(Routes routes) {
        routes.stream(STREAM, this::listen);
    }

    private void listen(Context context) {
        Parameters parameters = new Parameters(context);
        String account = parameters.id("account");
        String market = parameters.oneOf("market", markets);
        parameters.check();
        HttpServletResponse response = context.res();
        try (Subscription subscription = stream.subscribe(account, market).orElseThrow(StreamRoute::full)) {
            head(response);
            // Javalin's own stream would compress, and hold back what has just happened.
            send(subscription, response.getOutputStream());
        } catch (IOException gone) {
            // Clients come and go.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void head(HttpServletResponse response) {
        response.setStatus(200);
        // Without a charset: events are UTF-8 by definition.
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-cache");
        // For nginx, which would otherwise collect what should go out at once.
        response.setHeader("X-Accel-Buffering", "no");
    }

    private void send(Subscription subscription, OutputStream out) throws IOException, InterruptedException {
        write(out, HELLO);
        while (true) {
            switch (subscription.next(heartbeat.toMillis())) {
                case Subscription.Next.Frames next -> {
                    for (byte[] frame : next.frames()) {
                        out.write(frame);
                    }
                    out.flush();
                }
                case Subscription.Next.Silence silence -> write(out, HEARTBEAT);
                case Subscription.End end -> {
                    if (end == Subscription.End.TOO_SLOW) {
                        dropped.increment();
                    }
                    write(out, farewell(end));
                    return;
                }
            }
        }
    }

    private static byte[] farewell(Subscription.End end) {
        return switch (end) {
            case TOO_SLOW ->
                utf8("event: dropped\ndata: {\"reason\":\"TOO_SLOW\",\"detail\":\"you read too slowly: decisions were"
                        + " left out; connect again, and read allocation.decisions for a stream without gaps\"}\n\n");
            case CLOSING ->
                utf8(
                        "event: closing\ndata: {\"reason\":\"CLOSING\",\"detail\":\"this instance stops; connect again\"}\n\n");
        };
    }

    private static void write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private static ProblemException full() {
        return new ProblemException(
                503,
                "Not Available Now",
                "this instance has as many listeners as it may have, or stops; try again",
                Map.of("retryAfterSeconds", 5));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
