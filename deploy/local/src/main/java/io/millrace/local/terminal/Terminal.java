package io.millrace.local.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether standard output is a terminal, how high it is, and what may be done there. Immutable.
 *
 * <p>Asked of the system's own {@code test} and {@code stty}: {@code System.console()} says yes to a pipe on some JDKs.
 */
public record Terminal(boolean interactive, boolean colours, int rows) {
    /** A file, a pipe: plain text. */
    public static final Terminal PLAIN = new Terminal(false, false, 24);

    private static final int DEFAULT_ROWS = 24;
    private static final String ESCAPE = "\u001b[";

    /** What standard output is. */
    public static Terminal detect() {
        if (run(List.of("test", "-t", "1"), new StringBuilder()) != 0 || "dumb".equals(System.getenv("TERM"))) {
            return PLAIN;
        }
        StringBuilder size = new StringBuilder();
        int rows = DEFAULT_ROWS;
        if (run(List.of("sh", "-c", "stty size < /dev/tty"), size) == 0) {
            String first = size.toString().strip().split(" ", 2)[0];
            rows = first.matches("[1-9]\\d{0,4}") ? Integer.parseInt(first) : DEFAULT_ROWS;
        }
        return new Terminal(true, System.getenv("NO_COLOR") == null, rows);
    }

    /** Stands out. */
    public String bold(String text) {
        return styled("1", text);
    }

    /** Stands back. */
    public String faint(String text) {
        return styled("2", text);
    }

    /** Good. */
    public String green(String text) {
        return styled("32", text);
    }

    /** Not yet good. */
    public String yellow(String text) {
        return styled("33", text);
    }

    /** Bad. */
    public String red(String text) {
        return styled("31", text);
    }

    /** Moves the cursor up so many lines, to the start of the line. */
    public static String up(int lines) {
        return lines == 0 ? "\r" : "\r" + ESCAPE + lines + "A";
    }

    /** Prints lines over what stood there: clears each to its end, and cuts what is too long instead of wrapping it. */
    public static String over(List<String> lines) {
        StringBuilder text = new StringBuilder(ESCAPE + "?7l");
        for (String line : lines) {
            text.append(line).append(ESCAPE).append("K\n");
        }
        return text.append(ESCAPE).append("J").append(ESCAPE).append("?7h").toString();
    }

    private String styled(String code, String text) {
        return colours ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
    }

    private static int run(List<String> command, StringBuilder output) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            if (command.get(0).equals("test")) {
                // It is asked about the real standard output.
                builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
            }
            Process process = builder.start();
            try (InputStream in = process.getInputStream()) {
                output.append(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            }
            return process.waitFor(2, TimeUnit.SECONDS) ? process.exitValue() : 1;
        } catch (IOException e) {
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
