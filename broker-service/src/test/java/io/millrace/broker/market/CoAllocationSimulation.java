package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.NodeOfferBuilder;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.routing.CoAllocation;
import io.millrace.broker.routing.CoAllocation.Phase;
import io.millrace.broker.routing.CoAllocation.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * Requests in parts over three markets, with everything between them late, twice and in any order, nodes that go, holds
 * that end, tenants that withdraw, and crashes of markets and of the coordinator between any two steps. Only what a
 * coordinator says to one market keeps its order, as in a partition.
 */
final class CoAllocationSimulation {
    static final long HOLD_MILLIS = 60_000;
    private static final int STEPS = 4_000;
    private static final List<String> MARKETS = List.of("north", "south", "west");
    private static final MarketSettings SETTINGS = new MarketSettings(86_400_000_000L, 100, 600_000);

    /** What happened, so that a test can see that everything did. */
    record Seen(
            int confirmed, int abandoned, int cancelled, int released, int expired, int servedAnew, int waitedAnew) {
        Seen plus(Seen other) {
            return new Seen(
                    confirmed + other.confirmed,
                    abandoned + other.abandoned,
                    cancelled + other.cancelled,
                    released + other.released,
                    expired + other.expired,
                    servedAnew + other.servedAnew,
                    waitedAnew + other.waitedAnew);
        }
    }

    private static final class Whole {
        private final List<ComputeSpec> specs = new ArrayList<>();
        private final List<List<String>> candidates = new ArrayList<>();
        private final List<Phase> answers = new ArrayList<>();
        private final Map<String, String> begunAt = new HashMap<>();
        private long heldUntilMillis;
        private CoAllocation state = new CoAllocation(Phase.HOLDING, 0);

        /** As it would come back from a store. */
        private void restore() {
            CoAllocation restored = new CoAllocation(state.phase(), heldUntilMillis - HOLD_MILLIS / 2);
            for (int i = 0; i < specs.size(); i++) {
                restored.add(candidates.get(i), state.attempt(i), state.phase(i));
            }
            state = restored;
        }
    }

    private final class Place {
        private final String id;
        private final Market market = new Market(SETTINGS, new BestFit());
        private final Auditor auditor = new Auditor();
        private final Deque<Command> log = new ArrayDeque<>();
        private MarketState state;

        Place(String id) {
            this.id = id;
            state = new MarketState(id, SETTINGS.queue());
        }

        void execute(Command command) {
            auditor.on(command);
            boolean[] kept = new boolean[1];
            if (command instanceof Command.Confirm confirm) {
                Request known = state.request(confirm.asked().requestId());
                kept[0] = known != null && known.status() == Request.Status.HELD;
            }
            market.execute(state, command, (event, at) -> {
                auditor.on(event, at);
                if (event instanceof Event.OfRequest e && PartId.isPart(e.requestId())) {
                    happened(this, e, kept[0]);
                }
            });
            auditor.check(state);
        }

        void crash() {
            long before = state.hash();
            state = MarketState.restore(
                    id,
                    SETTINGS.queue(),
                    state.meta(),
                    state.supply().nodes().stream().map(SuppliedNode::offer).toList(),
                    state.requests(),
                    state.queue().usages());
            assertThat(state.hash()).as("hash after a restart").isEqualTo(before);
        }
    }

    private final Random random;
    private final Map<String, Place> places = new TreeMap<>();
    private final Map<String, Whole> wholes = new TreeMap<>();
    private final List<Runnable> notices = new ArrayList<>();
    private long now = 1_000_000_000L;
    private int ids;
    private int expired;
    private int servedAnew;
    private int waitedAnew;

    CoAllocationSimulation(long seed) {
        random = new Random(seed);
        MARKETS.forEach(id -> places.put(id, new Place(id)));
        places.values().forEach(place -> {
            for (int n = 0; n < 3; n++) {
                place.execute(new Command.UpdateNode(now, node(n).offer()));
            }
        });
    }

    private static NodeOfferBuilder node(int number) {
        return NodeOfferBuilder.node("n" + number).gpus(4);
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    private Place place(String marketId) {
        return Objects.requireNonNull(places.get(marketId), marketId);
    }

    private Place anyPlace() {
        return place(MARKETS.get(random.nextInt(MARKETS.size())));
    }

    Seen run() {
        for (int step = 0; step < STEPS; step++) {
            now += oneIn(150) ? random.nextInt(100_000) : random.nextInt(200);
            step();
        }
        settle();
        int[] counts = new int[Phase.values().length];
        wholes.forEach((id, whole) -> check(id, whole, counts));
        return new Seen(counts[1], counts[2], counts[3], counts[4], expired, servedAnew, waitedAnew);
    }

    private void step() {
        int what = random.nextInt(100);
        if (what < 8) {
            submit();
        } else if (what < 45) {
            deliverCommand(anyPlace());
        } else if (what < 80) {
            deliverNotice();
        } else if (what < 82) {
            end();
        } else if (what < 86) {
            Place place = anyPlace();
            if (place.market.needsTick(place.state, now)) {
                place.execute(new Command.Tick(now));
            }
        } else if (what < 90) {
            String id = "plain" + ids++;
            anyPlace().execute(new Command.Submit(now, id, "beta", spec(), 0, true, List.of()));
        } else if (what < 92) {
            NodeOfferBuilder node = node(random.nextInt(3)).observed(now, now);
            anyPlace().execute(new Command.UpdateNode(now, (oneIn(2) ? node.lost() : node).offer()));
        } else if (what < 96) {
            anyPlace().crash();
        } else {
            wholes.values().forEach(Whole::restore);
        }
    }

    private ComputeSpec spec() {
        return SpecBuilder.gpus(1 + random.nextInt(4))
                .seconds(1 + random.nextInt(120))
                .spec();
    }

    private void submit() {
        Whole whole = new Whole();
        String id = "w" + ids++;
        whole.heldUntilMillis = now + HOLD_MILLIS;
        int parts = 2 + random.nextInt(2);
        for (int i = 0; i < parts; i++) {
            List<String> candidates = new ArrayList<>(MARKETS);
            Collections.shuffle(candidates, random);
            whole.specs.add(spec());
            whole.candidates.add(List.copyOf(candidates.subList(0, 1 + random.nextInt(3))));
            whole.state.add(whole.candidates.get(i), 0, CoAllocation.PartPhase.ASKED);
        }
        whole.restore();
        wholes.put(id, whole);
        carryOut(id, whole, whole.state.begin());
    }

    private void end() {
        if (!wholes.isEmpty()) {
            List<String> all = List.copyOf(wholes.keySet());
            String id = all.get(Math.max(0, all.size() - 1 - random.nextInt(10)));
            Whole whole = Objects.requireNonNull(wholes.get(id), id);
            carryOut(id, whole, whole.state.end());
        }
    }

    /** State and commands change together: a transaction. */
    private void carryOut(String id, Whole whole, List<Step> steps) {
        for (Step step : steps) {
            switch (step) {
                case Step.Hold hold ->
                    tell(
                            hold.marketId(),
                            new Command.Hold(asked(id, whole, hold.part(), hold.attempt()), whole.heldUntilMillis));
                case Step.Confirm confirm ->
                    tell(confirm.marketId(), new Command.Confirm(asked(id, whole, confirm.part(), 0)));
                case Step.Withdraw withdraw ->
                    tell(withdraw.marketId(), new Command.Cancel(now, PartId.of(id, withdraw.part() + 1), "acme"));
                case Step.Answer answer -> whole.answers.add(whole.state.phase());
            }
        }
    }

    private Command.Submit asked(String id, Whole whole, int part, int attempt) {
        return new Command.Submit(
                now, PartId.of(id, part + 1), "acme", whole.specs.get(part), attempt, false, List.of());
    }

    private void tell(String marketId, Command command) {
        place(marketId).log.addLast(command);
    }

    private void deliverCommand(Place place) {
        Command command = place.log.pollFirst();
        if (command != null) {
            place.execute(command);
            if (oneIn(10)) {
                place.execute(command);
            }
            if (oneIn(20)) {
                place.log.addLast(command);
            }
        }
    }

    private void deliverNotice() {
        if (!notices.isEmpty()) {
            Runnable notice = notices.get(random.nextInt(notices.size()));
            notice.run();
            if (!oneIn(10)) {
                notices.remove(notice);
            }
        }
    }

    /** What a market writes of a part becomes a notice, and is checked against what was decided. */
    private void happened(Place place, Event.OfRequest event, boolean kept) {
        String id = PartId.whole(event.requestId());
        int part = PartId.number(event.requestId()) - 1;
        Whole whole = Objects.requireNonNull(wholes.get(id), id);
        switch (event) {
            case Event.Held e -> notices.add(() -> carryOut(id, whole, whole.state.held(part, place.id, now)));
            case Event.AnswerRepeated e ->
                notices.add(() -> carryOut(id, whole, whole.state.held(part, place.id, now)));
            case Event.Deflected e -> notices.add(() -> carryOut(id, whole, whole.state.notHeld(part, place.id)));
            case Event.Refused e -> {
                expired += e.reason() == Reason.HOLD_EXPIRED ? 1 : 0;
                notices.add(() -> carryOut(id, whole, whole.state.lost(part, place.id)));
            }
            case Event.Allocated e -> {
                begun(place, whole, e.requestId());
                servedAnew += !kept && e.allocationNumber() == 1 ? 1 : 0;
            }
            case Event.Queued e -> {
                begun(place, whole, e.requestId());
                waitedAnew += e.reason() == Reason.HOLD_EXPIRED ? 1 : 0;
            }
            default -> {}
        }
    }

    /** Nothing begins before all is decided, and nothing begins in two markets. */
    private static void begun(Place place, Whole whole, String partId) {
        assertThat(whole.answers).as("%s begins in %s", partId, place.id).startsWith(Phase.CONFIRMED);
        String before = whole.begunAt.put(partId, place.id);
        assertThat(before == null || before.equals(place.id))
                .as("%s begins in %s and in %s", partId, before, place.id)
                .isTrue();
    }

    /** Delivers all, and lets every hold end. */
    private void settle() {
        for (int round = 0; round < 5; round++) {
            for (boolean quiet = false; !quiet; ) {
                quiet = true;
                for (Place place : places.values()) {
                    while (!place.log.isEmpty()) {
                        place.execute(place.log.removeFirst());
                        quiet = false;
                    }
                }
                while (!notices.isEmpty()) {
                    notices.removeFirst().run();
                    quiet = false;
                }
            }
            now += 2 * HOLD_MILLIS;
            places.values().forEach(place -> place.execute(new Command.Tick(now)));
        }
    }

    private void check(String id, Whole whole, int[] counts) {
        assertThat(whole.answers).as("answers of %s", id).isNotEmpty();
        Phase first = whole.answers.getFirst();
        assertThat(whole.answers)
                .as("answers of %s", id)
                .isIn(List.of(first), List.of(Phase.CONFIRMED, Phase.RELEASED))
                .doesNotContain(Phase.HOLDING);
        assertThat(whole.begunAt)
                .as("parts of %s that began", id)
                .hasSize(first == Phase.CONFIRMED ? whole.specs.size() : 0);
        whole.answers.forEach(answer -> counts[List.of(Phase.values()).indexOf(answer)]++);
        for (Place place : places.values()) {
            for (int part = 1; part <= whole.specs.size(); part++) {
                Request known = place.state.request(PartId.of(id, part));
                assertThat(known == null || known.status() != Request.Status.HELD)
                        .as("%s is not held in %s", PartId.of(id, part), place.id)
                        .isTrue();
                assertThat(whole.answers.getLast() == Phase.RELEASED
                                && known != null
                                && (known.status() == Request.Status.ALLOCATED
                                        || known.status() == Request.Status.QUEUED))
                        .as("%s ended and goes on in %s", PartId.of(id, part), place.id)
                        .isFalse();
            }
        }
    }
}
