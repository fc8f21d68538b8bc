package io.millrace.broker.api;

import io.javalin.http.Context;
import io.millrace.broker.market.PartId;
import io.millrace.broker.market.SpecCheck;
import io.millrace.runtime.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of one call. Collects all that is wrong until {@link #check}. */
final class Parameters {
    private final Context context;
    private final List<String> errors = new ArrayList<>();

    Parameters(Context context) {
        this.context = context;
    }

    /** The id of a request in the path. */
    String requestId() {
        String id = context.pathParam("id");
        addProblem(SpecCheck.idProblem("requestId", id));
        return id;
    }

    /** The id of a request, or of a part of one, in the path. */
    String requestOrPartId() {
        String id = context.pathParam("id");
        addProblem(PartId.isPart(id) ? PartId.problem("requestId", id) : SpecCheck.idProblem("requestId", id));
        return id;
    }

    /** An id that must be given. */
    String requiredId(String name) {
        String id = context.queryParam(name);
        if (id == null) {
            errors.add(name + ": missing, expected an id");
            return "";
        }
        addProblem(SpecCheck.idProblem(name, id));
        return id;
    }

    /** An id, or null if it is not given. */
    @Nullable String id(String name) {
        String id = context.queryParam(name);
        if (id != null) {
            addProblem(SpecCheck.idProblem(name, id));
        }
        return id;
    }

    /** One of these, or null if it is not given. */
    @Nullable String oneOf(String name, List<String> allowed) {
        String value = context.queryParam(name);
        if (value != null && !allowed.contains(value)) {
            errors.add(name + ": expected one of " + String.join(", ", allowed) + ", got \"" + value + "\"");
        }
        return value;
    }

    /** Any text, or null if it is not given; an empty one is an error. */
    @Nullable String text(String name) {
        String text = context.queryParam(name);
        if (text != null && text.isBlank()) {
            errors.add(name + ": is empty; leave it out for all");
        }
        return text;
    }

    /** A whole number in a range, or the default if it is not given. */
    int integer(String name, int min, int max, int otherwise) {
        String text = context.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the range.
        }
        errors.add(name + ": expected an integer from " + min + " to " + max + ", got \"" + text + "\"");
        return otherwise;
    }

    private void addProblem(@Nullable String problem) {
        if (problem != null) {
            errors.add(problem);
        }
    }

    /**
     * To be called when all parameters are read.
     *
     * @throws ProblemException 400 that names all that is wrong
     */
    void check() {
        if (!errors.isEmpty()) {
            throw RequestBody.invalid(errors);
        }
    }
}
