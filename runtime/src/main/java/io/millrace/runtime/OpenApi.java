package io.millrace.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;

/**
 * OpenAPI 3.1 document of a service, described beside its routes. Component schemas are those of the Avro records, with
 * their docs, so the document cannot say anything else than the code. Used by one thread, before the server starts.
 */
public final class OpenApi {

    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([A-Za-z0-9]+)}");

    private final String title;
    private final String description;
    private final String version;
    private final Map<String, Map<String, Operation>> paths = new TreeMap<>();
    private final Set<String> described = new java.util.TreeSet<>();
    private final List<Class<? extends SpecificRecord>> named = new ArrayList<>();
    private final List<Flattened> flattened = new ArrayList<>();

    private record Flattened(String name, Class<? extends SpecificRecord> type, String field) {}

    /** Begins a document. */
    public OpenApi(String title, String description, String version) {
        this.title = title;
        this.description = description;
        this.version = version;
    }

    /** Describes GET at a path. */
    public OpenApi get(String path, Operation operation) {
        return add("get", path, operation);
    }

    /** Describes POST at a path. */
    public OpenApi post(String path, Operation operation) {
        return add("post", path, operation);
    }

    /** Describes PUT at a path. */
    public OpenApi put(String path, Operation operation) {
        return add("put", path, operation);
    }

    /** Describes DELETE at a path. */
    public OpenApi delete(String path, Operation operation) {
        return add("delete", path, operation);
    }

    /** Describes a record that only schemas written by hand name, as {@code #/components/schemas/<its name>}. */
    public OpenApi component(Class<? extends SpecificRecord> type) {
        named.add(type);
        return this;
    }

    /**
     * Describes, under a name, what is written as a record with the fields of one of its fields in the place of that one.
     *
     * @param field of the type, itself a record
     */
    public OpenApi flattened(String name, Class<? extends SpecificRecord> type, String field) {
        flattened.add(new Flattened(name, type, field));
        return this;
    }

    private OpenApi add(String method, String path, Operation operation) {
        if (!described.add(key(method, path))) {
            throw new IllegalStateException("described twice: " + method + " " + path);
        }
        paths.computeIfAbsent(path, p -> new TreeMap<>()).put(method, operation);
        return this;
    }

    static String key(String method, String path) {
        return method + " " + path;
    }

    /** Names of the query's parameters; none of what is not described. */
    Set<String> queries(String method, String path) {
        Operation operation = paths.getOrDefault(path, Map.of()).get(method);
        return operation == null ? Set.of() : operation.queryNames();
    }

    Set<String> described() {
        return described;
    }

    /** Returns the document. */
    public ObjectNode document() {
        JsonSchemas components = new JsonSchemas();
        ObjectNode document = Json.object();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", title)
                .put("description", description)
                .put("version", version);
        ObjectNode pathsNode = document.putObject("paths");
        paths.forEach((path, operations) -> {
            ObjectNode item = pathsNode.putObject(path);
            operations.forEach((method, operation) -> {
                ObjectNode node = operation.document(components);
                Matcher parameters = PATH_PARAMETER.matcher(path);
                while (parameters.find()) {
                    pathParameter(node, parameters.group(1), operation);
                }
                item.set(method, node);
            });
        });
        named.forEach(components::reference);
        flattened.forEach(each -> components.flatten(each.name, each.type, each.field));
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        schemas.set("Problem", JsonSchemas.problem());
        components.all().forEach(schemas::set);
        return document;
    }

    private static void pathParameter(ObjectNode operationNode, String name, Operation operation) {
        ObjectNode parameter = operationNode.withArray("parameters").addObject();
        parameter.put("name", name).put("in", "path").put("required", true);
        parameter.put("description", operation.pathMeaning(name));
        parameter.putObject("schema").put("type", "string");
    }
}
