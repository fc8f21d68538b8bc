package io.millrace.broker.market;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.catalogue.Workload;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOfferBuilder;
import io.millrace.broker.placement.Spread;
import io.millrace.broker.queue.PriorityClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The log of a busy small market, made up from a seed: few nodes and fewer ids, so that commands meet each other in every
 * state, and all that can go wrong does.
 */
final class RandomCommands {
    private static final String QPU = "Wukong";
    private static final String[] POOLS = {"A100", "", "H100", "910B", QPU};
    private static final String[] ACCOUNTS = {"acme", "beta", "gamma"};
    private static final List<PriorityClass> CLASSES = List.of(PriorityClass.values());
    private static final List<Spread> SPREADS = List.of(Spread.values());
    private static final int NODES_OF_POOL = 3;
    private static final int[] SHARES = {100, 250, 300, 500, 700, 1000};

    private final Random random;
    private final int nodes;
    private final int recentIds;
    /** What is drawn about storage; null for a market without. The rest of the log is the same with it and without. */
    private final @Nullable Random storage;

    private long timeMillis = 1_000_000_000L;
    private int ids;

    RandomCommands(long seed) {
        this(seed, false);
    }

    private RandomCommands(long seed, boolean withStorage) {
        random = new Random(seed);
        storage = withStorage ? new Random(seed + 1) : null;
        nodes = 1 + random.nextInt(15);
        recentIds = 5 + random.nextInt(40);
    }

    /** Some nodes have storage, and some requests ask for it. */
    static RandomCommands withStorage(long seed) {
        return new RandomCommands(seed, true);
    }

    static List<Command> log(long seed, int length) {
        return log(new RandomCommands(seed), length);
    }

    static List<Command> log(RandomCommands commands, int length) {
        List<Command> log = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            log.add(commands.next());
        }
        return log;
    }

    Command next() {
        timeMillis += step();
        // Another intake's clock may be behind.
        long at = oneIn(20) ? timeMillis - random.nextInt(60_000) : timeMillis;
        int what = random.nextInt(100);
        if (what < 38) {
            return submit(at, "r" + ids++, random.nextInt(3), oneIn(2));
        } else if (what < 46) {
            return submit(at, knownId(), random.nextInt(4), oneIn(2));
        } else if (what < 52) {
            String id = knownId();
            return new Command.Cancel(at, id, account(id));
        } else if (what < 57) {
            String id = knownId();
            return new Command.Extend(at, id, account(id), at + random.nextInt(5_000_000) - 500_000);
        } else if (what < 65) {
            String id = knownId();
            return new Command.Release(at, id, account(id));
        } else if (what < 88) {
            return new Command.Tick(at);
        }
        return new Command.UpdateNode(at, offer());
    }

    private long step() {
        return switch (random.nextInt(200)) {
            case 0 -> random.nextInt(3) * 3_600_000L - timeMillis % 3_600_000 + 3_600_000;
            case 1 -> random.nextInt(8_000_000);
            case 2, 3, 4, 5 -> random.nextInt(600_000);
            default -> oneIn(4) ? 0 : random.nextInt(15_000);
        };
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    /** One of the last ids, and now and then one that was never used. */
    private String knownId() {
        return oneIn(30) ? "stranger" : "r" + Math.max(0, ids - 1 - random.nextInt(recentIds));
    }

    private static int hash(String id) {
        return id.hashCode() & 0x7fffffff;
    }

    /** Each id is of one of three accounts, but for now and then. */
    private String account(String id) {
        return oneIn(25) ? "intruder" : ACCOUNTS[hash(id) % 7 % ACCOUNTS.length];
    }

    /** The same id asks the same again, but for one time in ten. */
    private Command submit(long at, String id, int attempt, boolean last) {
        long payload = oneIn(10) ? random.nextInt() : hash(id) * 31L + nodes;
        List<Reason> deflected =
                last && attempt > 0 ? List.of(oneIn(2) ? Reason.NO_CAPACITY : Reason.NO_SUCH_MODEL) : List.of();
        SpecBuilder spec = spec(new Random(payload), at);
        if (storage != null) {
            askForStorage(spec, new Random(payload + 1));
        }
        return new Command.Submit(at, id, account(id), spec.spec(), attempt, last, deflected);
    }

    /** Half ask: for room, for bandwidth or for both, now and then for more than any node has. */
    private static void askForStorage(SpecBuilder spec, Random of) {
        long gib = of.nextInt(10) == 0 ? 1_500 : of.nextInt(400);
        long mibPerSecond = of.nextInt(10) == 0 ? 900 : of.nextInt(250);
        switch (of.nextInt(6)) {
            case 0 -> spec.storage(gib, 0);
            case 1 -> spec.storage(0, mibPerSecond);
            case 2 -> spec.storage(gib, mibPerSecond);
            default -> {}
        }
    }

    /** Two nodes of three have storage; one time in five not all that they have can be sold. */
    private static void storageOf(NodeOfferBuilder node, int number, Random of) {
        if (number % 3 < 2) {
            node.storage(1_000, 300 + 500 * (number % 2)).storagePrice(number % 4 == 0 ? 0 : 150);
            if (of.nextInt(5) == 0) {
                node.sellsStorage(of.nextInt(1_001), of.nextInt(301));
            }
        }
    }

    private static SpecBuilder spec(Random of, long at) {
        SpecBuilder spec = size(of).cpu(of.nextInt(4) == 0 ? of.nextInt(20_000) : 1000L * of.nextInt(6))
                .mib(of.nextInt(4) == 0 ? of.nextInt(60_000) : 1024L * of.nextInt(4))
                .seconds(1L + of.nextInt(of.nextInt(3) == 0 ? 10_000 : 1_000))
                .waits(of.nextInt(3) == 0 ? 0 : of.nextInt(3_000));
        if (of.nextInt(4) == 0) {
            spec.replicas(1 + of.nextInt(6));
        }
        if (of.nextInt(12) == 0) {
            return SpecBuilder.gpus(1)
                    .cpu(0)
                    .shots(1 + of.nextInt(9_000), of.nextInt(90), of.nextInt(2) * 970_000)
                    .seconds(1L + of.nextInt(9_000))
                    .waits(of.nextInt(6_000));
        }
        if (of.nextInt(8) == 0) {
            return open(of).seconds(1L + of.nextInt(2_000)).waits(of.nextInt(3_000));
        }
        switch (of.nextInt(12)) {
            case 0, 1 -> spec.models("A100");
            case 2 -> spec.models("H100", "A100");
            case 3 -> spec.models("910B", "A100", "910B");
            case 4 -> spec.models("B200");
            case 5 -> spec.kind(Kind.INTELLIGENT);
            case 6 -> spec.kind(of.nextBoolean() ? Kind.GENERAL : Kind.QUANTUM);
            case 7 -> spec.maxPrice(1_000_000L * of.nextInt(14));
            case 8 -> spec.hubs(of.nextInt(4) == 0 ? "south" : MarketTable.MARKET, "west");
            default -> {}
        }
        if (of.nextInt(2) == 0) {
            spec.priority(CLASSES.get(of.nextInt(CLASSES.size())));
        }
        if (of.nextInt(2) == 0) {
            spec.preemptible();
        }
        if (of.nextInt(10) == 0) {
            // The same for a while, so that the same id mostly asks the same.
            spec.deadline(at / 10_000_000 * 10_000_000 + of.nextInt(20_000_000));
        }
        return of.nextInt(40) == 0 ? spec.seconds(0) : spec;
    }

    /** What leaves more open than the node. */
    private static SpecBuilder open(Random of) {
        SpecBuilder spec = SpecBuilder.gpus(1 + of.nextInt(4)).cpu(1000L * of.nextInt(4));
        if (of.nextInt(3) == 0) {
            spec.spread(SPREADS.get(of.nextInt(SPREADS.size())));
        }
        if (of.nextInt(4) == 0) {
            spec.preemptible();
        }
        switch (of.nextInt(5)) {
            case 0, 1 -> spec.replicas(2 + of.nextInt(6)).minReplicas(1 + of.nextInt(4));
            case 2 -> spec.replicas(2 + of.nextInt(8)).spread(SPREADS.get(1 + of.nextInt(2)));
            case 3 -> spec.or(1 + of.nextInt(4), "910B").or(1 + of.nextInt(4), "A100", "B200");
            default -> {
                spec.need(new Need(Precision.FP16, 0, of.nextInt(2), 0, Workload.TRAINING));
                if (of.nextInt(6) > 0) {
                    spec.or(2, "H100").or(1 + of.nextInt(3), "A100", "910B");
                }
            }
        }
        return spec;
    }

    private static SpecBuilder size(Random of) {
        return switch (of.nextInt(6)) {
            case 0 -> SpecBuilder.millicores(1);
            case 1, 2 -> SpecBuilder.share(SHARES[of.nextInt(SHARES.length)]);
            case 3 -> SpecBuilder.gpus(of.nextInt(20) == 0 ? 30 : 4 + of.nextInt(5));
            default -> SpecBuilder.gpus(1 + of.nextInt(4));
        };
    }

    /** Mostly as the node always was; else something of it is gone, its pool has changed or it is lost. */
    private NodeOffer offer() {
        int number = random.nextInt(nodes);
        int pool = number / NODES_OF_POOL % POOLS.length;
        int devices = POOLS[pool].isEmpty() ? 0 : pool == 0 ? 8 : 4;
        long millicores = 16_000L + 16_000L * (pool % 3);
        NodeOfferBuilder node = NodeOfferBuilder.node("n" + number)
                .centre(pool < 2 ? "c1" : "c2")
                .pool("p" + pool)
                .kind(devices == 0 ? Kind.GENERAL : Kind.INTELLIGENT)
                .model(POOLS[pool])
                .gpus(devices)
                .millicores(millicores)
                .mib(200_000)
                .devicePrice(1_000_000L * (5 + pool))
                .observed(timeMillis, timeMillis);
        if (POOLS[pool].equals(QPU)) {
            node.qpu(72, oneIn(9) ? 990_000 : 960_000, 3_600L * (1 + number % 2));
        }
        if (storage != null) {
            storageOf(node, number, storage);
        }
        switch (random.nextInt(20)) {
            case 0, 1 -> node.lost();
            case 2 -> node.draining();
            case 3, 4 -> node.gpuMilli(some(devices));
            case 5 -> node.sellsMillicores(random.nextInt((int) millicores));
            case 6 -> node.sellsMib(random.nextInt(200_000));
            case 7 -> node.devicePrice(1_000_000L * (1 + random.nextInt(13)));
            case 8 -> node.pool("p" + random.nextInt(3));
            case 9 -> node.gpus(random.nextInt(devices + 1));
            case 10 ->
                node.gpuMilli(some(devices))
                        .sellsMillicores(random.nextInt((int) millicores))
                        .draining();
            default -> {}
        }
        return node.offer();
    }

    private int[] some(int devices) {
        int[] milli = new int[devices];
        Arrays.setAll(milli, device -> oneIn(2) ? 1000 : 100 * random.nextInt(11));
        return milli;
    }
}
