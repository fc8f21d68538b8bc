package io.millrace.broker.market;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.Grant;
import io.millrace.broker.settlement.Settlement;
import io.millrace.broker.settlement.Usage;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settles the events of a market and checks the bill against what was allocated: metered time is allocated time without
 * gap or overlap, the amounts add up to the cost of the whole, and no usage has the id of another.
 */
final class UsageAuditor {
    private final Settlement settlement = new Settlement(MarketTable.MARKET);
    private final Map<String, Event.Allocated> running = new HashMap<>();
    private final Map<String, List<Usage>> metered = new HashMap<>();
    private final Set<String> usageIds = new HashSet<>();
    private long incomeMicroCny;
    private long billedMicroCny;

    void on(Event event) {
        if (event instanceof Event.Allocated allocated) {
            running.put(allocated.requestId(), allocated);
        }
        for (Usage usage : settlement.on(event).usage()) {
            assertThat(usageIds.add(usage.usageId()))
                    .as("%s is new", usage.usageId())
                    .isTrue();
            String grantOf =
                    usage.allocation().requestId() + " on " + usage.grant().nodeId();
            metered.computeIfAbsent(grantOf, id -> new ArrayList<>()).add(usage);
            incomeMicroCny += usage.amountMicroCny();
        }
        if (event instanceof Event.Ended ended) {
            Event.Allocated allocated = requireNonNull(running.remove(ended.requestId()));
            for (Grant grant : allocated.grants()) {
                checkBill(allocated, grant, ended.endedAtMillis());
            }
        }
    }

    private void checkBill(Event.Allocated allocated, Grant grant, long endedAtMillis) {
        List<Usage> bill = requireNonNull(metered.remove(allocated.requestId() + " on " + grant.nodeId()));
        long from = allocated.startsAtMillis();
        long amount = 0;
        for (int i = 0; i < bill.size(); i++) {
            Usage usage = bill.get(i);
            assertThat(usage.fromMillis()).as("no gap before %s", usage).isEqualTo(from);
            assertThat(usage.amountMicroCny()).isNotNegative();
            assertThat(usage.last()).isEqualTo(i == bill.size() - 1);
            from = usage.toMillis();
            amount += usage.amountMicroCny();
        }
        assertThat(from).as("metered up to the end of %s", allocated).isEqualTo(endedAtMillis);
        BigInteger whole = BigInteger.valueOf(grant.priceMicroCnyPerHour())
                .multiply(BigInteger.valueOf(endedAtMillis - allocated.startsAtMillis()))
                .divide(BigInteger.valueOf(3_600_000));
        assertThat(amount).as("cost of %s", allocated).isEqualTo(whole.longValueExact());
        billedMicroCny += amount;
    }

    /** At the end: all is billed but what still runs, and that is metered up to the last full hour. */
    void check() {
        long open = metered.values().stream()
                .flatMap(List::stream)
                .mapToLong(Usage::amountMicroCny)
                .sum();
        assertThat(billedMicroCny + open).isEqualTo(incomeMicroCny);
        running.keySet().forEach(id -> assertThat(settlement.running(id)).isNotNull());
    }
}
