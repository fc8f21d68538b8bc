package io.millrace.broker.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.market.SpecBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy by a table of small choices; of the scores that follow published ones, what sets them apart. */
class PoliciesTest {
    private final Supply supply = new Supply();

    static List<String> names() {
        return Policies.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasTheNameItIsConfiguredBy(String name) {
        assertThat(Policies.named(name)).hasToString(name);
    }

    @Test
    void anotherNameIsRefused() {
        assertThatThrownBy(() -> Policies.named("first-fit")).hasMessageContaining("first-fit");
    }

    /**
     * Dot product and best fit see the sum of what is free, clustering that nothing runs yet; packing sees the device that
     * is shared and the node at work. As long as nothing was asked, FGD has no opinion and the smallest id wins; the default
     * knows that half a device that is filled is no remainder.
     */
    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "dot-product, small, small",
        "clustering, small, small",
        "packing, broken, broken",
        "best-fit, small, small",
        "fgd, anything, anything",
        "fragmentation-aware, broken, anything",
    })
    void chooses(String name, String forShare, String forTwo) {
        supply.put(NodeOfferBuilder.node("anything").gpus(8).offer());
        supply.put(NodeOfferBuilder.node("idle").gpus(8).offer());
        supply.put(NodeOfferBuilder.node("small").gpus(2).offer());
        supply.put(
                NodeOfferBuilder.node("broken").gpuMilli(500, 1000, 1000, 1000).offer());

        PlacementPolicy policy = Policies.named(name);
        assertThat(List.of(
                        chosen(policy, SpecBuilder.share(500).demand()),
                        chosen(policy, SpecBuilder.gpus(2).demand())))
                .containsExactly(forShare, forTwo);
    }

    @ParameterizedTest
    @MethodSource("names")
    void takesTheOnlyNodeThatWillDo(String name) {
        supply.put(NodeOfferBuilder.node("a").gpus(8).model("A").offer());
        supply.put(NodeOfferBuilder.node("b").gpus(2).model("B").offer());
        PlacementPolicy policy = Policies.named(name);
        assertThat(chosen(policy, SpecBuilder.gpus(4).demand())).isEqualTo("a");
        assertThat(chosen(policy, SpecBuilder.gpus(1).models("B").demand())).isEqualTo("b");
        assertThat(policy.place(supply, SpecBuilder.gpus(9).demand())).isInstanceOf(Placement.NotPlaced.class);
    }

    private String chosen(PlacementPolicy policy, Demand demand) {
        return switch (policy.place(supply, demand)) {
            case Placement.Placed placed -> placed.grants().getFirst().nodeId();
            case Placement.NotPlaced none -> "none";
        };
    }
}
