package io.millrace.broker.market;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.market.Told.ask;
import static io.millrace.broker.market.Told.askLast;
import static io.millrace.broker.market.Told.cancel;
import static io.millrace.broker.market.Told.confirm;
import static io.millrace.broker.market.Told.extend;
import static io.millrace.broker.market.Told.hold;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.settlement.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A day of a small market, to the last field. A change here is a change of what markets decide or of what tenants pay:
 * logs that were written before it replay to something else. If that is meant, write the file anew with {@code
 * -Dmillrace.golden.write=true} and say why in the commit.
 */
class GoldenLogTest {
    private static final Path GOLDEN =
            Path.of("src", "test", "resources", "io", "millrace", "broker", "golden-log.txt");

    /** The day tells its story for best fit, where every kind of event comes up in it. */
    private final Run run = new Run(new BestFit());

    private final List<String> lines = new ArrayList<>();
    private final Set<String> kinds = new TreeSet<>();

    @Test
    void aDayOfASmallMarket() throws IOException {
        day();
        lines.add("hash %016x".formatted(run.hash()));
        if (Boolean.getBoolean("millrace.golden.write")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.write(GOLDEN, lines);
        }
        assertThat(lines).containsExactlyElementsOf(Files.readAllLines(GOLDEN));
    }

    @Test
    void hasEveryKindOfEventInIt() {
        day();
        Set<String> all = new TreeSet<>();
        Arrays.stream(Event.class.getPermittedSubclasses())
                .flatMap(type -> type.isSealed()
                        ? Arrays.stream(type.getPermittedSubclasses())
                        : Arrays.stream(new Class<?>[] {type}))
                .forEach(type -> all.add(type.getSimpleName()));
        // A halted market has a table of its own: nothing comes after it.
        all.remove(Event.MarketHalted.class.getSimpleName());
        assertThat(kinds).isEqualTo(all);
    }

    private void day() {
        at(
                "0:00:00",
                update(node("a").gpus(8)),
                update(node("b").gpus(4).devicePrice(7_654_321)),
                update(cpuNode("c")));
        at(
                "0:10:00",
                submit("whole", gpus(4)),
                submit("shared", share(333).seconds(7_000)),
                submit("cpu", millicores(1_500)));
        at("0:10:01", submit("gang", gpus(1).replicas(5).seconds(9_000)), submit("shared-2", share(500)));
        at(
                "0:14:00",
                submit("low", gpus(1).priority(PriorityClass.LOW).preemptible().seconds(9_000)));
        at("0:15:00", submit("waits", gpus(8).waits(600)), submit("waits-long", gpus(4).waits(7_200)));
        at("0:15:00", ask("elsewhere", gpus(6), 0), askLast("elsewhere", gpus(6), Reason.PRICE_TOO_LOW));
        at(
                "0:16:00",
                submit("never", gpus(16).waits(60)),
                submit("cheap", gpus(1).maxPrice(5)),
                submit("odd", gpus(2).milliPerDevice(1)));
        at(
                "0:17:00",
                submit("never", gpus(16).waits(60)),
                submit("never", gpus(17)),
                cancel("nobody"),
                release("waits"));
        at(
                "0:18:00",
                submit("late-now", gpus(1).seconds(60).deadline(EventText.millis("0:18:30"))),
                submit("late-then", gpus(8).seconds(60).waits(900).deadline(EventText.millis("0:24:00"))),
                submit("urgent", gpus(2).priority(PriorityClass.URGENT).waits(900)));
        at("0:20:00", extend("shared", "3:30:00"), extend("whole", "0:30:00"));
        at("0:25:00", tick());
        at("0:31:00", release("whole"));
        at("0:40:00", update(node("b").gpuMilli(1000, 1000, 0, 500).devicePrice(7_654_321)));
        at("0:50:00", update(node("a").gpus(8).lost()));
        at("0:51:00", cancel("gang"));
        at("0:52:00", update(node("a").gpus(8).devicePrice(11_000_000)));
        at("1:00:00", tick());
        at("2:30:00", submit("late", gpus(1).replicas(2).mib(4_096)));
        at("5:00:00", tick());
        at("6:00:00", tick());
        at(
                "6:05:00",
                hold("parts~1", gpus(1), 0, "6:06:00"),
                hold("parts~2", gpus(1), 0, "6:06:00"),
                hold("parts~3", gpus(16), 0, "6:06:00"));
        at("6:05:30", confirm("parts~1", gpus(1)));
        at("7:30:00", tick());
    }

    private void at(String time, Told... commands) {
        for (Told told : commands) {
            Command command = told.at(EventText.millis(time));
            lines.add(time + " " + command);
            Run.Step step = run.execute(command);
            for (Event event : step.events()) {
                lines.add("  " + event);
                kinds.add(event.getClass().getSimpleName());
            }
            for (Usage usage : step.usage()) {
                lines.add("    %s: %d ms cost %d micro-CNY, paid by %s to %s%s"
                        .formatted(
                                usage.usageId(),
                                usage.toMillis() - usage.fromMillis(),
                                usage.amountMicroCny(),
                                usage.allocation().accountId(),
                                usage.creditedAccountId(),
                                usage.last() ? ", last" : ""));
            }
        }
    }
}
