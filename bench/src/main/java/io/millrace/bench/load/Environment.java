package io.millrace.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Where and when figures were measured: without it they mean nothing.
 *
 * @param machine cores, memory, operating system
 * @param jdk the Java that ran it
 * @param date the day, UTC
 */
public record Environment(String machine, String jdk, String date) {
    private static final double BYTES_PER_GIB = 1L << 30;

    /** This process, today. */
    public static Environment here() {
        long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : 0;
        return new Environment(
                String.format(
                        Locale.ROOT,
                        "%d cores, %.0f GiB, %s %s %s",
                        Runtime.getRuntime().availableProcessors(),
                        bytes / BYTES_PER_GIB,
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                LocalDate.now(ZoneOffset.UTC).toString());
    }

    /** Puts the three fields into a report. */
    public void addTo(ObjectNode json) {
        json.put("machine", machine).put("jdk", jdk).put("date", date);
    }

    /** One line for people. */
    public String text() {
        return machine + "; " + jdk + "; " + date + "\n";
    }
}
