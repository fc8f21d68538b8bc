package io.millrace.broker.stream;

import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.placement.Storage;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.FilterCount;
import io.millrace.schemas.RejectedNode;
import io.millrace.schemas.RelaxationKind;
import java.util.List;

/** {@link Shortfall} and its part of the Avro explanation. */
final class ShortfallCodec {
    private ShortfallCodec() {}

    static Shortfall read(Explanation explanation) {
        // As it is of all that is granted.
        if (explanation.getExhausted().isEmpty()
                && explanation.getRejected().isEmpty()
                && explanation.getRelaxations().isEmpty()) {
            return Shortfall.NONE;
        }
        return new Shortfall(
                counts(explanation.getExhausted()),
                explanation.getRejected().stream()
                        .map(node -> new Shortfall.Rejected(
                                node.getNodeId(),
                                node.getMissingMilliDevices(),
                                node.getMissingCpuMillicores(),
                                node.getMissingMemoryMib(),
                                Storage.of(node.getMissingStorageGib(), node.getMissingStorageMibPerSecond())))
                        .toList(),
                explanation.getRelaxations().stream()
                        // Of a kind that a newer release found: nobody here can tell it.
                        .filter(change -> change.getKind() != RelaxationKind.UNKNOWN)
                        .map(change -> new Relaxation(
                                Relaxation.What.valueOf(change.getKind().name()),
                                change.getName(),
                                change.getAmount(),
                                change.getNow(),
                                change.getChangePermille()))
                        .toList());
    }

    static List<Misfit.Removed> counts(List<FilterCount> counts) {
        return counts.isEmpty()
                ? List.of()
                : counts.stream()
                        .map(count -> new Misfit.Removed(count.getFilter(), count.getNodes()))
                        .toList();
    }

    static List<FilterCount> written(List<Misfit.Removed> counts) {
        return counts.isEmpty()
                ? List.of()
                : counts.stream()
                        .map(count -> new FilterCount(count.filter(), count.nodes()))
                        .toList();
    }

    static void write(Shortfall shortfall, Explanation explanation) {
        if (shortfall.equals(Shortfall.NONE)) {
            explanation.setExhausted(List.of());
            explanation.setRejected(List.of());
            explanation.setRelaxations(List.of());
            return;
        }
        explanation.setExhausted(written(shortfall.exhausted()));
        explanation.setRejected(shortfall.rejected().stream()
                .map(node -> new RejectedNode(
                        node.nodeId(),
                        node.missingMilliDevices(),
                        node.missingCpuMillicores(),
                        node.missingMemoryMib(),
                        node.missingStorage().gib(),
                        node.missingStorage().mibPerSecond()))
                .toList());
        explanation.setRelaxations(shortfall.relaxations().stream()
                .map(change -> new io.millrace.schemas.Relaxation(
                        RelaxationKind.valueOf(change.what().name()),
                        change.name(),
                        change.amount(),
                        change.now(),
                        change.changePermille()))
                .toList());
    }
}
