package io.millrace.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Describes one operation of an API for its {@link OpenApi} document. Used by one thread. */
public final class Operation {

    private record Query(String name, String type, String meaning, boolean required) {}

    private record Answer(
            String meaning, String mediaType, @Nullable Function<JsonSchemas, ObjectNode> schema) {}

    private final String summary;
    private String description = "";
    private final Map<String, String> pathMeanings = new HashMap<>();
    private final List<Query> queries = new ArrayList<>();
    private @Nullable Function<JsonSchemas, ObjectNode> body;
    private @Nullable JsonNode bodyExample;
    private final Map<Integer, Answer> answers = new TreeMap<>();
    private final Map<Integer, JsonNode> answerExamples = new HashMap<>();

    private Operation(String summary) {
        this.summary = summary;
    }

    /** Begins with one line that says what the operation does. */
    public static Operation of(String summary) {
        return new Operation(summary);
    }

    /** Says more. */
    public Operation describe(String text) {
        description = text;
        return this;
    }

    /** Says what a parameter of the path means. */
    public Operation path(String name, String meaning) {
        pathMeanings.put(name, meaning);
        return this;
    }

    /**
     * Adds a parameter of the query that may be left out.
     *
     * @param type string, integer, number or boolean
     */
    public Operation query(String name, String type, String meaning) {
        queries.add(new Query(name, type, meaning, false));
        return this;
    }

    /** Adds a parameter of the query that must be given; types as for {@link #query}. */
    public Operation requiredQuery(String name, String type, String meaning) {
        queries.add(new Query(name, type, meaning, true));
        return this;
    }

    /** Takes a record as its body. */
    public Operation body(Class<? extends SpecificRecord> type) {
        body = schemas -> schemas.reference(type);
        return this;
    }

    /** Takes a body with this JSON schema. */
    public Operation body(ObjectNode schema) {
        body = schemas -> schema;
        return this;
    }

    /** Shows a body. */
    public Operation example(JsonNode example) {
        bodyExample = example;
        return this;
    }

    /** Answers with a record. */
    public Operation returns(int status, String meaning, Class<? extends SpecificRecord> type) {
        answers.put(status, new Answer(meaning, "application/json", schemas -> schemas.reference(type)));
        return this;
    }

    /** Answers with JSON of this schema. */
    public Operation returns(int status, String meaning, ObjectNode schema) {
        answers.put(status, new Answer(meaning, "application/json", schemas -> schema));
        return this;
    }

    /** Shows an answer with this status, which is described beside. */
    public Operation example(int status, JsonNode example) {
        answerExamples.put(status, example);
        return this;
    }

    /** Answers with an array of records. */
    public Operation returnsList(int status, String meaning, Class<? extends SpecificRecord> type) {
        answers.put(status, new Answer(meaning, "application/json", schemas -> {
            ObjectNode array = Json.object().put("type", "array");
            array.set("items", schemas.reference(type));
            return array;
        }));
        return this;
    }

    /** Answers without a body. */
    public Operation returns(int status, String meaning) {
        answers.put(status, new Answer(meaning, "", null));
        return this;
    }

    /** Answers with server-sent events whose data are records. */
    public Operation streams(String meaning, Class<? extends SpecificRecord> type) {
        answers.put(200, new Answer(meaning, "text/event-stream", schemas -> schemas.reference(type)));
        return this;
    }

    /** May answer with a problem. */
    public Operation problem(int status, String meaning) {
        answers.put(
                status, new Answer(meaning, "application/problem+json", schemas -> JsonSchemas.reference("Problem")));
        return this;
    }

    Set<String> queryNames() {
        return queries.stream().map(Query::name).collect(Collectors.toSet());
    }

    String pathMeaning(String name) {
        return pathMeanings.getOrDefault(name, "The " + name + ".");
    }

    ObjectNode document(JsonSchemas schemas) {
        ObjectNode node = Json.object().put("summary", summary);
        if (!description.isEmpty()) {
            node.put("description", description);
        }
        for (Query query : queries) {
            ObjectNode parameter = node.withArray("parameters").addObject();
            parameter.put("name", query.name()).put("in", "query").put("required", query.required());
            parameter.put("description", query.meaning());
            parameter.putObject("schema").put("type", query.type());
        }
        if (body != null) {
            ObjectNode content = node.putObject("requestBody")
                    .put("required", true)
                    .putObject("content")
                    .putObject("application/json");
            content.set("schema", body.apply(schemas));
            if (bodyExample != null) {
                content.set("example", bodyExample);
            }
        }
        ObjectNode responses = node.putObject("responses");
        answers.forEach((status, answer) -> {
            ObjectNode response = responses.putObject(Integer.toString(status));
            response.put("description", answer.meaning());
            if (answer.schema() != null) {
                ObjectNode content = response.putObject("content").putObject(answer.mediaType());
                content.set("schema", answer.schema().apply(schemas));
                if (answerExamples.containsKey(status)) {
                    content.set("example", answerExamples.get(status));
                }
            }
        });
        return node;
    }
}
