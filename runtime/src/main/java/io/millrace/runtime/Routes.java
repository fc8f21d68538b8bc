package io.millrace.runtime;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.sse.SseClient;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The paths that a service answers. A handler may block: each call has a virtual thread of its own. Path parameters are
 * written {@code /v1/requests/{id}}. Used by one thread, before the server starts.
 */
public final class Routes {

    private final RoutesConfig routes;
    private final Set<String> added = new TreeSet<>();

    Routes(RoutesConfig routes) {
        this.routes = routes;
    }

    /** Answers GET, and HEAD, which is answered by itself. */
    public Routes get(String path, Handler handler) {
        added.add(OpenApi.key("get", path));
        routes.get(path, handler);
        return this;
    }

    /** Answers POST. */
    public Routes post(String path, Handler handler) {
        added.add(OpenApi.key("post", path));
        routes.post(path, handler);
        return this;
    }

    /** Answers PUT. */
    public Routes put(String path, Handler handler) {
        added.add(OpenApi.key("put", path));
        routes.put(path, handler);
        return this;
    }

    /** Answers DELETE. */
    public Routes delete(String path, Handler handler) {
        added.add(OpenApi.key("delete", path));
        routes.delete(path, handler);
        return this;
    }

    /** Answers GET with server-sent events. The consumer gets each new client, on that client's own thread. */
    public Routes sse(String path, Consumer<SseClient> clients) {
        added.add(OpenApi.key("get", path));
        routes.sse(path, clients);
        return this;
    }

    Set<String> added() {
        return added;
    }
}
