package io.millrace.broker.catalogue;

import io.millrace.broker.placement.Alternative;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Device models by name, and what workloads get of their peaks. Immutable; {@link #withDevices} and {@link #withEfficiencies} give larger
 * ones. */
public final class Catalogue {
    /** Nothing in it. */
    public static final Catalogue EMPTY = new Catalogue(Map.of(), Map.of());

    /** Most alternatives that a need is resolved to; what comes after is left out. */
    public static final int MAX_ALTERNATIVES = 64;

    private static final List<Precision> PRECISIONS = Arrays.stream(Precision.values())
            .filter(precision -> precision != Precision.UNKNOWN)
            .toList();
    private static final List<Workload> WORKLOADS = Arrays.stream(Workload.values())
            .filter(workload -> workload != Workload.UNKNOWN)
            .toList();
    private static final String WATTS = "watts";
    private static final List<String> DEVICE_COLUMNS = deviceColumns();
    private static final List<String> EFFICIENCY_COLUMNS = List.of("workload", "model", "permille", "asOf", "source");

    private final Map<String, DeviceModel> models;
    private final Map<String, Efficiency> efficiencies;

    private Catalogue(Map<String, DeviceModel> models, Map<String, Efficiency> efficiencies) {
        this.models = Collections.unmodifiableMap(new TreeMap<>(models));
        this.efficiencies = Map.copyOf(efficiencies);
    }

    private static List<String> deviceColumns() {
        List<String> columns = new ArrayList<>(List.of("model", "vendor", "year", "memoryGib", "interconnect", WATTS));
        PRECISIONS.forEach(precision -> columns.add(precision.name()));
        columns.addAll(List.of("basis", "source"));
        return List.copyOf(columns);
    }

    /**
     * With the device models of a file; one that is known already is replaced.
     *
     * @param file its name, for messages
     * @param lines its lines; see devices.csv
     * @throws IllegalArgumentException if something is wrong with it: names file, line, column, value and what is allowed
     */
    public Catalogue withDevices(String file, List<String> lines) {
        Map<String, DeviceModel> read = new TreeMap<>();
        for (Table.Row row : new Table(file, lines, DEVICE_COLUMNS, Set.of(WATTS)).rows()) {
            Map<Precision, Long> peaks = new EnumMap<>(Precision.class);
            for (Precision precision : PRECISIONS) {
                long giga = row.giga(precision.name());
                if (giga > 0) {
                    peaks.put(precision, giga);
                }
            }
            String name = row.name("model");
            DeviceModel model = new DeviceModel(
                    name,
                    row.name("vendor"),
                    row.number("year", 1990, 2100),
                    row.number("memoryGib", 0, 1 << 20),
                    row.text("interconnect"),
                    // A file from before there was this column says nothing of it.
                    row.has(WATTS) ? row.numberOrNone(WATTS, 1, 100_000) : powerWatts(name),
                    peaks,
                    row.of("basis", List.of(DeviceModel.Basis.values())),
                    row.name("source"));
            row.require(
                    read.put(model.name(), model) == null, "model", model.name(), "which a line before it is about");
        }
        Map<String, DeviceModel> all = new TreeMap<>(models);
        all.putAll(read);
        return new Catalogue(all, efficiencies);
    }

    /**
     * With the efficiencies of a file; one of the same workload and model is replaced.
     *
     * @param file its name, for messages
     * @param lines its lines; see efficiencies.csv
     * @throws IllegalArgumentException if something is wrong with it: names file, line, column, value and what is allowed
     */
    public Catalogue withEfficiencies(String file, List<String> lines) {
        Map<String, Efficiency> read = new TreeMap<>();
        for (Table.Row row : new Table(file, lines, EFFICIENCY_COLUMNS, Set.of()).rows()) {
            Efficiency efficiency = new Efficiency(
                    row.of("workload", WORKLOADS),
                    row.name("model"),
                    row.number("permille", 1, 1000),
                    row.name("asOf"),
                    row.name("source"));
            row.require(
                    efficiency.asOf().matches("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
                    "asOf",
                    efficiency.asOf(),
                    "must be a day as 2025-06-30");
            String key = key(efficiency.workload(), efficiency.model());
            row.require(
                    read.put(key, efficiency) == null, "model", efficiency.model(), "which a line before it is about");
        }
        Map<String, Efficiency> all = new TreeMap<>(efficiencies);
        all.putAll(read);
        return new Catalogue(models, all);
    }

    private static String key(Workload workload, String model) {
        return workload.name() + "/" + model;
    }

    /** All models, by name. */
    public Collection<DeviceModel> models() {
        return models.values();
    }

    /** Highest sustained power of one device of this model, watts; 0 if nothing is known. */
    public int powerWatts(String model) {
        DeviceModel known = models.get(model);
        return known == null ? 0 : known.powerWatts();
    }

    /** What a workload gets of a model's peak; null if nothing is known. */
    public @Nullable Efficiency efficiency(Workload workload, String model) {
        Efficiency own = efficiencies.get(key(workload, model));
        return own != null ? own : efficiencies.get(key(workload, Efficiency.ANY_MODEL));
    }

    /**
     * Throughput of one device that a need is held against, 10^9 operations per second: the dense peak, or of it what the
     * workload gets, rounded down; 0 if the model does not have the precision or nothing is known of the workload.
     */
    long gigaOps(DeviceModel model, Precision precision, @Nullable Workload workload) {
        long peak = model.peakGigaOps(precision);
        if (workload == null) {
            return peak;
        }
        Efficiency efficiency = efficiency(workload, model.name());
        return efficiency == null ? 0 : peak * efficiency.permille() / 1000;
    }

    /**
     * The ways to meet a need, in the order of preference: for inference older models first; else, if replicas follow from
     * the throughput in total, the fewest first. Models that stand alike are one alternative.
     *
     * @param among models that the request names; empty for all
     * @param milliPerReplica thousandths of devices of a replica, above 0
     * @param replicas of the request, if the need does not ask for throughput in total
     * @param mostReplicas models of which more would be needed are left out
     * @return empty if no model meets the need
     */
    public List<Alternative> resolve(
            Need need, List<String> among, long milliPerReplica, int replicas, int mostReplicas) {
        List<Candidate> candidates = new ArrayList<>();
        for (DeviceModel model : models.values()) {
            if (among.isEmpty() || among.contains(model.name())) {
                Candidate candidate = candidate(need, model, milliPerReplica, replicas);
                if (candidate != null && candidate.replicas <= mostReplicas) {
                    candidates.add(candidate);
                }
            }
        }
        candidates.sort(Candidate.ORDER);
        return alternatives(need, candidates);
    }

    /** A model that meets the need. {@code rank} orders: lower is better. */
    private record Candidate(DeviceModel model, int rank, long replicas) {
        static final Comparator<Candidate> ORDER = Comparator.comparingInt(Candidate::rank)
                .thenComparingLong(Candidate::replicas)
                .thenComparing(candidate -> candidate.model().name());

        boolean standsAsThe(Candidate other) {
            return rank == other.rank && replicas == other.replicas;
        }
    }

    private @Nullable Candidate candidate(Need need, DeviceModel model, long milliPerReplica, int replicas) {
        if (model.memoryGib() < need.deviceMemoryGib()) {
            return null;
        }
        int rank = need.workload() == Workload.INFERENCE ? model.year() : 0;
        Precision precision = need.precision();
        if (precision == null) {
            return new Candidate(model, rank, replicas);
        }
        long gigaOps = gigaOps(model, precision, need.workload());
        if (gigaOps == 0 || gigaOps < need.gigaOpsPerDevice()) {
            return null;
        }
        long needed = need.gigaOpsInTotal() == 0
                ? replicas
                : Math.ceilDiv(need.gigaOpsInTotal(), Math.max(1, gigaOps * milliPerReplica / 1000));
        return new Candidate(model, rank, needed);
    }

    private static List<Alternative> alternatives(Need need, List<Candidate> sorted) {
        List<Alternative> alternatives = new ArrayList<>();
        int from = 0;
        while (from < sorted.size() && alternatives.size() < MAX_ALTERNATIVES) {
            Candidate first = sorted.get(from);
            int to = from;
            List<String> names = new ArrayList<>();
            while (to < sorted.size() && sorted.get(to).standsAsThe(first)) {
                names.add(sorted.get(to).model().name());
                to++;
            }
            alternatives.add(new Alternative(names, (int) first.replicas(), why(need, first)));
            from = to;
        }
        return alternatives;
    }

    private static String why(Need need, Candidate candidate) {
        if (need.workload() == Workload.INFERENCE) {
            return "for inference older devices come first: released in "
                    + candidate.model().year();
        }
        return need.gigaOpsInTotal() > 0
                ? "the fewest devices come first: " + candidate.replicas()
                        + (candidate.replicas() == 1 ? " replica" : " replicas") + " give the throughput asked"
                : "meets the need";
    }
}
