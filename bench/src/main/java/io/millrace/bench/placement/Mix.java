package io.millrace.bench.placement;

import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another mix of the jobs of a trace, so that a policy can be tried on what it was not made for. After the variants that come
 * with openb, which change the same four things. The same mix of a trace is always the same.
 *
 * @param what what is changed
 * @param percent to what, see {@link What}
 */
record Mix(What what, int percent) {
    private static final int MOST_PERCENT = 1000;
    private static final Pattern NAME = Pattern.compile("([a-z]+)-([0-9]{1,4})");

    /** What a mix changes. */
    enum What {
        /** Jobs that share a device ask so many per cent of what all ask of devices. */
        SHARED(100),
        /** Jobs that take several devices do. */
        LARGE(100),
        /** So many per cent of the jobs that need no device, some of them drawn several times. */
        CPU(MOST_PERCENT),
        /** So many per cent of the jobs with devices go to one model, drawn by how many devices there are of it. */
        MODEL(100);

        private final int most;

        What(int most) {
            this.most = most;
        }
    }

    /**
     * The mix of this name, such as {@code shared-40}.
     *
     * @throws IllegalArgumentException with the reason, if there is none
     */
    static Mix named(String name) {
        Matcher matcher = NAME.matcher(name);
        if (matcher.matches()) {
            int percent = Integer.parseInt(matcher.group(2));
            for (What what : What.values()) {
                if (what.name().toLowerCase(Locale.ROOT).equals(matcher.group(1))) {
                    if (percent > what.most) {
                        throw new IllegalArgumentException("'" + name + "' asks for more than " + what.most + " %");
                    }
                    return new Mix(what, percent);
                }
            }
        }
        throw new IllegalArgumentException(
                "'" + name + "' is no mix: must be shared-, large-, cpu- or model- and per cent");
    }

    /** The trace with this mix; its jobs in no order that means anything. */
    Trace of(Trace trace) {
        Random random = new Random(percent);
        List<TraceJob> jobs = switch (what) {
            case SHARED -> withShare(trace.jobs(), Mix::isShared, random);
            case LARGE -> withShare(trace.jobs(), Mix::isLarge, random);
            case CPU -> withCpuJobs(trace.jobs(), random);
            case MODEL -> withModels(trace, random);
        };
        Collections.shuffle(jobs, random);
        return new Trace(trace.nodes(), jobs, trace.skipped());
    }

    private static boolean isShared(TraceJob job) {
        return job.devices() == 1 && job.milliPerDevice() < 1000;
    }

    private static boolean isLarge(TraceJob job) {
        return job.devices() > 1;
    }

    private List<TraceJob> withShare(List<TraceJob> all, Predicate<TraceJob> isMeant, Random random) {
        List<TraceJob> meant = new ArrayList<>();
        List<TraceJob> others = new ArrayList<>();
        List<TraceJob> mixed = new ArrayList<>();
        for (TraceJob job : all) {
            (job.devices() == 0 ? mixed : isMeant.test(job) ? meant : others).add(job);
        }
        long asked = all.stream().mapToLong(TraceJob::milliDevices).sum();
        draw(meant, asked * percent / 100, random, mixed);
        draw(others, asked * (100 - percent) / 100, random, mixed);
        return mixed;
    }

    /** Draws some until they ask so much of devices; some of them several times. */
    private static void draw(List<TraceJob> from, long milliDevices, Random random, List<TraceJob> into) {
        long asked = 0;
        while (asked < milliDevices && !from.isEmpty()) {
            TraceJob drawn = from.get(random.nextInt(from.size()));
            into.add(drawn);
            asked += drawn.milliDevices();
        }
    }

    private List<TraceJob> withCpuJobs(List<TraceJob> all, Random random) {
        List<TraceJob> onCpu = all.stream().filter(job -> job.devices() == 0).toList();
        List<TraceJob> mixed =
                new ArrayList<>(all.stream().filter(job -> job.devices() > 0).toList());
        for (long i = 0; i < (long) onCpu.size() * percent / 100; i++) {
            mixed.add(onCpu.get(random.nextInt(onCpu.size())));
        }
        return mixed;
    }

    private List<TraceJob> withModels(Trace trace, Random random) {
        Map<String, Long> devices = trace.milliDevicesByModel();
        long all = devices.values().stream().mapToLong(Long::longValue).sum();
        List<TraceJob> mixed = new ArrayList<>();
        for (TraceJob job : trace.jobs()) {
            boolean isLimited = job.devices() > 0 && all > 0 && random.nextInt(100) < percent;
            mixed.add(isLimited ? limitedTo(drawn(devices, random.nextLong(all)), job) : job);
        }
        return mixed;
    }

    private static String drawn(Map<String, Long> devices, long number) {
        long left = number;
        for (Map.Entry<String, Long> model : devices.entrySet()) {
            left -= model.getValue();
            if (left < 0) {
                return model.getKey();
            }
        }
        throw new IllegalArgumentException("there are not " + number + " milli-devices");
    }

    private static TraceJob limitedTo(String model, TraceJob job) {
        return new TraceJob(
                job.name(),
                List.of(model),
                job.replicas(),
                job.devices(),
                job.milliPerDevice(),
                job.cpuMillicores(),
                job.memoryMib(),
                job.arrivesAtSeconds(),
                job.lifetimeSeconds());
    }
}
