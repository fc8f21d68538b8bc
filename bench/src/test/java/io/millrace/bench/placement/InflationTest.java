package io.millrace.bench.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.placement.BestFit;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InflationTest {

    /** Of three devices, 33, 67, 100 and 133 % arrive, and never 130 %. */
    @Test
    void aPerCentThatIsLeaptOverHasWhatWasAllocatedBefore() {
        List<TraceNode> nodes = List.of(new TraceNode("a", "T4", 3, 64_000, 1 << 20));
        TraceJob job = new TraceJob("", List.of(), 1, 1, 1000, 1000, 1024, 0, 1);
        Inflation.Run run = new Inflation(new Trace(nodes, Collections.nCopies(2, job), 0)).run(new BestFit(), 42);
        assertThat(run.at100()).isEqualTo(100);
        assertThat(run.at130()).isEqualTo(100);
    }
}
