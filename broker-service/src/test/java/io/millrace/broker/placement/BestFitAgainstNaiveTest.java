package io.millrace.broker.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.market.SpecBuilder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Best fit against trying everything, decision by decision; and of what is said to fit, that it fits and no more does. */
class BestFitAgainstNaiveTest {
    private static final int STEPS = 1_500;
    private static final List<Spread> SPREADS = List.of(Spread.values());
    private static final Pattern REPLICAS =
            Pattern.compile("(now: )?at most (\\d+) replicas? of this size in (one pool|one centre|this market)");
    private static final Pattern SMALLER = Pattern.compile("(now: )?.*at most (\\d+) ([a-zA-Z/]+).*");

    private final Supply supply = new Supply();
    private final NaiveSupply naive = new NaiveSupply();
    private final PlacementPolicy policy = new Flexible(new BestFit());
    private final List<List<Grant>> running = new ArrayList<>();
    private int hintsForNow;
    private int hintsForEver;
    private final Map<Relaxation.What, Integer> relaxations = new EnumMap<>(Relaxation.What.class);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void decisionByDecision(long seed) {
        play(seed, null);
        assertThat(relaxations).doesNotContainKey(Relaxation.What.STORAGE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void decisionByDecisionWithStorage(long seed) {
        play(seed, new Random(seed + 1));
        assertThat(relaxations).containsKeys(Relaxation.What.STORAGE, Relaxation.What.STORAGE_BANDWIDTH);
    }

    /** So many that one look does not pass by all of a pool. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void decisionByDecisionOnManyNodes(long seed) {
        Random random = new Random(seed);
        int nodes = 900;
        for (int step = 0; step < 3 * nodes; step++) {
            step(random, nodes, step, null, "seed %d, step %d".formatted(seed, step));
        }
    }

    private void play(long seed, @Nullable Random storage) {
        Random random = new Random(seed);
        int nodes = 3 + random.nextInt(14);
        for (int step = 0; step < STEPS; step++) {
            step(random, nodes, step, storage, "seed %d, step %d".formatted(seed, step));
        }
        assertThat(hintsForNow).as("hints of what fits now").isPositive();
        assertThat(hintsForEver).as("hints of what could ever fit").isPositive();
        assertThat(relaxations)
                .containsKeys(
                        Relaxation.What.DEVICES,
                        Relaxation.What.SHARE,
                        Relaxation.What.REPLICAS,
                        Relaxation.What.CPU,
                        Relaxation.What.MEMORY,
                        Relaxation.What.MODEL);
    }

    private void step(Random random, int nodes, int step, @Nullable Random storage, String where) {
        if (step < nodes || random.nextInt(25) == 0) {
            put(withStorage(offer(random, nodes), storage).offer());
        } else if (!running.isEmpty() && random.nextInt(100) < 45) {
            give(running.remove(random.nextInt(running.size())));
        } else {
            place(askingForStorage(demand(random), storage).demand(), where);
        }
    }

    private void put(NodeOffer offer) {
        supply.put(offer);
        naive.put(offer);
    }

    private void give(List<Grant> grants) {
        grants.forEach(supply::give);
        naive.give(grants);
    }

    private void place(Demand demand, String where) {
        List<Grant> expected = naive.place(demand);
        switch (policy.place(supply, demand)) {
            case Placement.Placed placed -> {
                assertThat(placed.grants()).as("%s: %s", where, demand).isEqualTo(expected);
                assertThat(placed.nodesConsidered())
                        .isEqualTo(
                                naive.considered(demand, placed.grants().get(0).model()));
                placed.grants().forEach(supply::take);
                naive.take(placed.grants());
                running.add(placed.grants());
            }
            case Placement.NotPlaced none -> {
                assertThat(expected).as("%s: %s", where, demand).isNull();
                Misfit misfit = Misfit.explain(supply, demand);
                assertThat(misfit.cause()).as("%s: %s", where, demand).isEqualTo(naive.cause(demand));
                assertThat(misfit.removed()).as("%s: %s", where, demand).isEqualTo(naive.removed(demand));
                checkHint(demand, misfit, where);
                Shortfall shortfall = Shortfall.of(supply, demand, misfit.cause(), true, false);
                assertThat(shortfall.exhausted()).as("%s: %s", where, demand).isEqualTo(naive.exhausted(demand));
                assertThat(shortfall.rejected()).as("%s: %s", where, demand).isEqualTo(naive.rejected(demand));
                shortfall.relaxations().forEach(each -> checkRelaxation(demand, each, where));
            }
        }
    }

    /** What is said to help does, on the market as it is or with nothing running; and a little less of a change does not. */
    private void checkRelaxation(Demand demand, Relaxation change, String where) {
        relaxations.merge(change.what(), 1, Integer::sum);
        NaiveSupply of = change.now() ? naive : naive.inOrderAndEmpty();
        String as = where + ": " + demand + ": " + change;
        assertThat(of.place(relaxed(demand, change, 0))).as(as).isNotNull();
        if (change.name().isEmpty()) {
            assertThat(of.place(relaxed(demand, change, 1)))
                    .as("a little less than %s", as)
                    .isNull();
        }
    }

    private static Demand relaxed(Demand asked, Relaxation change, int more) {
        Demand d = asked.atLeast(0);
        long amount = change.amount() + more;
        Relaxation.What what = change.what();
        if (what == Relaxation.What.REPLICAS) {
            return d.fixed((int) amount, d.latitude().spread());
        }
        return new Demand(
                what == Relaxation.What.KIND ? Kind.valueOf(change.name()) : d.kind(),
                what == Relaxation.What.MODEL ? List.of(change.name()) : d.models(),
                d.replicas(),
                what == Relaxation.What.DEVICES ? (int) amount : d.devices(),
                what == Relaxation.What.SHARE ? (int) amount : d.milliPerDevice(),
                what == Relaxation.What.CPU ? amount : d.cpuMillicores(),
                what == Relaxation.What.MEMORY ? amount : d.memoryMib(),
                what == Relaxation.What.PRICE ? change.amount() - more : d.maxPriceMicroCnyPerHour(),
                d.latitude(),
                d.quantum(),
                Storage.of(
                        what == Relaxation.What.STORAGE ? amount : d.storage().gib(),
                        what == Relaxation.What.STORAGE_BANDWIDTH
                                ? amount
                                : d.storage().mibPerSecond()));
    }

    /** What is said to fit does fit, on what it is said of: the market as it is, or with nothing running. */
    private void checkHint(Demand demand, Misfit misfit, String where) {
        NaiveSupply of = switch (misfit.cause()) {
            case NO_CAPACITY -> naive;
            case NEVER_FITS -> naive.inOrderAndEmpty();
            case NO_SUCH_MODEL, PRICE_TOO_LOW -> null;
        };
        if (of == null || misfit.wouldFit().isEmpty()) {
            return;
        }
        if (misfit.cause() == Misfit.Cause.NO_CAPACITY) {
            hintsForNow++;
        } else {
            hintsForEver++;
        }
        String hint = where + ": " + demand + ": " + misfit.wouldFit();
        Demand smaller = changed(demand, misfit.wouldFit(), 0);
        Demand larger = changed(demand, misfit.wouldFit(), 1);
        assertThat(of.place(smaller)).as(hint).isNotNull();
        assertThat(of.place(larger)).as("one more than %s", hint).isNull();
    }

    /** The demand as the hint changes it, or with one more of it than the hint says. */
    private static Demand changed(Demand demand, String hint, int more) {
        Matcher replicas = REPLICAS.matcher(hint);
        if (replicas.matches()) {
            return with(demand, Integer.parseInt(replicas.group(2)) + more, null, 0);
        }
        Matcher smaller = SMALLER.matcher(hint);
        assertThat(smaller.matches()).as(hint).isTrue();
        return with(demand, 1, smaller.group(3), Long.parseLong(smaller.group(2)) + more);
    }

    private static Demand with(Demand d, int replicas, @Nullable String what, long size) {
        return new Demand(
                d.kind(),
                d.models(),
                replicas,
                what != null && what.startsWith("device") ? (int) size : d.devices(),
                what != null && what.equals("thousandths") ? (int) size : d.milliPerDevice(),
                what != null && what.startsWith("millicore") ? size : d.cpuMillicores(),
                what != null && what.equals("MiB") ? size : d.memoryMib(),
                d.maxPriceMicroCnyPerHour(),
                replicas == 1 ? Latitude.NONE : d.latitude(),
                d.quantum(),
                Storage.of(
                        what != null && what.equals("GiB") ? size : d.storage().gib(),
                        what != null && what.equals("MiB/s")
                                ? size
                                : d.storage().mibPerSecond()));
    }

    private static SpecBuilder demand(Random of) {
        SpecBuilder demand = switch (of.nextInt(5)) {
            case 0 -> SpecBuilder.millicores(1 + of.nextInt(30_000));
            case 1, 2 -> SpecBuilder.share(1 + of.nextInt(1000)).cpu(of.nextInt(4_000));
            default ->
                SpecBuilder.gpus(1 + of.nextInt(of.nextInt(4) == 0 ? 10 : 4)).cpu(of.nextInt(8_000));
        };
        demand.mib(of.nextInt(of.nextInt(8) == 0 ? 150_000 : 4_000));
        if (of.nextInt(3) == 0) {
            demand.replicas(1 + of.nextInt(9)).spread(SPREADS.get(of.nextInt(SPREADS.size())));
        }
        return switch (of.nextInt(9)) {
            case 0 -> demand.models("A", "B");
            case 1 -> demand.models("C");
            case 2 -> demand.kind(Kind.GENERAL);
            case 3 -> demand.maxPrice(of.nextInt(12));
            default -> demand;
        };
    }

    /** Two nodes of three have storage, of some of which not all can be sold. */
    private static NodeOfferBuilder withStorage(NodeOfferBuilder node, @Nullable Random of) {
        if (of == null || of.nextInt(3) == 0) {
            return node;
        }
        node.storage(1_000, 500);
        return of.nextInt(5) == 0 ? node.sellsStorage(of.nextInt(1_000), of.nextInt(500)) : node;
    }

    private static SpecBuilder askingForStorage(SpecBuilder demand, @Nullable Random of) {
        if (of == null || of.nextInt(2) == 0) {
            return demand;
        }
        long gib = of.nextInt(of.nextInt(5) == 0 ? 1_500 : 300);
        long mibPerSecond = of.nextInt(of.nextInt(5) == 0 ? 700 : 150);
        return switch (of.nextInt(3)) {
            case 0 -> demand.storage(gib, 0);
            case 1 -> demand.storage(0, mibPerSecond);
            default -> demand.storage(gib, mibPerSecond);
        };
    }

    private static NodeOfferBuilder offer(Random of, int nodes) {
        int number = of.nextInt(nodes);
        int pool = of.nextInt(10) == 0 ? of.nextInt(4) : number % 4;
        int[] milli = new int[pool == 3 ? 0 : 4 << (number % 2)];
        for (int device = 0; device < milli.length; device++) {
            milli[device] = of.nextInt(6) == 0 ? of.nextInt(1001) : 1000;
        }
        NodeOfferBuilder node = NodeOfferBuilder.node("n" + number)
                .centre("c" + pool / 2)
                .pool("p" + pool)
                .kind(pool == 3 ? Kind.GENERAL : Kind.INTELLIGENT)
                .model(List.of("A", "B", "C", "").get(pool))
                .gpuMilli(milli)
                .millicores(32_000)
                .mib(100_000)
                .devicePrice(5 + pool)
                .corePrice(5 + pool);
        return switch (of.nextInt(10)) {
            case 0 -> node.draining();
            case 1 -> node.sellsMillicores(of.nextInt(32_000));
            case 2 -> node.sellsMib(of.nextInt(100_000));
            case 3 -> node.devicePrice(of.nextInt(12));
            default -> node;
        };
    }
}
