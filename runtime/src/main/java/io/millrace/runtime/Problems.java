package io.millrace.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.router.EndpointNotFound;
import io.millrace.schemas.RegistryUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever goes wrong in a call into a problem document. Thread-safe. */
final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final long MOST_PASSED_OVER_BYTES = 16L << 20;
    private static final long MOST_PASSED_OVER_NANOS = 5_000_000_000L;
    static final String MEDIA_TYPE = "application/problem+json";

    private static final String AVAILABLE_METHODS = "availableMethods";

    private Problems() {}

    static void install(JavalinConfig javalin, int maxBodyBytes) {
        javalin.routes.before(context -> refuseLargeBody(context, maxBodyBytes));
        javalin.routes.exception(ProblemException.class, (problem, context) -> answer(context, problem));
        javalin.routes.exception(
                HttpResponseException.class, (e, context) -> answer(context, problemOf(e, context, maxBodyBytes)));
        javalin.routes.exception(RegistryUnavailableException.class, (e, context) -> answer(context, noRegistry(e)));
        javalin.routes.exception(Exception.class, (e, context) -> answer(context, failure(e, context)));
        javalin.router.javaLangErrorHandler((response, error) -> {
            LOG.error("a call failed with an error of the JVM", error);
            response.setStatus(500);
        });
    }

    /** Says no before the body is parsed; one without a length is cut off while it is read. */
    private static void refuseLargeBody(Context context, int maxBodyBytes) {
        if (context.req().getContentLengthLong() > maxBodyBytes) {
            if (context.header("Expect") == null) {
                passOver(context);
            } else {
                // It asked first, and has sent nothing.
                context.header("Connection", "close");
            }
            throw tooLarge(maxBodyBytes);
        }
    }

    /**
     * Reads what is left of the body, within bounds, and throws it away: a client that still writes when the connection is
     * closed is told so by a reset, which may overtake the answer.
     */
    private static void passOver(Context context) {
        try {
            InputStream body = context.req().getInputStream();
            byte[] some = new byte[8192];
            long begin = System.nanoTime();
            for (long read = 0; read < MOST_PASSED_OVER_BYTES && System.nanoTime() - begin < MOST_PASSED_OVER_NANOS; ) {
                int count = body.read(some);
                if (count < 0) {
                    return;
                }
                read += count;
            }
        } catch (IOException e) {
            LOG.debug("a client gave up while it sent too large a body", e);
        }
        context.header("Connection", "close");
    }

    private static ProblemException tooLarge(int maxBodyBytes) {
        return new ProblemException(
                413,
                "Content Too Large",
                "the body is larger than " + maxBodyBytes + " bytes",
                Map.of("maxBytes", maxBodyBytes));
    }

    private static ProblemException problemOf(HttpResponseException e, Context context, int maxBodyBytes) {
        int status = e.getStatus();
        if (status == HttpStatus.CONTENT_TOO_LARGE.getCode()) {
            passOver(context);
            return tooLarge(maxBodyBytes);
        }
        if (status == HttpStatus.METHOD_NOT_ALLOWED.getCode()) {
            String allowed = allowed(e);
            context.header("Allow", allowed);
            return new ProblemException(
                    status,
                    "Method Not Allowed",
                    context.method() + " is not possible at " + context.path() + "; possible: " + allowed);
        }
        if (e instanceof EndpointNotFound) {
            return new ProblemException(
                    status, "Not Found", "there is nothing at " + context.path() + "; see /openapi.json");
        }
        // Anything else of Javalin's: a status and a message.
        int problemStatus = Math.min(Math.max(status, 400), 599);
        return new ProblemException(
                problemStatus, HttpStatus.forStatus(problemStatus).getMessage(), String.valueOf(e.getMessage()));
    }

    private static String allowed(HttpResponseException e) {
        Map<String, String> details = e.getDetails();
        // Javalin names it otherwise for browsers.
        return details.getOrDefault(AVAILABLE_METHODS, String.join(", ", details.values()));
    }

    /** Whatever a call has to read or write needs the registry once for each schema. */
    private static ProblemException noRegistry(RegistryUnavailableException e) {
        return new ProblemException(
                503,
                "Not Available Now",
                "the schema registry does not answer: " + e.getMessage(),
                Map.of("retryAfterSeconds", 1));
    }

    private static ProblemException failure(Exception e, Context context) {
        // The caller gets no inside view; the log does.
        LOG.error("{} {} failed", context.method(), context.endpoint().path, e);
        return new ProblemException(500, "Internal Server Error", "the service failed; its log says why");
    }

    static void answer(Context context, ProblemException problem) {
        Object retryAfterSeconds = problem.extra().get("retryAfterSeconds");
        if (retryAfterSeconds != null) {
            context.header("Retry-After", retryAfterSeconds.toString());
        }
        context.status(problem.status()).contentType(MEDIA_TYPE).result(Json.bytes(json(problem, context.path())));
    }

    /** The document; instance is the path that was called. */
    static ObjectNode json(ProblemException problem, String instance) {
        ObjectNode json = Json.object();
        json.put("type", "about:blank")
                .put("title", problem.title())
                .put("status", problem.status())
                .put("detail", problem.detail())
                .put("instance", instance);
        problem.extra().forEach((name, value) -> json.set(name, Json.of(value)));
        return json;
    }
}
