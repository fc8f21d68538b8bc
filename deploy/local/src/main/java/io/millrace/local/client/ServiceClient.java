package io.millrace.local.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Calls one service over HTTP and turns what goes wrong into words: nobody there, a problem in the sense of RFC 9457, something
 * that is no JSON. Thread-safe.
 */
final class ServiceClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final String service;
    private final URI url;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    private ServiceClient(String service, URI url) {
        this.service = service;
        this.url = url;
    }

    /**
     * A client of a service.
     *
     * @param service its name, for errors
     * @param url where it is, e.g. {@code http://127.0.0.1:8086}
     * @throws UserError if there can be no service
     */
    static ServiceClient at(String service, URI url) {
        String scheme = url.getScheme();
        if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) || url.getHost() == null) {
            throw UserError.ofUsage("--url must be an address such as http://127.0.0.1:8086, not '" + url + "'");
        }
        return new ServiceClient(service, url);
    }

    /** An answer that is no problem. */
    record Answer(int status, JsonNode body) {}

    /** Asks. */
    Answer get(String path) {
        return send(request(path).GET());
    }

    /** Says. */
    Answer post(String path, JsonNode body, Duration longestWait) {
        return send(request(path)
                .timeout(ANSWER_TIMEOUT.plus(longestWait))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /** Listens to a stream of server-sent events; to be closed. */
    InputStream stream(String path) {
        HttpResponse<InputStream> response =
                exchange(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw problem(path, response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw unreachable(e);
            }
        }
        return response.body();
    }

    /** A path with a query made of the parameters that have a value. */
    static String path(String path, @Nullable String... namesAndValues) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            if (value != null) {
                query.add(namesAndValues[i] + "=" + encode(value));
            }
        }
        return path + query;
    }

    /** A part of a path or query. */
    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        // Not close(), which waits for a stream that never ends.
        http.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url.toString().replaceAll("/+$", "") + path));
    }

    private Answer send(HttpRequest.Builder request) {
        HttpRequest built = request.build();
        HttpResponse<String> response = exchange(built, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() / 100 != 2) {
            throw problem(built.uri().getPath(), response.statusCode(), response.body());
        }
        try {
            return new Answer(response.statusCode(), json.readTree(response.body()));
        } catch (JsonProcessingException e) {
            throw new UserError(
                    service + " at " + url
                            + " answered something that is no JSON: is that the right address? --url names another",
                    e);
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while " + service + " was asked", e);
        }
    }

    private UserError unreachable(IOException e) {
        return new UserError(
                service + " does not answer at " + url + " (" + Causes.inWords(e)
                        + "): 'millrace up' starts it here, --url names another place",
                e);
    }

    private UserError problem(String path, int status, String body) {
        try {
            JsonNode problem = json.readTree(body);
            String title = problem.path("title").asText("");
            String detail = problem.path("detail").asText("");
            if (!title.isEmpty() || !detail.isEmpty()) {
                return new UserError(title + (title.isEmpty() || detail.isEmpty() ? "" : ": ") + detail);
            }
        } catch (JsonProcessingException e) {
            // Then it is no problem in the sense of RFC 9457, and the status must do.
        }
        return new UserError(service + " at " + url + " answered " + status + " to " + path
                + ": is that the right address? --url names another");
    }
}
