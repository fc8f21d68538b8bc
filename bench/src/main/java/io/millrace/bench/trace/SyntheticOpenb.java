package io.millrace.bench.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A cluster and jobs in the proportions of the openb trace, for measurements that must not depend on a file: its 1,213
 * nodes as they are, and 8,152 jobs of its most frequent shapes (1,088 without a GPU, 3,078 that share one, 3,911 of one, 16
 * of two, 15 of four, 44 of eight). Jobs have no times and take any model. Stateless.
 */
public final class SyntheticOpenb {

    /** So many nodes alike. */
    private record Nodes(int count, String model, int devices, long cpuMillicores, long memoryMib) {}

    private static final List<Nodes> NODES = List.of(
            new Nodes(549, "G2", 8, 96_000, 393_216),
            new Nodes(39, "G3", 8, 128_000, 786_432),
            new Nodes(387, "T4", 2, 104_000, 524_288),
            new Nodes(17, "T4", 4, 96_000, 393_216),
            new Nodes(107, "P100", 2, 16_000, 122_880),
            new Nodes(22, "P100", 2, 64_000, 262_144),
            new Nodes(3, "P100", 1, 8_000, 61_440),
            new Nodes(2, "P100", 2, 8_000, 61_440),
            new Nodes(28, "V100M16", 4, 32_000, 131_072),
            new Nodes(19, "V100M16", 1, 8_000, 32_768),
            new Nodes(7, "V100M16", 8, 64_000, 262_144),
            new Nodes(1, "V100M16", 8, 82_000, 344_064),
            new Nodes(21, "V100M32", 8, 96_000, 786_432),
            new Nodes(9, "V100M32", 4, 48_000, 376_832),
            new Nodes(2, "A10", 1, 128_000, 1_048_576));

    /** So many jobs alike. */
    private record Jobs(int count, int devices, int milliPerDevice, long cpuMillicores, long memoryMib) {}

    private static final List<Jobs> JOBS = List.of(
            new Jobs(384, 0, 1000, 12_500, 57_344),
            new Jobs(300, 0, 1000, 32_000, 49_152),
            new Jobs(172, 0, 1000, 8_000, 30_517),
            new Jobs(127, 0, 1000, 15_400, 51_200),
            new Jobs(105, 0, 1000, 16_500, 51_200),
            new Jobs(1047, 1, 810, 3_152, 5_600),
            new Jobs(420, 1, 470, 11_908, 47_104),
            new Jobs(390, 1, 470, 8_000, 30_517),
            new Jobs(257, 1, 650, 11_908, 47_104),
            new Jobs(150, 1, 320, 4_000, 22_888),
            new Jobs(150, 1, 230, 4_000, 30_517),
            new Jobs(134, 1, 320, 4_000, 15_258),
            new Jobs(140, 1, 590, 3_152, 5_600),
            new Jobs(140, 1, 550, 4_152, 10_600),
            new Jobs(120, 1, 320, 8_000, 30_517),
            new Jobs(130, 1, 160, 4_000, 15_258),
            new Jobs(1000, 1, 1000, 11_300, 49_152),
            new Jobs(640, 1, 1000, 11_400, 48_128),
            new Jobs(560, 1, 1000, 3_152, 5_600),
            new Jobs(310, 1, 1000, 18_708, 64_512),
            new Jobs(240, 1, 1000, 9_810, 41_560),
            new Jobs(200, 1, 1000, 15_700, 58_368),
            new Jobs(200, 1, 1000, 12_000, 24_576),
            new Jobs(190, 1, 1000, 11_908, 47_104),
            new Jobs(140, 1, 1000, 16_000, 32_768),
            new Jobs(140, 1, 1000, 8_000, 16_384),
            new Jobs(140, 1, 1000, 4_000, 24_576),
            new Jobs(151, 1, 1000, 14_200, 58_368),
            new Jobs(16, 2, 1000, 16_200, 66_560),
            new Jobs(15, 4, 1000, 32_200, 132_096),
            new Jobs(26, 8, 1000, 88_000, 327_680),
            new Jobs(18, 8, 1000, 64_200, 263_168));

    private SyntheticOpenb() {}

    /** The nodes, those alike next to each other. */
    public static List<TraceNode> nodes() {
        List<TraceNode> nodes = new ArrayList<>();
        for (Nodes alike : NODES) {
            for (int i = 0; i < alike.count(); i++) {
                nodes.add(new TraceNode(
                        "node-" + nodes.size(),
                        alike.model(),
                        alike.devices(),
                        alike.cpuMillicores(),
                        alike.memoryMib()));
            }
        }
        return nodes;
    }

    /** The jobs, shuffled; the same seed gives the same order. */
    public static List<TraceJob> jobs(long seed) {
        List<TraceJob> jobs = new ArrayList<>();
        for (Jobs alike : JOBS) {
            for (int i = 0; i < alike.count(); i++) {
                jobs.add(new TraceJob(
                        "job-" + jobs.size(),
                        List.of(),
                        1,
                        alike.devices(),
                        alike.milliPerDevice(),
                        alike.cpuMillicores(),
                        alike.memoryMib(),
                        TraceJob.UNKNOWN,
                        TraceJob.UNKNOWN));
            }
        }
        Collections.shuffle(jobs, new Random(seed));
        return jobs;
    }
}
