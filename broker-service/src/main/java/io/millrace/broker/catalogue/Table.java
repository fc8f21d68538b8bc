package io.millrace.broker.catalogue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A file of comma-separated values: lines that begin with # are comments, the first other line names the columns, and
 * fields hold no commas. Whatever is wrong with it is an {@link IllegalArgumentException} that names file and line.
 */
final class Table {
    private static final BigDecimal GIGA_PER_TERA = BigDecimal.valueOf(1000);

    private final String file;
    private final List<Row> rows = new ArrayList<>();
    private List<String> columns = List.of();

    /**
     * Reads a file.
     *
     * @param expected the columns
     * @param optional those that may be left out: a file that was written before they came is as good; its fields are empty
     */
    Table(String file, List<String> lines, List<String> expected, Set<String> optional) {
        this.file = file;
        List<String> least =
                expected.stream().filter(column -> !optional.contains(column)).toList();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> fields =
                    Arrays.stream(line.split(",", -1)).map(String::strip).toList();
            if (columns.isEmpty()) {
                columns = fields;
                boolean known = columns.equals(expected) || columns.equals(least);
                require(number, known, "the columns are " + columns + ", must be " + expected);
            } else {
                require(
                        number,
                        fields.size() == columns.size(),
                        "has " + fields.size() + " fields, must have " + columns.size());
                rows.add(new Row(number, fields));
            }
        }
        require(number, !columns.isEmpty(), "names no columns");
    }

    List<Row> rows() {
        return rows;
    }

    private void require(int line, boolean holds, String elseWrong) {
        if (!holds) {
            throw new IllegalArgumentException(file + ", line " + line + ": " + elseWrong);
        }
    }

    /** One line. */
    final class Row {
        private final int line;
        private final List<String> fields;

        private Row(int line, List<String> fields) {
            this.line = line;
            this.fields = fields;
        }

        /** The field of this column, at most 200 characters; may be empty. */
        String text(String column) {
            int at = columns.indexOf(column);
            String text = at < 0 ? "" : fields.get(at);
            require(text.length() <= 200, column, text, "must have at most 200 characters");
            return text;
        }

        /** The field of this column, which must not be empty. */
        String name(String column) {
            String text = text(column);
            require(!text.isEmpty(), column, text, "must not be empty");
            return text;
        }

        int number(String column, int least, int most) {
            String text = text(column);
            String allowed = "must be " + least + " to " + most;
            require(text.matches("[0-9]{1,9}"), column, text, allowed);
            int number = Integer.parseInt(text);
            require(number >= least && number <= most, column, text, allowed);
            return number;
        }

        /** True if the file has this column. */
        boolean has(String column) {
            return columns.contains(column);
        }

        /** 0 if the field is empty. */
        int numberOrNone(String column, int least, int most) {
            return text(column).isEmpty() ? 0 : number(column, least, most);
        }

        /** Of a figure in 10^12, the figure in 10^9; 0 if the field is empty. */
        long giga(String column) {
            String text = text(column);
            if (text.isEmpty()) {
                return 0;
            }
            String allowed = "must be above 0, at most 999999, with at most three decimals";
            require(text.matches("[0-9]{1,6}([.][0-9]{1,3})?"), column, text, allowed);
            long giga = new BigDecimal(text).multiply(GIGA_PER_TERA).longValueExact();
            require(giga > 0, column, text, allowed);
            return giga;
        }

        <E extends Enum<E>> E of(String column, List<E> allowed) {
            String text = text(column);
            for (E each : allowed) {
                if (each.name().equals(text)) {
                    return each;
                }
            }
            throw wrong(column, text, "must be one of " + allowed);
        }

        void require(boolean holds, String column, String value, String elseWrong) {
            if (!holds) {
                throw wrong(column, value, elseWrong);
            }
        }

        private IllegalArgumentException wrong(String column, String value, String what) {
            return new IllegalArgumentException(
                    file + ", line " + line + ": " + column + " is \"" + value + "\", " + what);
        }
    }
}
