package io.millrace.bench.trace;

import io.millrace.local.UserError;
import java.nio.file.Path;
import java.util.Map;

/**
 * A row of a CSV file with a header, which says where it stands when something is wrong with it.
 *
 * @param file the file
 * @param line its line, from 1
 * @param values values by column; a column that the file does not have is absent
 */
record Row(Path file, long line, Map<String, String> values) {

    String text(String column) {
        return values.getOrDefault(column, "").strip();
    }

    /** A whole number in this range. */
    long number(String column, long min, long max) {
        String text = text(column);
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong(column + " is '" + text + "', must be a whole number");
        }
        if (value < min || value > max) {
            throw wrong(column + " is " + value + ", must be " + min + " to " + max);
        }
        return value;
    }

    /** A number not below 0, or {@link TraceJob#UNKNOWN} if the column is absent or empty. */
    long numberIfKnown(String column) {
        return text(column).isEmpty() ? TraceJob.UNKNOWN : number(column, 0, Long.MAX_VALUE / 1_000_000);
    }

    UserError wrong(String what) {
        return new UserError(file + ":" + line + ": " + what);
    }
}
