package io.millrace.runtime;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query strictly before its handler does: a filter with a typing error, or one that the server cannot decode and
 * would leave out, would otherwise answer with everything. Immutable.
 */
final class QueryCheck {
    private final Set<String> known;

    private QueryCheck(Set<String> known) {
        this.known = new TreeSet<>(known);
    }

    /** The handler, behind the check. */
    static Handler before(Handler handler, Set<String> known) {
        QueryCheck check = new QueryCheck(known);
        return context -> {
            check.check(context);
            handler.handle(context);
        };
    }

    private void check(Context context) {
        String query = context.queryString();
        if (query == null || query.isEmpty()) {
            return;
        }
        List<String> errors = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = decoded(parts[0]);
            if (name == null || (parts.length > 1 && decoded(parts[1]) == null)) {
                errors.add(pair + ": a percent-escape is broken, or is not UTF-8");
            } else if (!pair.isEmpty() && !known.contains(name)) {
                errors.add(name + ": unknown parameter, known are " + (known.isEmpty() ? "none" : known));
            } else if (!pair.isEmpty() && !seen.add(name)) {
                errors.add(name + ": given more than once");
            }
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(400, "Invalid Request", String.join("; ", errors), Map.of("errors", errors));
        }
    }

    /** Null if it cannot be decoded. */
    private static @Nullable String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text.replace('+', ' ');
        }
        byte[] raw = text.replace('+', ' ').getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int at = 0; at < raw.length; at++) {
            if (raw[at] != '%') {
                bytes.put(raw[at]);
            } else if (at + 2 < raw.length && HexFormat.isHexDigit(raw[at + 1]) && HexFormat.isHexDigit(raw[at + 2])) {
                bytes.put((byte) (HexFormat.fromHexDigit(raw[at + 1]) << 4 | HexFormat.fromHexDigit(raw[at + 2])));
                at += 2;
            } else {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
