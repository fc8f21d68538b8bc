package io.millrace.broker.placement;

import java.util.List;

/**
 * One of several ways to serve a request.
 *
 * @param models device models that will do, all of them alike; at least one
 * @param replicas replicas, if it is one of these
 * @param why why it stands where it stands in the order, for people
 */
public record Alternative(List<String> models, int replicas, String why) {
    /** Copies the list. */
    public Alternative {
        models = List.copyOf(models);
    }
}
