package io.millrace.broker.stream;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.catalogue.Workload;
import io.millrace.broker.market.Shots;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Latitude;
import io.millrace.broker.placement.Spread;
import io.millrace.schemas.ComputeNeed;
import io.millrace.schemas.QuantumNeed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Need}, {@link Latitude}, {@link Shots} and their Avro records. */
final class NeedCodec {
    private NeedCodec() {}

    static @Nullable Need read(@Nullable ComputeNeed need) {
        return need == null
                ? null
                : new Need(
                        need.getPrecision() == null
                                ? null
                                : Precision.valueOf(need.getPrecision().name()),
                        need.getGigaOpsPerDevice(),
                        need.getGigaOpsInTotal(),
                        need.getDeviceMemoryGib(),
                        need.getWorkload() == null
                                ? null
                                : Workload.valueOf(need.getWorkload().name()));
    }

    static @Nullable ComputeNeed write(@Nullable Need need) {
        return need == null
                ? null
                : new ComputeNeed(
                        need.precision() == null
                                ? null
                                : io.millrace.schemas.Precision.valueOf(
                                        need.precision().name()),
                        need.gigaOpsPerDevice(),
                        need.gigaOpsInTotal(),
                        need.deviceMemoryGib(),
                        need.workload() == null
                                ? null
                                : io.millrace.schemas.Workload.valueOf(
                                        need.workload().name()));
    }

    static @Nullable Shots read(@Nullable QuantumNeed quantum) {
        return quantum == null
                ? null
                : new Shots(quantum.getQubits(), quantum.getTwoQubitFidelityPpm(), quantum.getShots());
    }

    static @Nullable QuantumNeed write(@Nullable Shots quantum) {
        return quantum == null
                ? null
                : new QuantumNeed(quantum.qubits(), quantum.twoQubitFidelityPpm(), quantum.shots());
    }

    static Latitude latitude(io.millrace.schemas.ComputeSpec spec) {
        Spread spread = Spread.valueOf(spec.getSpread().name());
        if (spec.getMinReplicas() == 0
                && spread == Spread.POOL
                && spec.getAlternatives().isEmpty()) {
            return Latitude.NONE;
        }
        List<Alternative> alternatives = new ArrayList<>(spec.getAlternatives().size());
        for (io.millrace.schemas.Alternative alternative : spec.getAlternatives()) {
            alternatives.add(new Alternative(alternative.getModels(), alternative.getReplicas(), alternative.getWhy()));
        }
        return new Latitude(spec.getMinReplicas(), spread, alternatives);
    }

    static List<io.millrace.schemas.Alternative> write(List<Alternative> alternatives) {
        List<io.millrace.schemas.Alternative> written = new ArrayList<>(alternatives.size());
        for (Alternative alternative : alternatives) {
            written.add(new io.millrace.schemas.Alternative(
                    alternative.models(), alternative.replicas(), alternative.why()));
        }
        return written;
    }
}
