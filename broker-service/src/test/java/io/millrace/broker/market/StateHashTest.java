package io.millrace.broker.market;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.catalogue.Workload;
import io.millrace.broker.market.MarketState.Meta;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Forecast;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Latitude;
import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Quantum;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Relaxation.What;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.placement.Spread;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.queue.AccountUsage;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hash of a state differs if anything in it differs: every field of every record in it is changed in turn. */
class StateHashTest {
    private static final Grant GRANT = new Grant("a", "c1", "A100", 1, IntVector.of(0), 1000, 1000, 1024, 10);
    private static final Figure FIGURE = new Figure(Figure.What.SCORE, "f", 6);
    private static final Explanation EXPLANATION =
            explanation(new Shortfall.Rejected("n", 1, 2, 3), new Relaxation(What.CPU, "", 4, true, 5));

    private static Explanation explanation(Shortfall.Rejected rejected, Relaxation relaxation) {
        return explanation(
                new Shortfall(List.of(new Misfit.Removed("memory", 1)), List.of(rejected), List.of(relaxation)));
    }

    private static Explanation explanation(Shortfall shortfall) {
        return explanation(shortfall, FIGURE);
    }

    private static Explanation explanation(Shortfall shortfall, Figure figure) {
        return new Explanation("s", 2, List.of(new Misfit.Removed("cpu", 1)), "less", shortfall, List.of(figure));
    }

    private static final Need NEED = new Need(Precision.BF16, 5, 6, 7, Workload.TRAINING);
    private static final ComputeSpec SPEC = gpus(1).kind(Kind.INTELLIGENT)
            .models("A100")
            .hubs("north")
            .maxPrice(20)
            .deadline(30)
            .need(NEED)
            .replicas(3)
            .minReplicas(2)
            .or(3, "A100", "H100")
            .shots(8, 9, 10)
            .siting(new Siting("north", 5L, "south", 6, List.of(new Siting.Weight("CARBON", 7))))
            .storage(11, 12)
            .spec();
    private static final Meta META = new Meta(7, 100, 3_600_000, null, Forecast.NONE);

    @Test
    void everyFieldOfAnOffer() throws ReflectiveOperationException {
        NodeOffer offer = node("a").qpu(1, 2, 3).offer();
        List<NodeOffer> others = new ArrayList<>(variations(offer));
        for (Quantum quantum : variations(Objects.requireNonNull(offer.quantum()))) {
            others.add(with(offer, "quantum", quantum));
        }
        for (Storage storage : variations(offer.storageTotal())) {
            others.add(with(offer, "storageTotal", storage));
            others.add(with(offer, "storageSellable", storage));
        }
        for (NodeOffer other : others) {
            assertThat(hash(META, other, List.of())).as("%s", other).isNotEqualTo(hash(META, offer, List.of()));
        }
    }

    @Test
    void everyFieldOfARequestAndOfWhatIsInIt() throws ReflectiveOperationException {
        List<Request> others = new ArrayList<>(variations(request(SPEC, GRANT, EXPLANATION)));
        variations(SPEC).forEach(spec -> others.add(request(spec, GRANT, EXPLANATION)));
        for (Need need : variations(NEED)) {
            others.add(request(with(SPEC, "need", need), GRANT, EXPLANATION));
        }
        for (Shots quantum : variations(Objects.requireNonNull(SPEC.quantum()))) {
            others.add(request(with(SPEC, "quantum", quantum), GRANT, EXPLANATION));
        }
        for (Latitude latitude : variations(SPEC.latitude())) {
            others.add(request(with(SPEC, "latitude", latitude), GRANT, EXPLANATION));
        }
        for (Alternative alternative : variations(SPEC.latitude().alternatives().get(0))) {
            Latitude latitude = new Latitude(2, Spread.POOL, List.of(alternative));
            others.add(request(with(SPEC, "latitude", latitude), GRANT, EXPLANATION));
        }
        for (Siting siting : variations(Objects.requireNonNull(SPEC.siting()))) {
            others.add(request(with(SPEC, "siting", siting), GRANT, EXPLANATION));
        }
        for (Storage storage : variations(SPEC.storage())) {
            others.add(request(with(SPEC, "storage", storage), GRANT, EXPLANATION));
            others.add(request(SPEC, with(GRANT, "storage", storage), EXPLANATION));
        }
        variations(GRANT).forEach(grant -> others.add(request(SPEC, grant, EXPLANATION)));
        variations(EXPLANATION).forEach(explanation -> others.add(request(SPEC, GRANT, explanation)));
        Shortfall shortfall = EXPLANATION.shortfall();
        variations(shortfall).forEach(other -> others.add(request(SPEC, GRANT, explanation(other))));
        Relaxation relaxation = shortfall.relaxations().getFirst();
        variations(shortfall.rejected().getFirst())
                .forEach(other -> others.add(request(SPEC, GRANT, explanation(other, relaxation))));
        variations(relaxation)
                .forEach(other -> others.add(
                        request(SPEC, GRANT, explanation(shortfall.rejected().getFirst(), other))));
        variations(FIGURE).forEach(other -> others.add(request(SPEC, GRANT, explanation(shortfall, other))));
        long hash = hash(META, null, List.of(request(SPEC, GRANT, EXPLANATION)));
        assertThat(others).hasSizeGreaterThan(49);
        for (Request other : others) {
            assertThat(hash(META, null, List.of(other))).as("%s", other).isNotEqualTo(hash);
        }
    }

    @Test
    void whatIsNeitherOfferNorRequest() {
        MarketState running = new MarketState("north");
        running.apply(new Event.NodeUpdated(node("a").offer()), 0);
        long hash = running.hash();
        assertThat(restored("south", running.meta()).hash()).isNotEqualTo(hash);
        assertThat(restored("north", new Meta(2, 0, 0, null, Forecast.NONE)).hash())
                .isNotEqualTo(hash);
        assertThat(restored("north", new Meta(1, 1, 0, null, Forecast.NONE)).hash())
                .isNotEqualTo(hash);
        assertThat(restored("north", new Meta(1, 0, 0, "halted", Forecast.NONE)).hash())
                .isNotEqualTo(hash);
        Forecast other = new Forecast(List.of(), 0, 1, 2);
        assertThat(restored("north", new Meta(1, 0, 0, null, other)).hash()).isNotEqualTo(hash);
        Forecast turnsOver = new Forecast(List.of(), 1, 1, 1);
        assertThat(restored("north", new Meta(1, 0, 0, null, turnsOver)).hash()).isNotEqualTo(hash);
        assertThat(restored("north", new Meta(1, 0, 0, null, Forecast.NONE)).hash())
                .isEqualTo(hash);
    }

    private static MarketState restored(String marketId, Meta meta) {
        return restored(marketId, meta, List.of(node("a").offer()), List.of(), List.of());
    }

    private static MarketState restored(
            String marketId, Meta meta, List<NodeOffer> offers, List<Request> requests, List<AccountUsage> accounts) {
        return MarketState.restore(marketId, QueueSettings.DEFAULT, meta, offers, requests, accounts);
    }

    @Test
    void everyFieldOfAnAccount() throws ReflectiveOperationException {
        AccountUsage.Average cpu = new AccountUsage.Average("cpu", 1);
        AccountUsage usage = new AccountUsage("acme", List.of(cpu), 4, 5, 6);
        long hash =
                restored("north", META, List.of(), List.of(), List.of(usage)).hash();
        List<AccountUsage> others = new ArrayList<>(variations(usage));
        for (AccountUsage.Average average : variations(cpu)) {
            others.add(with(usage, "averages", List.of(average)));
        }
        for (AccountUsage other : others) {
            assertThat(restored("north", META, List.of(), List.of(), List.of(other))
                            .hash())
                    .as("%s", other)
                    .isNotEqualTo(hash);
        }
    }

    @Test
    void theOrderInWhichTheyAreReadDoesNotMatter() throws ReflectiveOperationException {
        List<NodeOffer> offers = List.of(node("a").offer(), node("b").offer());
        List<Request> requests =
                List.of(request(SPEC, GRANT, EXPLANATION), with(request(SPEC, GRANT, EXPLANATION), "requestId", "r2"));
        assertThat(restored("north", META, offers, requests, List.of()).hash())
                .isEqualTo(restored("north", META, offers.reversed(), requests.reversed(), List.of())
                        .hash());
    }

    /** One that has ended, so that no index objects to what is made of it. */
    private static Request request(ComputeSpec spec, Grant grant, Explanation explanation) {
        return new Request(
                "r",
                "acme",
                spec,
                Request.Status.RELEASED,
                Reason.NODE_LOST,
                List.of(grant),
                1,
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                explanation);
    }

    private static long hash(Meta meta, @Nullable NodeOffer offer, List<Request> requests) {
        return restored("north", meta, offer == null ? List.of() : List.of(offer), requests, List.of())
                .hash();
    }

    /** Copies of a record, each with another value in one of its fields. */
    private static <R extends Record> List<R> variations(R original) throws ReflectiveOperationException {
        List<R> variations = new ArrayList<>();
        for (RecordComponent component : original.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(original);
            Object other = another(component.getType(), value);
            if (other != null) {
                variations.add(with(original, component.getName(), other));
            }
        }
        return variations;
    }

    /** Null for a record, whose own fields are varied instead. */
    private static @Nullable Object another(Class<?> type, @Nullable Object value) {
        return switch (value) {
            case String text -> text + "x";
            case Integer number -> number - 1;
            case Long number -> number - 1;
            case IntVector vector -> IntVector.of(3, 4);
            case List<?> list when list.stream().anyMatch(String.class::isInstance) -> List.of("another");
            case List<?> list -> List.of();
            case Request.Status status -> Request.Status.EXPIRED;
            case NodeOffer.NodeStatus status -> NodeOffer.NodeStatus.DRAINING;
            case Reason reason -> Reason.NODE_SHRUNK;
            case What what -> What.WAIT;
            case Figure.What what -> Figure.What.BUDGET;
            case Kind kind -> Kind.SUPER;
            case PriorityClass priority -> PriorityClass.URGENT;
            case Precision precision -> Precision.INT4;
            case Workload workload -> Workload.HPC;
            case Spread spread -> Spread.MARKET;
            case Boolean flag -> !flag;
            case Record part -> null;
            case null, default -> throw new AssertionError("no other value for " + type + " " + value);
        };
    }

    @SuppressWarnings("unchecked")
    private static <R extends Record> R with(R original, String field, Object value)
            throws ReflectiveOperationException {
        RecordComponent[] components = original.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            boolean changed = components[i].getName().equals(field);
            values[i] = changed ? value : components[i].getAccessor().invoke(original);
        }
        return (R) original.getClass().getDeclaredConstructor(types).newInstance(values);
    }
}
