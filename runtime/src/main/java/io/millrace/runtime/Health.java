package io.millrace.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * What an orchestrator asks a process: does it live (else start it again), is it ready (else send it nothing). Parts of the
 * process add checks; a check says what is wrong, or nothing. Thread-safe; checks must be quick and may be called at any time.
 */
public final class Health {

    private final Map<String, Supplier<Optional<String>>> live = new ConcurrentSkipListMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentSkipListMap<>();

    /** Adds a check whose failing means that only a restart helps; one of the same name is replaced. */
    public void live(String name, Supplier<Optional<String>> problem) {
        live.put(name, problem);
    }

    /** Adds a check whose failing means that the process cannot answer now; one of the same name is replaced. */
    public void ready(String name, Supplier<Optional<String>> problem) {
        ready.put(name, problem);
    }

    Report live() {
        return report(live);
    }

    Report ready() {
        return report(ready);
    }

    /** The answer: whether all is well, and each check. */
    record Report(boolean well, ObjectNode json) {}

    private static Report report(Map<String, Supplier<Optional<String>>> checks) {
        boolean well = true;
        ObjectNode json = Json.object();
        ArrayNode list = Json.array();
        for (Map.Entry<String, Supplier<Optional<String>>> check : checks.entrySet()) {
            Optional<String> problem = ask(check.getValue());
            ObjectNode entry = list.addObject();
            entry.put("name", check.getKey()).put("ok", problem.isEmpty());
            problem.ifPresent(text -> entry.put("problem", text));
            well &= problem.isEmpty();
        }
        json.put("ok", well).set("checks", list);
        return new Report(well, json);
    }

    private static Optional<String> ask(Supplier<Optional<String>> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Optional.of("the check itself failed: " + e);
        }
    }
}
