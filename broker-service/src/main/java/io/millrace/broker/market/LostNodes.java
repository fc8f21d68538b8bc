package io.millrace.broker.market;

import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOffer.NodeStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that are lost, by when they were measured last. They are remembered for as long as an answer is: who asks for
 * what they had is not told that it was never there, or would never fit. An index: it follows from the offers.
 */
final class LostNodes {
    private final TreeSet<NodeOffer> lost =
            new TreeSet<>(Comparator.comparingLong(NodeOffer::observedAtMillis).thenComparing(NodeOffer::nodeId));

    /** An offer takes the place of an earlier one of its node, or of none. */
    void offered(@Nullable NodeOffer before, NodeOffer now) {
        if (before != null && before.status() == NodeStatus.LOST) {
            lost.remove(before);
        }
        if (now.status() == NodeStatus.LOST) {
            lost.add(now);
        }
    }

    /** True if there is one that was measured last before this time. */
    boolean anyObservedBefore(long millis) {
        return !lost.isEmpty() && lost.first().observedAtMillis() < millis;
    }

    /** Takes out those that were measured last before this time, in the order of these times and of their ids. */
    List<NodeOffer> takeObservedBefore(long millis) {
        List<NodeOffer> taken = new ArrayList<>();
        while (anyObservedBefore(millis)) {
            taken.add(lost.removeFirst());
        }
        return taken;
    }
}
