package io.millrace.runtime;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import java.util.Set;
import java.util.TreeSet;

/**
 * The paths that a service answers. A handler may block: each call has a virtual thread of its own. Path parameters are
 * written {@code /v1/requests/{id}}. A parameter of the query that the description does not name is an error. Used by one thread, before the server starts.
 */
public final class Routes {

    private final RoutesConfig routes;
    private final OpenApi described;
    private final Set<String> added = new TreeSet<>();

    Routes(RoutesConfig routes, OpenApi described) {
        this.routes = routes;
        this.described = described;
    }

    /** Answers GET, and HEAD as GET without the body. */
    public Routes get(String path, Handler handler) {
        Handler checked = added("get", path, handler);
        routes.get(path, checked);
        routes.head(path, checked);
        return this;
    }

    /** Answers GET with what does not end by itself; HEAD is answered without asking the handler. */
    public Routes stream(String path, Handler handler) {
        routes.get(path, added("get", path, handler));
        return this;
    }

    /** Answers POST. */
    public Routes post(String path, Handler handler) {
        routes.post(path, added("post", path, handler));
        return this;
    }

    /** Answers PUT. */
    public Routes put(String path, Handler handler) {
        routes.put(path, added("put", path, handler));
        return this;
    }

    /** Answers DELETE. */
    public Routes delete(String path, Handler handler) {
        routes.delete(path, added("delete", path, handler));
        return this;
    }

    private Handler added(String method, String path, Handler handler) {
        added.add(OpenApi.key(method, path));
        return QueryCheck.before(handler, described.queries(method, path));
    }

    Set<String> added() {
        return added;
    }
}
