package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.broker.market.AccountId;
import io.millrace.broker.market.SpecCheck;
import io.millrace.broker.stream.SpecCodec;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Extend;
import io.millrace.schemas.Kind;
import io.millrace.schemas.Release;
import io.millrace.schemas.Submit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant wrote in the body of a call, checked as far as it can be checked without asking a market: shape, types,
 * ranges, ids. Every rule about the numbers is the market's own.
 *
 * @param requestId the request; null if the body does not name it
 * @param accountId who speaks
 * @param action what it wants
 */
record RequestBody<A extends SpecificRecord>(@Nullable String requestId, String accountId, A action) {
    private static final int MOST_TOGETHER = 15;
    private static final String REQUEST_ID = "requestId";
    private static final String ACCOUNT_ID = "accountId";
    /** Written with four digits of the year; a later time is a mistake, and some clients could not even read it. */
    private static final long END_OF_TIME_MILLIS =
            Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    /**
     * Reads {@code {requestId?, accountId, spec, together?}}.
     *
     * @throws ProblemException 400 that names all that is wrong
     */
    static RequestBody<Submit> submit(JsonNode json) {
        Reader<Submit> reader = new Reader<>(json, Submit.class, true);
        Submit submit = reader.action;
        if (submit != null) {
            if (submit.getSpec().getKind() == Kind.UNKNOWN) {
                reader.errors.add("spec.kind: UNKNOWN is for readers of younger records and cannot be asked for");
            }
            if (submit.getSpec().getNeed() != null
                    && !submit.getSpec().getAlternatives().isEmpty()) {
                reader.errors.add("spec.alternatives: follow from spec.need, leave them out");
            }
            // Ids were checked already, so these two are no news.
            reader.errors.addAll(SpecCheck.problems("-", "-", SpecCodec.read(submit.getSpec())));
            together(submit, reader.errors);
        }
        return reader.body();
    }

    private static void together(Submit submit, Set<String> errors) {
        List<ComputeSpec> together = submit.getTogether();
        if (together.size() > MOST_TOGETHER) {
            errors.add("together has " + together.size() + " entries, may have " + MOST_TOGETHER);
        }
        for (int i = 0; i < Math.min(MOST_TOGETHER, together.size()); i++) {
            for (String problem : SpecCheck.problems("-", "-", SpecCodec.read(together.get(i)))) {
                errors.add("together[" + i + "]: " + problem);
            }
        }
        boolean waits = submit.getSpec().getMaxWaitSeconds() > 0
                || together.stream().anyMatch(spec -> spec.getMaxWaitSeconds() > 0);
        if (!together.isEmpty() && waits) {
            errors.add("maxWaitSeconds must be 0 in a request with together: nothing of it can wait");
        }
    }

    /**
     * Reads {@code {accountId, endsAtMillis}}.
     *
     * @throws ProblemException 400 that names all that is wrong
     */
    static RequestBody<Extend> extend(JsonNode json) {
        Reader<Extend> reader = new Reader<>(json, Extend.class, false);
        Extend extend = reader.action;
        if (extend != null && (extend.getEndsAtMillis() > END_OF_TIME_MILLIS || extend.getEndsAtMillis() < 0)) {
            reader.errors.add("endsAtMillis: expected a time from 1970 to 9999, got "
                    + Instant.ofEpochMilli(extend.getEndsAtMillis()));
        }
        return reader.body();
    }

    /**
     * Reads {@code {accountId, reason?}}.
     *
     * @throws ProblemException 400 that names all that is wrong
     */
    static RequestBody<Release> release(JsonNode json) {
        return new Reader<>(json, Release.class, false).body();
    }

    /** Takes the ids off and reads the rest as a record, keeping all that is wrong. */
    private static final class Reader<A extends SpecificRecord> {
        final Set<String> errors = new LinkedHashSet<>();
        final @Nullable A action;
        private final @Nullable String requestId;
        private final @Nullable String accountId;

        Reader(JsonNode json, Class<A> type, boolean namesRequest) {
            if (!(json instanceof ObjectNode object)) {
                throw invalid(List.of("expected an object, got " + json.getNodeType()));
            }
            ObjectNode rest = object.deepCopy();
            JsonNode request = namesRequest ? rest.remove(REQUEST_ID) : null;
            requestId = request == null || request.isNull() ? null : id(REQUEST_ID, request);
            accountId = id(ACCOUNT_ID, rest.remove(ACCOUNT_ID));
            switch (AvroJson.read(rest, type)) {
                case AvroJson.Read.Value<A> read -> action = read.value();
                case AvroJson.Read.Errors<A> wrong -> {
                    action = null;
                    errors.addAll(wrong.errors());
                }
            }
        }

        private @Nullable String id(String field, @Nullable JsonNode node) {
            if (node == null) {
                errors.add(field + ": missing, expected text");
                return null;
            }
            if (!node.isTextual()) {
                errors.add(field + ": expected text, got " + (node.isContainerNode() ? node.getNodeType() : node));
                return null;
            }
            String problem = field.equals(ACCOUNT_ID)
                    ? AccountId.problem(field, node.textValue())
                    : SpecCheck.idProblem(field, node.textValue());
            if (problem != null) {
                errors.add(problem);
            }
            return node.textValue();
        }

        RequestBody<A> body() {
            if (!errors.isEmpty() || action == null || accountId == null) {
                throw invalid(errors);
            }
            return new RequestBody<>(requestId, accountId, action);
        }
    }

    static ProblemException invalid(Iterable<String> errors) {
        List<String> all = new ArrayList<>();
        errors.forEach(all::add);
        return new ProblemException(400, "Invalid Request", String.join("; ", all), Map.of("errors", all));
    }
}
