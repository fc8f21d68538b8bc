package io.millrace.bench.trace;

import io.millrace.local.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a log in the Standard Workload Format 2.2 of the Parallel Workloads Archive: comment lines "; Key: value", then a
 * job a line in 18 numbers, -1 for what is not known.
 *
 * <p>The mapping, on a machine of {@code MaxNodes} equal nodes with {@code MaxProcs / MaxNodes} cores each (without
 * MaxNodes: nodes of one core):
 *
 * <ul>
 *   <li>a job asks for the processors that it requested (field 8), or, if that is not known, for those it got (field 5), as
 *       equal replicas: the fewest that fit on a node and divide the job without a rest;
 *   <li>it comes at its submit time (field 2) and runs for its run time (field 4);
 *   <li>memory is left out: the format does not say how much a node has;
 *   <li>a job without processors or without a run time never ran; it is skipped and counted.
 * </ul>
 *
 * <p>Stateless.
 */
public final class SwfReader {
    private static final int FIELDS = 18;
    private static final int SUBMIT = 1;
    private static final int RUN_TIME = 3;
    private static final int ALLOCATED_PROCESSORS = 4;
    private static final int REQUESTED_PROCESSORS = 7;
    private static final long MAX_PROCESSORS = 10_000_000;
    /** Most replicas that a request may have. */
    private static final long MAX_REPLICAS = 10_000;

    private static final Pattern HEADER = Pattern.compile(";\\s*([A-Za-z]+)\\s*:\\s*(\\S.*)");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private SwfReader() {}

    /**
     * The machine, where the file does not say or is not to be believed.
     *
     * @param nodes nodes; 0 to take the file's word
     * @param coresPerNode cores of a node; 0 to take the file's word
     */
    public record Machine(int nodes, int coresPerNode) {}

    /**
     * Reads a log.
     *
     * @throws UserError naming file and line, if something cannot be read or the machine is not known
     */
    public static Trace read(Path file, Machine asked) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + " is not a file");
        }
        Map<String, Long> header = new HashMap<>();
        List<long[]> rows = new ArrayList<>();
        List<Integer> lines = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                String text = line.strip();
                if (text.startsWith(";")) {
                    header(file, number, text, header);
                } else if (!text.isEmpty()) {
                    rows.add(fields(file, number, text));
                    lines.add(number);
                }
            }
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage(), e);
        }
        if (rows.isEmpty()) {
            throw new UserError(file + " has no jobs");
        }
        Machine machine = machine(file, header, asked);
        return trace(file, rows, lines, machine);
    }

    private static void header(Path file, int line, String text, Map<String, Long> header) {
        Matcher matcher = HEADER.matcher(text);
        if (!matcher.matches()) {
            return;
        }
        String key = matcher.group(1).toLowerCase(Locale.ROOT);
        if (!key.equals("maxnodes") && !key.equals("maxprocs")) {
            return;
        }
        // Some logs go on in words after the figure: "MaxProcs: 256 (128 until May)".
        String value = BLANKS.splitAsStream(matcher.group(2)).findFirst().orElse("");
        header.put(key, parse(file, line, matcher.group(1), value, 1, MAX_PROCESSORS));
    }

    private static long[] fields(Path file, int line, String text) {
        String[] words = BLANKS.split(text, -1);
        if (words.length != FIELDS) {
            throw new UserError(file + ":" + line + ": " + words.length + " fields; the Standard Workload Format has "
                    + FIELDS + " in each line");
        }
        long[] fields = new long[FIELDS];
        for (int i : new int[] {0, SUBMIT, RUN_TIME, ALLOCATED_PROCESSORS, REQUESTED_PROCESSORS}) {
            fields[i] = parse(file, line, "field " + (i + 1), words[i], -1, Long.MAX_VALUE / 1_000_000);
        }
        return fields;
    }

    private static long parse(Path file, int line, String name, String text, long min, long max) {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UserError(file + ":" + line + ": " + name + " is '" + text + "', must be a whole number", e);
        }
        if (value < min || value > max) {
            throw new UserError(file + ":" + line + ": " + name + " is " + value + ", must be " + min + " to " + max);
        }
        return value;
    }

    private static Machine machine(Path file, Map<String, Long> header, Machine asked) {
        long processors = header.getOrDefault("maxprocs", 0L);
        long nodes = asked.nodes() > 0 ? asked.nodes() : header.getOrDefault("maxnodes", processors);
        if (nodes == 0) {
            throw new UserError(
                    file + " has neither \"; MaxNodes:\" nor \"; MaxProcs:\" in its header: say how large the"
                            + " machine was with --swf-nodes and --swf-cores-per-node");
        }
        long cores = asked.coresPerNode() > 0 ? asked.coresPerNode() : Math.max(1, Math.ceilDiv(processors, nodes));
        return new Machine((int) nodes, (int) cores);
    }

    private static Trace trace(Path file, List<long[]> rows, List<Integer> lines, Machine machine) {
        List<TraceNode> nodes = new ArrayList<>();
        for (int i = 0; i < machine.nodes(); i++) {
            nodes.add(new TraceNode("node-" + (i + 1), "", 0, machine.coresPerNode() * 1000L, 0));
        }
        List<TraceJob> jobs = new ArrayList<>();
        int skipped = 0;
        for (int i = 0; i < rows.size(); i++) {
            long[] row = rows.get(i);
            long processors = row[REQUESTED_PROCESSORS] > 0 ? row[REQUESTED_PROCESSORS] : row[ALLOCATED_PROCESSORS];
            if (processors <= 0 || row[RUN_TIME] <= 0) {
                skipped++;
                continue;
            }
            if (row[SUBMIT] < 0) {
                throw new UserError(file + ":" + lines.get(i) + ": field 2 is -1: the job has no submit time");
            }
            jobs.add(job(row, processors, machine.coresPerNode()));
        }
        return new Trace(nodes, jobs, skipped);
    }

    private static TraceJob job(long[] row, long processors, int coresPerNode) {
        long cores = Math.min(processors, coresPerNode);
        while (processors % cores != 0) {
            cores--;
        }
        long replicas = processors / cores;
        if (replicas > MAX_REPLICAS) {
            // A large prime, say: ask for a few cores more than let it be refused for its form.
            replicas = Math.ceilDiv(processors, coresPerNode);
            cores = Math.ceilDiv(processors, replicas);
        }
        return new TraceJob(
                "job-" + row[0],
                List.of(),
                (int) Math.min(replicas, Integer.MAX_VALUE),
                0,
                1000,
                cores * 1000,
                0,
                row[SUBMIT],
                row[RUN_TIME]);
    }
}
