package io.millrace.broker.placement;

import java.util.List;
import java.util.function.Supplier;

/** The policies by the names that they have in configuration. */
public final class Policies {
    /** The name of the policy that a market has if nothing else is said. */
    public static final String DEFAULT = "fragmentation-aware";

    private record Named(String name, Supplier<PlacementPolicy> policy) {}

    private static final List<Named> ALL = List.of(
            new Named("random", RandomChoice::new),
            new Named("dot-product", DotProduct::new),
            new Named("clustering", Clustering::new),
            new Named("packing", Packing::new),
            new Named("best-fit", BestFit::new),
            new Named("fgd", GradientDescent::new),
            new Named(DEFAULT, FragmentationAware::new));

    private Policies() {}

    /** All names. */
    public static List<String> names() {
        return ALL.stream().map(Named::name).toList();
    }

    /**
     * A new instance of the policy with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PlacementPolicy named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no placement policy is named " + name))
                .policy()
                .get();
    }
}
