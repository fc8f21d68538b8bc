package io.millrace.broker.stream;

import io.millrace.broker.market.Siting;
import io.millrace.schemas.ScoreTermKind;
import io.millrace.schemas.TermWeight;
import java.util.ArrayList;
import java.util.List;

/** {@link Siting} and its Avro record. */
final class SitingCodec {
    private SitingCodec() {}

    static Siting read(io.millrace.schemas.Siting siting) {
        List<Siting.Weight> weights = new ArrayList<>(siting.getWeights().size());
        for (TermWeight weight : siting.getWeights()) {
            weights.add(new Siting.Weight(weight.getTerm().name(), weight.getWeightPermille()));
        }
        return new Siting(
                siting.getUsersHub(),
                siting.getLatencyLimitMicros(),
                siting.getDataHub(),
                siting.getDataGib(),
                weights);
    }

    static io.millrace.schemas.Siting write(Siting siting) {
        List<TermWeight> weights = new ArrayList<>(siting.weights().size());
        for (Siting.Weight weight : siting.weights()) {
            weights.add(new TermWeight(ScoreTermKind.valueOf(weight.term()), weight.permille()));
        }
        return new io.millrace.schemas.Siting(
                siting.usersHub(), siting.latencyLimitMicros(), siting.dataHub(), siting.dataGib(), weights);
    }
}
