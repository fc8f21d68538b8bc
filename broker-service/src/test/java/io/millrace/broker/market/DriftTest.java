package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.Forecast;
import io.millrace.broker.placement.FragmentationAware;
import io.millrace.broker.placement.NodeOfferBuilder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The mix of requests changes; what was learned of the old one is forgotten, and placement is as good as if it never was. */
class DriftTest {
    private static final int NODES = 60;
    private static final int PHASE = 12_000;
    private static final List<Integer> SMALL = List.of(320, 470, 650, 810);

    private final Market market = new Market(new MarketSettings(86_400_000, 0, 0), new FragmentationAware());

    @Test
    void qualityRecovers() {
        Load drifted = new Load(1);
        drifted.phase(true);
        assertThat(sharedPart(drifted.state)).isGreaterThan(0.9);
        double after = drifted.phase(false);
        assertThat(sharedPart(drifted.state)).isLessThan(0.1);

        double always = new Load(2).phase(false);
        assertThat(after).isGreaterThan(always - 0.01);
    }

    private static double sharedPart(MarketState state) {
        return state.meta().forecast().expected().stream()
                        .filter(shape -> shape.milliPerDevice() < 1000)
                        .mapToLong(Forecast.Expected::shareMillionths)
                        .sum()
                / 1e6;
    }

    /** A market that is kept full: whenever a request is refused, the oldest leave. */
    private final class Load {
        private final MarketState state = new MarketState("drift");
        private final Random random;
        private final Deque<String> running = new ArrayDeque<>();
        private long milli;
        private int sent;

        Load(long seed) {
            random = new Random(seed);
            for (int i = 0; i < NODES; i++) {
                execute(new Command.UpdateNode(
                        0, NodeOfferBuilder.node("n%03d".formatted(i)).gpus(8).offer()));
            }
        }

        /** The share of the devices that was allocated, on average over the last quarter. */
        double phase(boolean shared) {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < PHASE; i++) {
                SpecBuilder spec = shared
                        ? SpecBuilder.share(SMALL.get(random.nextInt(SMALL.size())))
                                .cpu(2_000)
                        : SpecBuilder.gpus(1 << random.nextInt(4)).cpu(1_000);
                String id = "r" + sent++;
                if (!execute(new Command.Submit(sent, id, "acme", spec.spec(), 0, true, List.of()))) {
                    for (int leaving = 0; leaving < 3 && !running.isEmpty(); leaving++) {
                        String oldest = running.removeFirst();
                        Request request = state.request(oldest);
                        milli -= request == null ? 0 : milli(request.spec());
                        execute(new Command.Release(sent, oldest, "acme"));
                    }
                }
                if (i >= PHASE * 3 / 4) {
                    sum += milli / (NODES * 8_000.0);
                    count++;
                }
            }
            return sum / count;
        }

        private boolean execute(Command command) {
            boolean[] granted = new boolean[1];
            market.execute(state, command, (event, now) -> {
                if (event instanceof Event.Allocated allocated) {
                    granted[0] = true;
                    running.addLast(allocated.requestId());
                    milli += milli(allocated.spec());
                }
            });
            state.takeChanges();
            return granted[0];
        }

        private static long milli(ComputeSpec spec) {
            return (long) spec.devices() * spec.milliPerDevice();
        }
    }
}
