package io.millrace.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.Request;
import io.millrace.broker.market.SpecBuilder;
import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOfferBuilder;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tenant may rely on, however the queue works. */
class QueuePropertiesTest {
    private static final List<PriorityClass> CLASSES = List.of(PriorityClass.values());
    private static final long HOUR = 3_600_000;
    private static final long FOREVER_SECONDS = 300L * 86_400;

    /** A market of whole nodes that is told the time whenever something falls due. */
    private static class Play {
        final MarketState state;
        final Market market;
        final Map<String, Long> startedAtMillis = new HashMap<>();
        final Map<String, Long> servedByAccount = new HashMap<>();
        long nowMillis;
        int submitted;

        Play(QueueSettings settings, int nodes) {
            market = new Market(new MarketSettings(HOUR, 100_000, HOUR, settings, ClassLimits.NONE), new BestFit());
            state = new MarketState("north", settings);
            for (int i = 0; i < nodes; i++) {
                NodeOfferBuilder node = NodeOfferBuilder.node("n" + i)
                        .gpus(8)
                        .millicores(1_000_000)
                        .mib(9_000_000);
                execute(new Command.UpdateNode(0, node.offer()));
            }
        }

        void execute(Command command) {
            market.execute(state, command, this::on);
            state.takeChanges();
        }

        void on(Event event, long now) {
            if (event instanceof Event.Allocated e) {
                startedAtMillis.putIfAbsent(e.requestId(), now);
            } else if (event instanceof Event.Ended e) {
                Request request = state.request(e.requestId());
                if (request != null) {
                    long milli = request.grants().stream()
                            .mapToLong(Grant::milliDevices)
                            .sum();
                    servedByAccount.merge(e.accountId(), milli * (now - request.sinceMillis()), Long::sum);
                }
            } else if (event instanceof Event.MarketHalted) {
                throw new AssertionError(event);
            }
        }

        void submit(String accountId, SpecBuilder spec) {
            String id = "r%06d".formatted(submitted++);
            execute(new Command.Submit(nowMillis, id, accountId, spec.spec(), 0, true, List.of()));
        }

        NavigableSet<Job> running() {
            NavigableSet<Job> running =
                    new TreeSet<>(Comparator.comparingLong(Job::untilMillis).thenComparing(Job::requestId));
            state.requests().stream()
                    .filter(request -> request.status() == Request.Status.ALLOCATED)
                    .forEach(running::add);
            return running;
        }

        /** Tells the market every time at which something ends, up to this one. */
        void playUntil(long untilMillis) {
            while (!running().isEmpty() && running().first().untilMillis() <= untilMillis) {
                nowMillis = running().first().untilMillis();
                execute(new Command.Tick(nowMillis));
                checkTheFirst();
            }
            nowMillis = untilMillis;
        }

        void playToTheEnd() {
            while (!running().isEmpty()) {
                playUntil(running().first().untilMillis());
            }
        }

        void checkTheFirst() {}

        long waiting() {
            return state.queued();
        }

        long waitingOf(String accountId) {
            return state.requests().stream()
                    .filter(request -> request.status() == Request.Status.QUEUED)
                    .filter(request -> request.accountId().equals(accountId))
                    .count();
        }
    }

    private static SpecBuilder job(Random random) {
        int draw = random.nextInt(10);
        SpecBuilder spec = draw < 5
                ? SpecBuilder.gpus(1 + random.nextInt(3))
                : draw < 7
                        ? SpecBuilder.share(100 * (1 + random.nextInt(9)))
                        : draw < 9 ? SpecBuilder.gpus(8) : SpecBuilder.gpus(3).replicas(2 + random.nextInt(3));
        return spec.seconds(60L + random.nextInt(7_000)).waits(FOREVER_SECONDS);
    }

    /** The first of the queue starts no later than its first reservation said, whoever passes it and whatever ends early. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theFirstIsNeverDelayed(long seed) {
        Random random = new Random(seed);
        Map<String, Long> promised = new HashMap<>();
        Play play = new Play(QueueSettings.DEFAULT.with(seed % 2 == 0 ? Discipline.EASY : Discipline.FAIR), 5) {
            @Override
            void checkTheFirst() {
                state.requests().stream()
                        .filter(request -> request.status() == Request.Status.QUEUED)
                        .min(Comparator.comparingLong(Request::queueRank))
                        .ifPresent(first -> promised.computeIfAbsent(
                                first.requestId(),
                                id -> Reservation.of(state.supply(), first.demand(), running(), Reservation.MOST_ENDS)
                                        .shadowMillis()));
            }
        };
        int passed = 0;
        for (int i = 0; i < 700; i++) {
            play.playUntil(play.nowMillis + random.nextInt(200_000));
            if (random.nextInt(3) == 0 && !play.running().isEmpty()) {
                Job early = play.running().first();
                play.execute(new Command.Release(play.nowMillis, early.requestId(), early.accountId()));
                play.checkTheFirst();
            }
            long before = play.startedAtMillis.size();
            // Of one account and class: nobody comes before it.
            play.submit("acme", job(random));
            play.checkTheFirst();
            passed += play.waiting() > 0 && play.startedAtMillis.size() > before ? 1 : 0;
        }
        play.playToTheEnd();
        assertThat(promised).hasSizeGreaterThan(20);
        assertThat(passed).as("jobs that passed").isGreaterThan(20);
        promised.forEach((id, shadow) -> assertThat(play.startedAtMillis.get(id))
                .as("%s was to start at %d", id, shadow)
                .isLessThanOrEqualTo(shadow));
    }

    /** Whoever fits at all starts at some time. */
    @ParameterizedTest
    @EnumSource(Discipline.class)
    void everybodyIsServed(Discipline discipline) {
        Random random = new Random(7);
        Play play = new Play(QueueSettings.DEFAULT.with(discipline), 4);
        for (int i = 0; i < 500; i++) {
            play.playUntil(play.nowMillis + random.nextInt(150_000));
            SpecBuilder spec = job(random).priority(CLASSES.get(random.nextInt(CLASSES.size())));
            play.submit("account" + random.nextInt(5), random.nextBoolean() ? spec.preemptible() : spec);
        }
        play.playToTheEnd();
        assertThat(play.waiting()).isZero();
        assertThat(play.startedAtMillis).hasSize(500);
    }

    /** A large one of the lowest class starts though smaller, higher ones never stop coming. */
    @Test
    void nobodyStarves() {
        QueueSettings settings = new QueueSettings(Discipline.FAIR, HOUR, HOUR, Map.of(), Map.of(), 24 * HOUR, 60_000);
        Random random = new Random(11);
        Play play = new Play(settings, 2);
        play.submit("small", SpecBuilder.gpus(1).seconds(1_800).waits(FOREVER_SECONDS));
        play.submit(
                "large",
                SpecBuilder.gpus(8)
                        .replicas(2)
                        .seconds(600)
                        .waits(FOREVER_SECONDS)
                        .priority(PriorityClass.LOW));
        while (play.nowMillis < 12 * HOUR) {
            play.playUntil(play.nowMillis + random.nextInt(100_000));
            play.submit(
                    "small" + random.nextInt(20),
                    SpecBuilder.gpus(1)
                            .seconds(600L + random.nextInt(1_200))
                            .waits(FOREVER_SECONDS)
                            .priority(PriorityClass.URGENT));
        }
        // Four steps make it overdue; then it waits for the terms that run.
        assertThat(play.startedAtMillis.get("r000001")).isBetween(2 * HOUR, 5 * HOUR);
    }

    /** Accounts that always want more get device-time in proportion to their weights. */
    @Test
    void sharesConvergeToTheWeights() {
        Map<String, Integer> weights = Map.of("one", 1, "two", 2, "three", 3);
        QueueSettings settings = new QueueSettings(Discipline.FAIR, 6 * HOUR, 0, weights, Map.of(), 24 * HOUR, 60_000);
        Random random = new Random(5);
        Play play = new Play(settings, 3);
        while (play.nowMillis < 96 * HOUR) {
            play.playUntil(play.nowMillis + 250_000);
            for (String account : List.of("one", "two", "three")) {
                for (long waiting = play.waitingOf(account); waiting < 10; waiting++) {
                    play.submit(
                            account,
                            SpecBuilder.gpus(2)
                                    .seconds(600L + random.nextInt(3_000))
                                    .waits(FOREVER_SECONDS));
                }
            }
        }
        double all = play.servedByAccount.values().stream()
                .mapToLong(Long::longValue)
                .sum();
        weights.forEach((account, weight) -> assertThat(play.servedByAccount.getOrDefault(account, 0L) / all)
                .as(account)
                .isCloseTo(weight / 6.0, within(0.03)));
    }
}
