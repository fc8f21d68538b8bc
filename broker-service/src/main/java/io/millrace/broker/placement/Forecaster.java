package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a {@link Forecast} from the latest requests and from what is idle.
 *
 * <p>The most frequent shapes stand for themselves; the rest are joined where they ask for the same devices, with their
 * mean CPU and memory, so that rare models keep a voice and the work per placement is bounded. A shape weighs
 * {@code share * idle / usable}, where usable is the devices that it could still use, at least 0.2 % of the idle ones:
 * the gradient of {@code sum(share * log(usable))}, so that what few nodes can serve is kept for those who need it.
 *
 * <p>Integers throughout: the order in which nodes are added up does not matter.
 */
public final class Forecaster {
    /** Of the requests, this many per cent are told apart; the rest is too rare to plan for. */
    private static final int COVERED_PERCENT = 99;

    private static final int SINGLE_SHAPES = 32;
    private static final int MAX_SHAPES = 160;
    /** Usable devices count as at least this part of the idle ones. */
    private static final long LEAST_USABLE_PART = 500;
    /** Weights count as moved if they differ by more than this in sum. */
    private static final double MATERIAL = 0.05;

    private static final long MILLIONTHS = 1_000_000;
    private static final long MIN_SPACING = 128;
    private static final long LOOKED_AT_PER_EVENT = 4;
    private static final long MAX_SPACING = 16_384;

    private final Map<Demand, Long> replicas = new LinkedHashMap<>();
    private long total;
    private long requests;
    private long ended;

    /** What so many of the latest requests asked, storage aside; call in the order of the first of each. */
    public void saw(Demand demand, long times) {
        requests += times;
        // A gang counts as many times as it has replicas, but not without limit: it is one wish.
        long count = times * Math.min(demand.replicas(), 64);
        replicas.merge(demand.shape().withStorage(Storage.NONE), count, Long::sum);
        total += count;
    }

    /** So many allocations ended while these requests came. */
    public void sawEnd(long allocations) {
        ended += allocations;
    }

    /**
     * The forecast from now on: the last one, if neither mix nor turnover did not move materially since, which spares whoever keeps scores
     * to work them out anew.
     *
     * @param last the forecast until now
     * @param sequence sequence of the event just applied
     */
    public Forecast after(Forecast last, Supply supply, long sequence) {
        List<Forecast.Expected> expected = weighted(typical(), supply);
        // A look costs by the nodes: an event is to pay for a few.
        long least = Math.max(MIN_SPACING, supply.size() / LOOKED_AT_PER_EVENT);
        long most = Math.max(MAX_SPACING, 8L * supply.size());
        long turnover = Math.min(MILLIONTHS, ended * MILLIONTHS / Math.max(1, requests));
        boolean moved = moved(last.expected(), expected)
                || Math.abs(turnover - last.turnoverMillionths()) > MATERIAL * MILLIONTHS;
        long spacing = moved ? Math.max(least, last.spacing() / 2) : Math.min(most, last.spacing() * 2);
        // While little is known, every few requests tell much.
        spacing = Math.min(spacing, 2 * last.spacing());
        return moved
                ? new Forecast(expected, turnover, spacing, sequence + spacing)
                : new Forecast(last.expected(), last.turnoverMillionths(), spacing, sequence + spacing);
    }

    private List<Forecast.Expected> typical() {
        List<Map.Entry<Demand, Long>> byCount = new ArrayList<>(replicas.entrySet());
        // Stable: among equals, the one that was asked first.
        byCount.sort(Comparator.comparingLong((Map.Entry<Demand, Long> e) -> e.getValue())
                .reversed());
        List<Joined> shapes = new ArrayList<>();
        Map<Demand, Joined> rest = new LinkedHashMap<>();
        long covered = 0;
        for (Map.Entry<Demand, Long> entry : byCount) {
            if (covered * 100 >= total * COVERED_PERCENT) {
                break;
            }
            Demand shape = entry.getKey();
            long count = entry.getValue();
            if (shapes.size() < SINGLE_SHAPES) {
                shapes.add(new Joined(shape, count));
            } else {
                Joined joined = rest.get(shape.devicesOnly());
                if (joined != null) {
                    joined.add(shape, count);
                } else if (shapes.size() + rest.size() < MAX_SHAPES) {
                    rest.put(shape.devicesOnly(), new Joined(shape, count));
                } else {
                    continue;
                }
            }
            covered += count;
        }
        shapes.addAll(rest.values());
        long sum = Math.max(1, covered);
        return shapes.stream().map(shape -> shape.expected(sum)).toList();
    }

    private static List<Forecast.Expected> weighted(List<Forecast.Expected> shapes, Supply supply) {
        long[] usable = new long[shapes.size()];
        long idle = 0;
        boolean[] suits = new boolean[shapes.size()];
        for (Shelf shelf : supply.shelves()) {
            for (int i = 0; i < suits.length; i++) {
                Forecast.Expected shape = shapes.get(i);
                suits[i] = shape.devices() > 0 && shape.suits(shelf.traits.kind(), shelf.traits.model());
            }
            for (int slot = 0; slot < shelf.size(); slot++) {
                SuppliedNode node = shelf.node(slot);
                if (node.isOpen() && node.freeMilli() > 0) {
                    idle += node.freeMilli();
                    addUsable(node, shapes, suits, usable);
                }
            }
        }
        long least = Math.max(1, idle / LEAST_USABLE_PART);
        List<Forecast.Expected> weighted = new ArrayList<>();
        for (int i = 0; i < usable.length; i++) {
            Forecast.Expected shape = shapes.get(i);
            double scarcity = (double) Math.max(1, idle) / Math.max(least, usable[i]);
            double weight = shape.devices() == 0 ? 0 : shape.shareMillionths() * scarcity * Forecast.ONE / MILLIONTHS;
            weighted.add(shape.withWeight((long) weight));
        }
        return weighted;
    }

    private static void addUsable(SuppliedNode node, List<Forecast.Expected> shapes, boolean[] suits, long[] usable) {
        for (int i = 0; i < usable.length; i++) {
            Forecast.Expected shape = shapes.get(i);
            if (suits[i]
                    && node.freeCpuMillicores() >= shape.cpuMillicores()
                    && node.freeMemoryMib() >= shape.memoryMib()) {
                if (shape.sharesDevice()) {
                    usable[i] += node.freeMilliOnDevicesWith(shape.milliPerDevice());
                } else if (node.wholeDevices() >= shape.devices()) {
                    usable[i] += 1000L * node.wholeDevices();
                }
            }
        }
    }

    /**
     * True if weights differ by more than {@link #MATERIAL}: each by its own ratio, counted by share. A shape that few nodes
     * can serve jumps whenever one of them comes or goes; that alone is no other mix.
     */
    private static boolean moved(List<Forecast.Expected> before, List<Forecast.Expected> after) {
        Map<Demand, Moved> shapes = new LinkedHashMap<>();
        for (Forecast.Expected shape : before) {
            Moved moved = shapes.computeIfAbsent(shape.devicesOnly(), d -> new Moved());
            moved.shareBefore += shape.shareMillionths();
            moved.weightBefore += shape.weight();
        }
        for (Forecast.Expected shape : after) {
            Moved moved = shapes.computeIfAbsent(shape.devicesOnly(), d -> new Moved());
            moved.shareAfter += shape.shareMillionths();
            moved.weightAfter += shape.weight();
        }
        double differences = 0;
        for (Moved moved : shapes.values()) {
            differences += moved.difference();
        }
        return differences > MATERIAL * MILLIONTHS || before.isEmpty();
    }

    /** Share and weight of what asks the same of devices. */
    private static final class Moved {
        private long shareBefore;
        private long shareAfter;
        private long weightBefore;
        private long weightAfter;

        double difference() {
            long larger = Math.max(1, Math.max(weightBefore, weightAfter));
            double ofWeight = (double) Math.abs(weightAfter - weightBefore) / larger;
            return Math.abs(shareAfter - shareBefore) + ofWeight * Math.max(shareBefore, shareAfter);
        }
    }

    /** Shapes that stand together. */
    private static final class Joined {
        private final Demand first;
        private long count;
        private double cpuMillicores;
        private double memoryMib;

        Joined(Demand first, long count) {
            this.first = first;
            add(first, count);
        }

        void add(Demand shape, long more) {
            count += more;
            cpuMillicores += (double) more * shape.cpuMillicores();
            memoryMib += (double) more * shape.memoryMib();
        }

        Forecast.Expected expected(long all) {
            return new Forecast.Expected(
                    first.kind(),
                    first.models(),
                    first.devices(),
                    first.milliPerDevice(),
                    (long) (cpuMillicores / count),
                    (long) (memoryMib / count),
                    count * MILLIONTHS / all,
                    0);
        }
    }
}
