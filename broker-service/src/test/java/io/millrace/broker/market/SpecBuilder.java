package io.millrace.broker.market;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Latitude;
import io.millrace.broker.placement.Spread;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.queue.PriorityClass;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Specs as tests write them: what a test does not name is asked of no one, and the term is an hour. */
public final class SpecBuilder {
    private @Nullable Kind kind;
    private List<String> models = List.of();
    private int replicas = 1;
    private int devices;
    private int milliPerDevice = 1000;
    private long cpuMillicores = 1000;
    private long memoryMib = 1024;
    private long durationSeconds = 3600;
    private long maxWaitSeconds;
    private List<String> hubs = List.of();
    private @Nullable Long maxPriceMicroCnyPerHour;
    private PriorityClass priority = PriorityClass.NORMAL;
    private boolean preemptible;
    private @Nullable Long deadlineMillis;
    private @Nullable Need need;
    private int minReplicas;
    private Spread spread = Spread.POOL;
    private @Nullable Shots quantum;
    private final List<Alternative> alternatives = new ArrayList<>();
    private @Nullable Siting siting;
    private Storage storage = Storage.NONE;

    private SpecBuilder() {}

    /** Whole devices. */
    public static SpecBuilder gpus(int devices) {
        SpecBuilder spec = new SpecBuilder();
        spec.devices = devices;
        return spec;
    }

    /** Part of one device. */
    public static SpecBuilder share(int milli) {
        return gpus(1).milliPerDevice(milli);
    }

    /** CPU only. */
    public static SpecBuilder millicores(long value) {
        return new SpecBuilder().cpu(value);
    }

    public SpecBuilder kind(Kind value) {
        kind = value;
        return this;
    }

    public SpecBuilder models(String... values) {
        models = List.of(values);
        return this;
    }

    public SpecBuilder replicas(int value) {
        replicas = value;
        return this;
    }

    public SpecBuilder milliPerDevice(int value) {
        milliPerDevice = value;
        return this;
    }

    public SpecBuilder cpu(long millicores) {
        cpuMillicores = millicores;
        return this;
    }

    public SpecBuilder mib(long value) {
        memoryMib = value;
        return this;
    }

    public SpecBuilder seconds(long value) {
        durationSeconds = value;
        return this;
    }

    public SpecBuilder waits(long seconds) {
        maxWaitSeconds = seconds;
        return this;
    }

    public SpecBuilder hubs(String... values) {
        hubs = List.of(values);
        return this;
    }

    public SpecBuilder maxPrice(long microCnyPerHour) {
        maxPriceMicroCnyPerHour = microCnyPerHour;
        return this;
    }

    public SpecBuilder priority(PriorityClass value) {
        priority = value;
        return this;
    }

    public SpecBuilder preemptible() {
        preemptible = true;
        return this;
    }

    public SpecBuilder deadline(long millis) {
        deadlineMillis = millis;
        return this;
    }

    public SpecBuilder need(Need value) {
        need = value;
        return this;
    }

    /** From this to {@link #replicas}. */
    public SpecBuilder minReplicas(int value) {
        minReplicas = value;
        return this;
    }

    public SpecBuilder spread(Spread value) {
        spread = value;
        return this;
    }

    /** Shots on a quantum processor with so many qubits and at least this fidelity. */
    public SpecBuilder shots(long count, int qubits, int fidelityPpm) {
        quantum = new Shots(qubits, fidelityPpm, count);
        return this;
    }

    /** One way more to serve it, after those before. */
    public SpecBuilder or(int count, String... names) {
        alternatives.add(new Alternative(List.of(names), count, "no. " + (alternatives.size() + 1)));
        return this;
    }

    /** Near these users at the most so far away. */
    public SpecBuilder near(String usersHub, @Nullable Long limitMicros) {
        siting = new Siting(usersHub, limitMicros, null, 0, List.of());
        return this;
    }

    /** With data to move. */
    public SpecBuilder data(String hub, long gib) {
        siting = new Siting(null, null, hub, gib, List.of());
        return this;
    }

    /** With weights of its own, as "CARBON", 3000. */
    public SpecBuilder weighing(String term, int permille) {
        siting = new Siting(null, null, null, 0, List.of(new Siting.Weight(term, permille)));
        return this;
    }

    public SpecBuilder siting(@Nullable Siting value) {
        siting = value;
        return this;
    }

    /** Storage of a replica. */
    public SpecBuilder storage(long gib, long mibPerSecond) {
        storage = new Storage(gib, mibPerSecond);
        return this;
    }

    public ComputeSpec spec() {
        return new ComputeSpec(
                kind,
                models,
                replicas,
                devices,
                milliPerDevice,
                cpuMillicores,
                memoryMib,
                durationSeconds,
                maxWaitSeconds,
                hubs,
                maxPriceMicroCnyPerHour,
                priority,
                preemptible,
                deadlineMillis,
                need,
                new Latitude(minReplicas, spread, alternatives),
                quantum,
                siting,
                storage);
    }

    public Demand demand() {
        return spec().demand();
    }
}
