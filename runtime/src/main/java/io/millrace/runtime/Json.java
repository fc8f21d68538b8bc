package io.millrace.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON as strangers may send it: one document, no key twice, nesting and numbers bounded, exact numbers. Thread-safe.
 */
public final class Json {

    private static final int MAX_DEPTH = 50;
    private static final int MAX_NUMBER_LENGTH = 50;
    private static final int MAX_NAME_LENGTH = 500;

    /** {@code , from `StreamReadConstraints.getMaxNestingDepth()`}, {@code : enable `JsonReadFeature.…` to allow}. */
    private static final Pattern SETTING = Pattern.compile(",? from `[^`]*`|: enable `[^`]*` to allow");
    /** {@code [Source: REDACTED (`StreamReadFeature.…` disabled); line: 1, column: 2]}. */
    private static final Pattern PLACE = Pattern.compile("\\[Source: [^;]*; (line: \\d+, column: \\d+)]");

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxNameLength(MAX_NAME_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // errors show numbers as they came: 10.0, not 1E+1
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /** Returns a new object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Returns a new array. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Turns a value of plain Java (maps, lists, text, numbers) into JSON. */
    public static JsonNode of(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * Reads one document.
     *
     * @throws ProblemException 400 with line and column if it is not JSON
     */
    public static JsonNode parse(byte[] bytes) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node == null || node.isMissingNode()) {
                throw new ProblemException(400, "Malformed JSON", "the body is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new ProblemException(400, "Malformed JSON", where(e.getLocation()) + plain(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new ProblemException(400, "Malformed JSON", String.valueOf(e.getMessage()));
        }
    }

    /** Without the names of the parser's own settings, which say nothing to who wrote the document. */
    private static String plain(String message) {
        return PLACE.matcher(SETTING.matcher(message).replaceAll("")).replaceAll("$1");
    }

    private static String where(@Nullable JsonLocation at) {
        return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
    }

    /**
     * Reads the body of a request.
     *
     * @throws ProblemException 415 if it is not said to be JSON or is compressed, 400 if it is not, 413 if it is too large
     */
    public static JsonNode body(Context context) {
        String type = context.contentType();
        String media = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json") && !media.endsWith("+json")) {
            throw new ProblemException(
                    415,
                    "Unsupported Media Type",
                    "expected Content-Type: application/json, got " + (media.isEmpty() ? "none" : media),
                    Map.of("accepted", "application/json"));
        }
        String encoding = context.header("Content-Encoding");
        if (encoding != null && !encoding.isBlank() && !encoding.trim().equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    415,
                    "Unsupported Media Type",
                    "a body is taken as it is, and its Content-Encoding is " + encoding.trim(),
                    Map.of("accepted", "identity"));
        }
        return parse(context.bodyAsBytes());
    }

    /** Answers with a document. */
    public static void answer(Context context, int status, JsonNode body) {
        context.status(status).contentType("application/json").result(bytes(body));
    }

    /** Returns a document in UTF-8. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
