package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Why a demand does not fit, and what would: worked out by a second look when somebody is to be told, so that demands
 * which fit pay nothing for it.
 *
 * @param cause the first thing that stands in the way
 * @param nodesConsidered nodes of the market
 * @param removed nodes that each filter removed, in the order of the filters
 * @param wouldFit the smallest change found that would fit now, or that could ever fit; empty if none was found
 */
public record Misfit(Cause cause, int nodesConsidered, List<Removed> removed, String wouldFit) {

    /** What stands in the way, in order of precedence. */
    public enum Cause {
        /** No node is of this kind or model. */
        NO_SUCH_MODEL,
        /** All such nodes cost more. */
        PRICE_TOO_LOW,
        /** Would not fit even if nothing else ran. */
        NEVER_FITS,
        /** Does not fit now. */
        NO_CAPACITY
    }

    /**
     * Nodes that a filter removed.
     *
     * @param filter its name
     * @param nodes nodes that passed all filters before and not this one
     */
    public record Removed(String filter, int nodes) {}

    /** Copies the list. */
    public Misfit {
        removed = List.copyOf(removed);
    }

    /** Explains why this demand, which a policy could not place, does not fit. */
    public static Misfit explain(Supply supply, Demand demand) {
        Funnel funnel = new Funnel(demand);
        supply.shelves().forEach(funnel::pour);
        return new Misfit(funnel.cause(), supply.size(), funnel.removed(), funnel.wouldFit());
    }

    /** Counts what passes each filter; the same order as the precedence of the causes. */
    private static final class Funnel {
        private final Demand demand;
        private int byKind;
        private int byModel;
        private int byPrice;
        private int byStatus;
        private int byDevices;
        private int byCpu;
        private int byMemory;
        private int suiting;
        private int ofModel;
        private long cheapest = Long.MAX_VALUE;
        private long copiesNow;
        private long copiesEver;
        private int devicesNow;
        private int devicesEver;
        private final TreeSet<String> models = new TreeSet<>();

        Funnel(Demand demand) {
            this.demand = demand;
        }

        void pour(Shelf shelf) {
            Shelf.Traits traits = shelf.traits;
            if (!traits.model().isEmpty()) {
                models.add(traits.model());
            }
            if (!traits.kindMatches(demand)) {
                byKind += shelf.size();
            } else if (!traits.modelMatches(demand)) {
                byModel += shelf.size();
            } else {
                ofModel += shelf.size();
                cheapest = Math.min(cheapest, traits.askFor(demand));
                if (!traits.priceMatches(demand)) {
                    byPrice += shelf.size();
                } else {
                    pourNodes(shelf);
                }
            }
        }

        private void pourNodes(Shelf shelf) {
            long now = 0;
            long ever = 0;
            for (int slot = 0; slot < shelf.size(); slot++) {
                SuppliedNode node = shelf.node(slot);
                suiting++;
                ever += copiesIfEmpty(node.offer());
                devicesEver =
                        Math.max(devicesEver, node.offer().deviceSellableMilli().size());
                if (passes(node)) {
                    now += Assignment.copies(node, demand, demand.replicas());
                }
                if (node.isOpen()) {
                    devicesNow = Math.max(devicesNow, node.wholeDevices());
                }
            }
            copiesNow = Math.max(copiesNow, now);
            copiesEver = Math.max(copiesEver, ever);
        }

        private boolean passes(SuppliedNode node) {
            if (!node.isOpen()) {
                byStatus++;
                return false;
            }
            boolean devicesFit = demand.sharesDevice()
                    ? node.largestFreeMilli() >= demand.milliPerDevice()
                    : node.wholeDevices() >= demand.devices();
            if (!devicesFit) {
                byDevices++;
                return false;
            }
            if (node.freeCpuMillicores() < demand.cpuMillicores()) {
                byCpu++;
                return false;
            }
            if (node.freeMemoryMib() < demand.memoryMib()) {
                byMemory++;
                return false;
            }
            return true;
        }

        /** Replicas that would fit if nothing ran on the node and all of its devices were in order. */
        private long copiesIfEmpty(NodeOffer offer) {
            long copies = demand.replicas();
            if (demand.cpuMillicores() > 0) {
                copies = Math.min(copies, offer.cpuTotalMillicores() / demand.cpuMillicores());
            }
            if (demand.memoryMib() > 0) {
                copies = Math.min(copies, offer.memoryTotalMib() / demand.memoryMib());
            }
            int devices = offer.deviceSellableMilli().size();
            if (demand.sharesDevice()) {
                copies = Math.min(copies, (long) devices * (1000 / demand.milliPerDevice()));
            } else if (demand.devices() > 0) {
                copies = Math.min(copies, devices / demand.devices());
            }
            return copies;
        }

        Cause cause() {
            if (ofModel == 0) {
                return Cause.NO_SUCH_MODEL;
            }
            if (suiting == 0) {
                return Cause.PRICE_TOO_LOW;
            }
            return copiesEver < demand.replicas() ? Cause.NEVER_FITS : Cause.NO_CAPACITY;
        }

        List<Removed> removed() {
            List<Removed> removed = new ArrayList<>();
            addIfAny(removed, "kind", byKind);
            addIfAny(removed, "model", byModel);
            addIfAny(removed, "price", byPrice);
            addIfAny(removed, "status", byStatus);
            addIfAny(removed, "devices", byDevices);
            addIfAny(removed, "cpu", byCpu);
            addIfAny(removed, "memory", byMemory);
            return removed;
        }

        private static void addIfAny(List<Removed> removed, String filter, int nodes) {
            if (nodes > 0) {
                removed.add(new Removed(filter, nodes));
            }
        }

        String wouldFit() {
            return switch (cause()) {
                case NO_SUCH_MODEL -> models.isEmpty() ? "" : "one of the models " + String.join(", ", models);
                case PRICE_TOO_LOW -> "a highest price of " + cheapest + " micro-CNY per hour";
                case NEVER_FITS ->
                    copiesEver > 0
                            ? "at most " + replicas(copiesEver) + " of this size in one pool"
                            : smallerReplica(devicesEver, "at most ");
                case NO_CAPACITY ->
                    copiesNow > 0
                            ? "now: " + replicas(copiesNow) + " of this size in one pool"
                            : smallerReplica(devicesNow, "now: ");
            };
        }

        private static String replicas(long count) {
            return count == 1 ? "1 replica" : count + " replicas";
        }

        private String smallerReplica(int devices, String prefix) {
            return devices > 0 && devices < demand.devices()
                    ? prefix + devices + (devices == 1 ? " device" : " devices") + " per replica"
                    : "";
        }
    }
}
