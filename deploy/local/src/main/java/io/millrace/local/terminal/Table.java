package io.millrace.local.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in aligned columns, two blanks apart. Not thread-safe. */
public final class Table {
    private static final String GAP = "  ";

    private enum Align {
        LEFT,
        RIGHT
    }

    private final List<String> titles = new ArrayList<>();
    private final List<Align> aligns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** A column of words. */
    public Table left(String title) {
        titles.add(title);
        aligns.add(Align.LEFT);
        return this;
    }

    /** A column of numbers. */
    public Table right(String title) {
        titles.add(title);
        aligns.add(Align.RIGHT);
        return this;
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has more or fewer cells than there are columns
     */
    public Table row(String... cells) {
        if (cells.length != titles.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + titles.size() + " columns");
        }
        rows.add(Arrays.asList(cells));
        return this;
    }

    /** Number of rows. */
    public int size() {
        return rows.size();
    }

    /** The titles and the rows, a line each, without blanks at the end. */
    public List<String> lines() {
        int[] widths = new int[titles.size()];
        measure(widths, titles);
        rows.forEach(row -> measure(widths, row));
        List<String> lines = new ArrayList<>();
        lines.add(line(widths, titles));
        rows.forEach(row -> lines.add(line(widths, row)));
        return lines;
    }

    private String line(int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String blanks = " ".repeat(widths[i] - length(cells.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(aligns.get(i) == Align.LEFT ? cells.get(i) + blanks : blanks + cells.get(i));
        }
        return line.toString().stripTrailing();
    }

    private static void measure(int[] widths, List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], length(cells.get(i)));
        }
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
