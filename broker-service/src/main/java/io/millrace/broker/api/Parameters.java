package io.millrace.broker.api;

import io.javalin.http.Context;
import io.millrace.broker.market.SpecCheck;
import io.millrace.runtime.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one call, read strictly: a name that is not known is an error, because a filter with a typing error
 * would otherwise answer with everything. Collects all that is wrong until {@link #check}.
 */
final class Parameters {
    private final Context context;
    private final List<String> errors = new ArrayList<>();

    /** Reads the parameters of a call; these are the names that a query may have. */
    Parameters(Context context, String... known) {
        this.context = context;
        Set<String> allowed = new TreeSet<>(Set.of(known));
        context.queryParamMap().forEach((name, values) -> {
            if (!allowed.contains(name)) {
                errors.add(name + ": unknown parameter, known are " + (allowed.isEmpty() ? "none" : allowed));
            } else if (values.size() > 1) {
                errors.add(name + ": given " + values.size() + " times");
            }
        });
    }

    /** The id of a request in the path. */
    String requestId() {
        String id = context.pathParam("id");
        addProblem(SpecCheck.idProblem("requestId", id));
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
