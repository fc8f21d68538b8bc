package io.millrace.ingest.api;

import io.javalin.http.Context;
import io.millrace.ingest.capacity.Ids;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.Kind;
import io.millrace.schemas.Precision;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants to know about capacity. Immutable.
 *
 * @param by what a line of the answer is about
 * @param kind only this kind, or null
 * @param model only this device model, or null
 * @param precision only devices that have this precision, or null
 * @param id only the scope or node of this id, or null; by node also all nodes of the centre of this id
 * @param limit most nodes in the answer
 * @param after by node: only those behind this one, or null
 */
record CapacityQuery(
        By by,
        @Nullable Kind kind,
        @Nullable String model,
        @Nullable Precision precision,
        @Nullable String id,
        int limit,
        @Nullable String after) {

    /** What a line can be about. */
    enum By {
        NATION,
        HUB,
        CENTRE,
        POOL,
        NODE
    }

    static final int DEFAULT_LIMIT = 1_000;
    static final int MAX_LIMIT = 10_000;

    /**
     * Reads the parameters of a call.
     *
     * @throws ProblemException 400 that names the parameter, its value and what is allowed
     */
    static CapacityQuery of(Context call) {
        By by = one("by", call.queryParam("by"), By.values());
        return new CapacityQuery(
                by == null ? By.NATION : by,
                one("kind", call.queryParam("kind"), known(Kind.values(), Kind.UNKNOWN)),
                call.queryParam("model"),
                one("precision", call.queryParam("precision"), known(Precision.values(), Precision.UNKNOWN)),
                call.queryParam("id"),
                limit(call.queryParam("limit")),
                call.queryParam("after"));
    }

    private static <E extends Enum<E>> E[] known(E[] all, E unknown) {
        return Arrays.stream(all).filter(each -> each != unknown).toArray(size -> Arrays.copyOf(all, size));
    }

    private static <E extends Enum<E>> @Nullable E one(String name, @Nullable String value, E[] allowed) {
        if (value == null) {
            return null;
        }
        for (E each : allowed) {
            if (each.name().equalsIgnoreCase(value)) {
                return each;
            }
        }
        String names = Arrays.stream(allowed)
                .map(each -> name.equals("by") ? each.name().toLowerCase(Locale.ROOT) : each.name())
                .collect(Collectors.joining(", "));
        throw invalid(name + " is " + Ids.shown(value) + "; allowed is " + names);
    }

    private static int limit(@Nullable String value) {
        if (value == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(value);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException notOne) {
            // Said below.
        }
        throw invalid("limit is " + Ids.shown(value) + "; allowed is 1 to " + MAX_LIMIT);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(400, "Invalid Query", detail);
    }
}
