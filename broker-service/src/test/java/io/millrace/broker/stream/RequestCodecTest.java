package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.catalogue.Workload;
import io.millrace.broker.market.Explanation;
import io.millrace.broker.market.Reason;
import io.millrace.broker.market.Request;
import io.millrace.broker.market.Request.Status;
import io.millrace.broker.market.Siting;
import io.millrace.broker.market.SpecBuilder;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.placement.Spread;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a market stores of a request is the request: whatever were lost would change its state with a restart. */
class RequestCodecTest {
    /** With every kind of change and of figure. */
    private static final Explanation EXPLANATION = new Explanation(
            "s",
            7,
            List.of(new Misfit.Removed("cpu", 1)),
            "less",
            new Shortfall(
                    List.of(new Misfit.Removed("memory", 2)),
                    List.of(new Shortfall.Rejected("n", 1, 2, 3)),
                    Arrays.stream(Relaxation.What.values())
                            .map(what -> new Relaxation(what, "x", 8, true, 9))
                            .toList()),
            Arrays.stream(Figure.What.values())
                    .map(what -> new Figure(what, "y", 10))
                    .toList());

    @ParameterizedTest
    @EnumSource(Status.class)
    void isReadAsItWasWritten(Status status) {
        boolean accepted = status != Status.REFUSED && status != Status.DEFLECTED;
        Request request = new Request(
                "r1",
                "acme",
                SpecBuilder.gpus(2)
                        .waits(60)
                        .preemptible()
                        .need(new Need(Precision.BF16, 1, 2, 3, Workload.TRAINING))
                        .or(3, "A100", "H100")
                        .or(2, "B200")
                        .minReplicas(1)
                        .spread(Spread.CENTRE)
                        .shots(4, 5, 6)
                        .siting(new Siting("gansu", 5_000L, "guizhou", 7, List.of(new Siting.Weight("CARBON", 2_000))))
                        .storage(9, 10)
                        .spec(),
                status,
                accepted ? Reason.NONE : Reason.NO_CAPACITY,
                List.of(),
                accepted ? 2 : 0,
                1_700_000_000_001L,
                1_700_000_000_002L,
                3,
                4,
                accepted ? 1_700_000_000_000L : 0,
                5,
                1_700_000_000_003L,
                6,
                EXPLANATION);
        assertThat(RequestCodec.read(RequestCodec.write(request, "gansu"))).isEqualTo(request);
    }
}
