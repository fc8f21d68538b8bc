package io.millrace.broker.placement;

import io.millrace.broker.placement.Stretches.Lacking;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Counts what passes each filter; the order of the filters is that of the precedence of {@link Misfit.Cause}. */
final class Funnel {
    private final Demand demand;
    private int byKind;
    private int byModel;
    private int byPrice;
    private int byStatus;
    private int byDevices;
    private int byCpu;
    private int byMemory;
    private int byStorage;
    private long lowestAsk = Long.MAX_VALUE;
    private final Set<Kind> kindsWithModel = EnumSet.noneOf(Kind.class);
    private final Set<String> modelsOfKind = new TreeSet<>();
    private final Room now;
    private final Room ever;

    Funnel(Demand demand) {
        this.demand = demand;
        now = new Room(demand);
        ever = new Room(demand);
    }

    /** The nodes of shelves that replicas may share. */
    void pour(List<Shelf> domain) {
        domain.forEach(this::pour);
        ever.closeDomain();
        now.closeDomain();
    }

    private void pour(Shelf shelf) {
        Shelf.Traits traits = shelf.traits;
        boolean kindMatches = traits.kindMatches(demand);
        boolean modelMatches = traits.modelMatches(demand);
        if (!kindMatches) {
            byKind += shelf.size();
            if (modelMatches) {
                kindsWithModel.add(traits.kind());
            }
        } else if (!modelMatches) {
            byModel += shelf.size();
            if (!traits.model().isEmpty()) {
                modelsOfKind.add(traits.label(demand));
            }
        } else {
            lowestAsk = Math.min(lowestAsk, traits.askFor(demand));
            if (traits.priceMatches(demand)) {
                pourNodes(shelf);
            } else {
                byPrice += shelf.size();
            }
        }
    }

    private void pourNodes(Shelf shelf) {
        // A market has few sizes of nodes and may have very many nodes.
        shelf.sizes().forEach((size, nodes) -> {
            int devices = size.devices();
            long cpu = size.cpuTotalMillicores();
            if (ever.add(devices, devices > 0 ? 1000 : 0, cpu, size.memoryTotalMib(), size.storageTotal())) {
                long shares = demand.sharesDevice() ? devices * (1000L / demand.milliPerDevice()) : 0;
                ever.addCopies(nodes, devices, shares, cpu, size.memoryTotalMib(), size.storageTotal());
            }
        });
        byStatus += shelf.size();
        Stretches stretches = shelf.stretches();
        for (int at = 0, count = stretches.count(); at < count; at++) {
            byStatus -= stretches.size(at);
            if (!pourAsOne(stretches, at)) {
                for (int place = 0; place < stretches.size(at); place++) {
                    pourNode(shelf, stretches.slot(at, place));
                }
                stretches.tighten(at);
            }
        }
    }

    /** If one filter removes all of them and none has more of anything than was known: in a large market, most are so. */
    private boolean pourAsOne(Stretches stretches, int at) {
        if (!demand.storage().isNone()) {
            return false;
        }
        Lacking devices = stretches.devices(at, demand);
        Lacking cpu = stretches.cpu(at, demand);
        Lacking memory = stretches.memory(at, demand);
        if (devices == Lacking.ALL
                && (cpu == Lacking.ALL || memory == Lacking.ALL || !now.hasMoreDevices(stretches, at))) {
            byDevices += stretches.size(at);
        } else if (devices == Lacking.NONE
                && cpu == Lacking.ALL
                && (memory == Lacking.ALL || stretches.mostCpuMillicores(at) <= now.cpuMillicores)) {
            byCpu += stretches.size(at);
        } else if (devices == Lacking.NONE
                && cpu == Lacking.NONE
                && memory == Lacking.ALL
                && stretches.mostMemoryMib(at) <= now.memoryMib) {
            byMemory += stretches.size(at);
        } else {
            return false;
        }
        return true;
    }

    private void pourNode(Shelf shelf, int slot) {
        int whole = shelf.wholeDevices(slot);
        int largest = shelf.largestFreeMilli(slot);
        long cpu = shelf.freeCpuMillicores(slot);
        long memory = shelf.freeMemoryMib(slot);
        Storage storage = demand.storage().isNone() ? Storage.NONE : shelf.freeStorage(slot);
        if (now.add(whole, largest, cpu, memory, storage)) {
            now.addCopies(1, whole, Assignment.shares(shelf.node(slot), demand), cpu, memory, storage);
        } else if (demand.sharesDevice() ? largest < demand.milliPerDevice() : whole < demand.devices()) {
            byDevices++;
        } else if (cpu < demand.cpuMillicores()) {
            byCpu++;
        } else if (memory < demand.memoryMib()) {
            byMemory++;
        } else {
            byStorage++;
        }
    }

    Misfit.Cause cause() {
        if (lowestAsk == Long.MAX_VALUE) {
            return Misfit.Cause.NO_SUCH_MODEL;
        }
        if (lowestAsk > demand.maxPriceMicroCnyPerHour()) {
            return Misfit.Cause.PRICE_TOO_LOW;
        }
        return ever.copies < demand.replicas() ? Misfit.Cause.NEVER_FITS : Misfit.Cause.NO_CAPACITY;
    }

    List<Misfit.Removed> removed() {
        List<Misfit.Removed> removed = new ArrayList<>();
        addIfAny(removed, "kind", byKind);
        addIfAny(removed, "model", byModel);
        addIfAny(removed, "price", byPrice);
        addIfAny(removed, "status", byStatus);
        addIfAny(removed, "devices", byDevices);
        addIfAny(removed, "cpu", byCpu);
        addIfAny(removed, "memory", byMemory);
        addIfAny(removed, "storage", byStorage);
        return removed;
    }

    private static void addIfAny(List<Misfit.Removed> removed, String filter, int nodes) {
        if (nodes > 0) {
            removed.add(new Misfit.Removed(filter, nodes));
        }
    }

    String wouldFit() {
        return switch (cause()) {
            case NO_SUCH_MODEL -> anotherModelOrKind();
            case PRICE_TOO_LOW -> "a highest price of " + lowestAsk + " micro-CNY per hour";
            case NEVER_FITS -> ever.wouldFit("");
            case NO_CAPACITY -> now.wouldFit("now: ");
        };
    }

    private String anotherModelOrKind() {
        if (!modelsOfKind.isEmpty()) {
            return "one of the models " + String.join(", ", modelsOfKind);
        }
        return kindsWithModel.isEmpty()
                ? ""
                : "one of the kinds " + kindsWithModel.stream().map(Kind::name).collect(Collectors.joining(", "));
    }

    /** What nodes have room for: fewer replicas, or one replica with less of one thing and all of the others. */
    private static final class Room {
        private final Demand demand;
        private long copies;
        private long copiesInDomain;
        private int devices;
        private int milli;
        private long cpuMillicores;
        private long memoryMib;
        private long storageGib;
        private long storageMibPerSecond;

        Room(Demand demand) {
            this.demand = demand;
        }

        /** A node with so much; true if a replica fits there. */
        boolean add(int wholeDevices, int largestMilli, long cpu, long memory, Storage storage) {
            boolean devicesFit =
                    demand.sharesDevice() ? largestMilli >= demand.milliPerDevice() : wholeDevices >= demand.devices();
            boolean cpuFits = cpu >= demand.cpuMillicores();
            boolean memoryFits = memory >= demand.memoryMib();
            boolean storageFits = storage.covers(demand.storage());
            if (cpuFits && memoryFits && storageFits) {
                devices = Math.max(devices, wholeDevices);
                milli = Math.max(milli, largestMilli);
            }
            if (devicesFit && memoryFits && storageFits) {
                cpuMillicores = Math.max(cpuMillicores, cpu);
            }
            if (devicesFit && cpuFits && storageFits) {
                memoryMib = Math.max(memoryMib, memory);
            }
            if (devicesFit && cpuFits && memoryFits) {
                addStorage(storage);
            }
            return devicesFit && cpuFits && memoryFits && storageFits;
        }

        boolean hasMoreDevices(Stretches stretches, int at) {
            return stretches.mostWholeDevices(at) > devices || stretches.mostOnDeviceMilli(at) > milli;
        }

        /** Of one of the two, where there is enough of the other. */
        private void addStorage(Storage storage) {
            Storage asked = demand.storage();
            if (storage.covers(Storage.of(0, asked.mibPerSecond()))) {
                storageGib = Math.max(storageGib, storage.gib());
            }
            if (storage.covers(Storage.of(asked.gib(), 0))) {
                storageMibPerSecond = Math.max(storageMibPerSecond, storage.mibPerSecond());
            }
        }

        /** So many nodes with so much, where a replica fits. */
        void addCopies(int nodes, int wholeDevices, long shares, long cpu, long memory, Storage storage) {
            copiesInDomain += nodes * copiesOf(wholeDevices, shares, cpu, memory, storage);
        }

        private long copiesOf(int wholeDevices, long shares, long cpu, long memory, Storage storage) {
            long fitting = storage.copiesOf(demand.storage(), demand.replicas());
            if (demand.sharesDevice()) {
                fitting = Math.min(fitting, shares);
            } else if (demand.devices() > 0) {
                fitting = Math.min(fitting, wholeDevices / demand.devices());
            }
            if (demand.cpuMillicores() > 0) {
                fitting = Math.min(fitting, cpu / demand.cpuMillicores());
            }
            return demand.memoryMib() > 0 ? Math.min(fitting, memory / demand.memoryMib()) : fitting;
        }

        void closeDomain() {
            copies = Math.max(copies, copiesInDomain);
            copiesInDomain = 0;
        }

        String wouldFit(String when) {
            if (copies > 0) {
                String where = switch (demand.latitude().spread()) {
                    case POOL -> " of this size in one pool";
                    case CENTRE -> " of this size in one centre";
                    case MARKET -> " of this size in this market";
                };
                return when + "at most " + counted(copies, "replica") + where;
            }
            if (demand.sharesDevice() && milli > 0) {
                return when + smallerReplica(milli + " thousandths of a device");
            }
            if (demand.devices() > 1 && devices > 0) {
                return when + smallerReplica(counted(devices, "device"));
            }
            if (cpuMillicores > 0) {
                return when + smallerReplica(counted(cpuMillicores, "millicore"));
            }
            if (memoryMib > 0) {
                return when + smallerReplica(memoryMib + " MiB");
            }
            if (storageGib > 0) {
                return when + smallerReplica(storageGib + " GiB of storage");
            }
            return storageMibPerSecond > 0
                    ? when + smallerReplica(storageMibPerSecond + " MiB/s of storage bandwidth")
                    : "";
        }

        private String smallerReplica(String size) {
            return demand.replicas() == 1 ? "at most " + size + " per replica" : "1 replica with at most " + size;
        }

        private static String counted(long count, String what) {
            return count + " " + what + (count == 1 ? "" : "s");
        }
    }
}
