package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The simple equivalent of {@link FragmentationAware}: every node is looked at for every demand, and everything is worked
 * out anew by the formula in its Javadoc. No classes, no queues, no caches.
 */
public final class NaiveFragmentation implements PlacementPolicy {
    private static final int OFFERS = 75;

    /** A node, what a replica takes there and by how much the loss rises. */
    private record Choice(SuppliedNode node, IntVector devices, long rise) {
        static final Comparator<Choice> ORDER = Comparator.comparingLong(Choice::rise)
                .thenComparing(choice -> choice.node().id());
    }

    @Override
    public Placement place(Supply supply, Demand demand) {
        double[] values = values(supply.forecast());
        Demand one = demand.fixed(1, Spread.POOL);
        Map<Shelf, List<Choice>> pools = new HashMap<>();
        int considered = 0;
        for (SuppliedNode node : supply.nodes()) {
            Shelf shelf = Objects.requireNonNull(node.shelf);
            if (shelf.traits.suit(demand)) {
                considered++;
                if (supply.fits(node, one)) {
                    pools.computeIfAbsent(shelf, s -> new ArrayList<>()).add(choose(supply, values, node, demand, 1));
                }
            }
        }
        if (demand.replicas() == 1) {
            Choice best = pools.values().stream()
                    .flatMap(List::stream)
                    .min(Choice.ORDER)
                    .orElse(null);
            return best == null
                    ? Placement.NotPlaced.INSTANCE
                    : new Placement.Placed(
                            List.of(grant(best.node(), demand, 1, best.devices().toArray())),
                            considered,
                            why(Figure.What.LOSS_RISE, Math.round(best.rise() / 6_553_600.0)));
        }
        List<Choice> tightest = tightest(supply, pools, demand);
        if (tightest == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        tightest.sort(Choice.ORDER);
        List<Grant> grants = new ArrayList<>();
        int left = demand.replicas();
        for (Choice choice : tightest) {
            int here = (int) Math.min(left, copies(choice.node(), demand));
            if (here > 0) {
                Choice all = choose(supply, values, choice.node(), demand, here);
                grants.add(grant(all.node(), demand, here, all.devices().toArray()));
                left -= here;
            }
        }
        grants.sort(Comparator.comparing(Grant::nodeId));
        long room = tightest.stream()
                .mapToLong(choice -> copies(choice.node(), demand))
                .sum();
        return new Placement.Placed(grants, considered, why(Figure.What.REPLICAS_LEFT, room - demand.replicas()));
    }

    private static List<Figure> why(Figure.What what, long value) {
        return List.of(Figure.policy("fragmentation-aware"), Figure.of(what, value));
    }

    private static @Nullable List<Choice> tightest(Supply supply, Map<Shelf, List<Choice>> pools, Demand demand) {
        List<Choice> tightest = null;
        long fewest = Long.MAX_VALUE;
        for (List<Shelf> domain : supply.domains(demand.latitude().spread())) {
            List<Choice> choices = new ArrayList<>();
            domain.forEach(shelf -> choices.addAll(pools.getOrDefault(shelf, List.of())));
            long copies = choices.stream()
                    .mapToLong(choice -> copies(choice.node(), demand))
                    .sum();
            if (copies >= demand.replicas() && copies < fewest) {
                fewest = copies;
                tightest = choices;
            }
        }
        return tightest;
    }

    private static long copies(SuppliedNode node, Demand demand) {
        long cpu = demand.cpuMillicores() == 0 ? Integer.MAX_VALUE : node.freeCpuMillicores() / demand.cpuMillicores();
        long memory = demand.memoryMib() == 0 ? Integer.MAX_VALUE : node.freeMemoryMib() / demand.memoryMib();
        long devices = Integer.MAX_VALUE;
        if (demand.devices() > 0) {
            devices = fitting(free(node), demand.devices(), demand.milliPerDevice());
        }
        long gib = demand.storage().gib() == 0
                ? Integer.MAX_VALUE
                : node.freeStorage().gib() / demand.storage().gib();
        long speed = demand.storage().mibPerSecond() == 0
                ? Integer.MAX_VALUE
                : node.freeStorage().mibPerSecond() / demand.storage().mibPerSecond();
        return Math.min(devices, Math.min(Math.min(cpu, memory), Math.min(gib, speed)));
    }

    private static Grant grant(SuppliedNode node, Demand demand, int replicas, int[] devices) {
        return Assignment.grant(node, Objects.requireNonNull(node.shelf).traits, demand, replicas, devices);
    }

    private static int[] free(SuppliedNode node) {
        int[] free = new int[node.devices()];
        Arrays.setAll(free, device -> Math.max(0, node.freeMilli(device)));
        return free;
    }

    /** One replica after the other, each on the devices where the loss rises least, the fullest of equals. */
    private static Choice choose(Supply supply, double[] values, SuppliedNode node, Demand demand, int replicas) {
        int[] free = free(node);
        long cpu = node.freeCpuMillicores();
        long memory = node.freeMemoryMib();
        long before = loss(supply, values, node, free, cpu, memory);
        List<Integer> chosen = new ArrayList<>();
        for (int replica = 0; replica < replicas; replica++) {
            cpu -= demand.cpuMillicores();
            memory -= demand.memoryMib();
            if (demand.sharesDevice()) {
                int best = -1;
                long least = 0;
                for (int device = 0; device < free.length; device++) {
                    if (free[device] >= demand.milliPerDevice()) {
                        free[device] -= demand.milliPerDevice();
                        long loss = loss(supply, values, node, free, cpu, memory);
                        free[device] += demand.milliPerDevice();
                        if (best < 0 || loss < least || (loss == least && free[device] < free[best])) {
                            best = device;
                            least = loss;
                        }
                    }
                }
                free[best] -= demand.milliPerDevice();
                chosen.add(best);
            } else {
                for (int device = 0, left = demand.devices(); left > 0; device++) {
                    if (free[device] == 1000) {
                        free[device] = 0;
                        chosen.add(device);
                        left--;
                    }
                }
            }
        }
        int[] devices = chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
        return new Choice(node, IntVector.of(devices), loss(supply, values, node, free, cpu, memory) - before);
    }

    private static long loss(Supply supply, double[] values, SuppliedNode node, int[] free, long cpu, long memory) {
        long loss = 0;
        long idle = Arrays.stream(free).sum();
        for (int each : free) {
            if (each > 0 && each < 1000) {
                loss += (long) (400 * 65_536 * (each - values[each / 10]));
            }
        }
        long turnover = supply.forecast().turnoverMillionths();
        loss -= idle * idle / 10_000 * 6_553_600 / 1_000_000 * turnover;
        for (Forecast.Expected shape : supply.forecast().expected()) {
            long fitting = 0;
            if (shape.devices() > 0
                    && shape.suits(node.offer().kind(), node.offer().model())) {
                fitting = fitting(free, shape.devices(), shape.milliPerDevice());
                if (shape.cpuMillicores() > 0) {
                    fitting = Math.min(fitting, cpu / shape.cpuMillicores());
                }
                if (shape.memoryMib() > 0) {
                    fitting = Math.min(fitting, memory / shape.memoryMib());
                }
            }
            if (cpu < 0 || memory < 0 || fitting <= 0) {
                loss += weight(shape) * 100 * idle;
            } else {
                long notCopied = idle - fitting * shape.devices() * shape.milliPerDevice();
                loss += weight(shape) * (10 + 90 * turnover / 1_000_000) * notCopied;
            }
        }
        return loss;
    }

    private static long weight(Forecast.Expected shape) {
        return shape.devices() == 0
                ? 0
                : (long) (shape.weight() / StrictMath.cbrt(shape.devices() * shape.milliPerDevice() / 1000.0));
    }

    private static long fitting(int[] free, int devices, int milliPerDevice) {
        return devices == 1 && milliPerDevice < 1000
                ? Arrays.stream(free).mapToLong(each -> each / milliPerDevice).sum()
                : Arrays.stream(free).filter(each -> each == 1000).count() / devices;
    }

    /** The best expected fill of 0, 10, ... 1000 milli. */
    private static double[] values(Forecast forecast) {
        double[] offered = new double[101];
        double sum = 0;
        for (Forecast.Expected shape : forecast.expected()) {
            if (shape.devices() > 0) {
                offered[(shape.milliPerDevice() + 9) / 10] += shape.shareMillionths();
                sum += shape.shareMillionths();
            }
        }
        double[] value = new double[101];
        for (int offer = 0; offer < OFFERS && sum > 0; offer++) {
            double[] next = new double[101];
            for (int free = 1; free <= 100; free++) {
                double expected = 0;
                double tooLarge = sum;
                for (int taken = 1; taken <= free; taken++) {
                    expected += offered[taken] * Math.max(value[free], taken * 10 + value[free - taken]);
                    tooLarge -= offered[taken];
                }
                next[free] = (expected + tooLarge * value[free]) / sum;
            }
            value = next;
        }
        return value;
    }
}
