package io.millrace.bench.supply;

import io.millrace.bench.load.RecordSender;
import io.millrace.bench.trace.TraceNode;
import io.millrace.local.UserError;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Puts centres on record and has their nodes report, until the markets offer all of them. */
public final class SupplyLoader {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final RecordSender sender;
    private final Codec<CentreProfile> profiles;
    private final Codec<NodeReport> reports;
    private final MarketWatch markets;

    /** Loads over this sender. */
    public SupplyLoader(RecordSender sender, Codecs codecs, MarketWatch markets) {
        this.sender = sender;
        this.profiles = codecs.of(Topics.CENTRES_PROFILES);
        this.reports = codecs.of(Topics.TELEMETRY_REPORTS);
        this.markets = markets;
    }

    /**
     * Returns when every node is offered.
     *
     * @throws UserError if that takes longer than three minutes
     */
    public void load(List<BenchCentre> centres) {
        for (BenchCentre centre : centres) {
            sender.send(
                    Topics.CENTRES_PROFILES.name(),
                    centre.centreId(),
                    profiles.encode(centre.profile(System.currentTimeMillis())));
        }
        sender.flush();
        long end = System.nanoTime() + LIMIT.toNanos();
        long next = System.nanoTime();
        for (String missing = "all"; !missing.isEmpty(); missing = markets.missing(centres)) {
            long now = System.nanoTime();
            if (now > end) {
                throw new UserError("after " + LIMIT.toSeconds() + " s " + missing);
            }
            // A report that overtakes the profile of its centre is refused, so nodes say it again, as they do in life.
            if (now >= next) {
                centres.forEach(this::report);
                next = now + REPEAT_NANOS;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void report(BenchCentre centre) {
        long now = System.currentTimeMillis();
        for (TraceNode node : centre.nodes()) {
            sender.send(
                    Topics.TELEMETRY_REPORTS.name(),
                    centre.nodeId(node),
                    reports.encode(centre.report(node, now, now, 0)));
        }
        sender.flush();
    }
}
