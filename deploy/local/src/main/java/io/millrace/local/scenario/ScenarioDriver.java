package io.millrace.local.scenario;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays a {@link Scenario} in real time, as data centres and tenants would: profiles go to telemetry-ingest by HTTP, reports
 * and requests to their topics by a Kafka producer. Two threads of its own; {@link #heard} may be called from any.
 */
public final class ScenarioDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScenarioDriver.class);
    private static final long STEP_MILLIS = 50;
    /** The first round of reports is quick, so that the country stands within seconds. */
    private static final long FIRST_ROUND_MILLIS = 2_000;

    private static final long ROUND_MILLIS = SimulatedNode.INTERVAL_SECONDS * 1_000L;
    private static final long CENTRE_ROUND_MILLIS = 30_000;
    /** Tenants begin when there is something to ask for. */
    private static final long DEMAND_BEGINS_AFTER_MILLIS = FIRST_ROUND_MILLIS + 1_000;

    private final Scenario scenario;
    private final Producer<String, byte[]> producer;
    private final Codec<NodeReport> nodeReports;
    private final Codec<CentreReport> centreReports;
    private final Codec<ComputeRequest> requests;
    private final FollowUps followUps = new FollowUps();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong failures = new AtomicLong();
    private final List<Thread> threads;

    private ScenarioDriver(Scenario scenario, String bootstrapServers, Codecs codecs) {
        this.scenario = scenario;
        nodeReports = codecs.of(Topics.TELEMETRY_REPORTS);
        centreReports = codecs.of(Topics.TELEMETRY_CENTRES);
        requests = codecs.of(Topics.COMPUTE_REQUESTS);
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "scenario",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new StringSerializer(),
                new ByteArraySerializer());
        threads = List.of(
                Thread.ofPlatform().name("scenario-telemetry").daemon().unstarted(() -> guarded(this::report)),
                Thread.ofPlatform().name("scenario-demand").daemon().unstarted(() -> guarded(this::ask)));
    }

    /**
     * Puts the centres on record that are not yet, and starts to play.
     *
     * @throws IllegalStateException if telemetry-ingest does not take a profile
     */
    public static ScenarioDriver start(Scenario scenario, String bootstrapServers, Codecs codecs, URI ingest) {
        new CentreRegister(ingest).putMissing(scenario.supply().profiles(System.currentTimeMillis()));
        ScenarioDriver driver = new ScenarioDriver(scenario, bootstrapServers, codecs);
        driver.threads.forEach(Thread::start);
        LOG.info(
                "The scenario plays: seed {}, {} nodes, {} requests/s",
                scenario.seed(),
                scenario.nodes(),
                scenario.requestsPerSecond());
        return driver;
    }

    /** Tells the tenants what was decided; decisions on requests of others are not theirs. */
    public void heard(AllocationDecision decision) {
        followUps.heard(decision);
    }

    /** Records that Kafka did not take. */
    public long failures() {
        return failures.get();
    }

    /** Stops playing. */
    @Override
    public void close() {
        stop.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(2));
    }

    private void report() throws InterruptedException {
        List<SimulatedCentre> centres = scenario.centres();
        List<SimulatedNode> nodes = new ArrayList<>();
        centres.forEach(centre -> nodes.addAll(centre.nodes()));
        // Mixed, so that each centre's reports are spread over the whole interval.
        Collections.shuffle(nodes, new Random(scenario.seed()));
        Rounds nodeRounds = new Rounds(nodes.size(), FIRST_ROUND_MILLIS, ROUND_MILLIS);
        Rounds centreRounds = new Rounds(centres.size(), FIRST_ROUND_MILLIS, CENTRE_ROUND_MILLIS);
        long begin = System.currentTimeMillis();
        do {
            long now = System.currentTimeMillis();
            nodeRounds.due(
                    now - begin,
                    index -> nodes.get(index)
                            .report(now)
                            .ifPresent(
                                    report -> send(Topics.TELEMETRY_REPORTS, report.getNodeId(), nodeReports, report)));
            centreRounds.due(now - begin, index -> {
                CentreReport report = centres.get(index).report(now);
                send(Topics.TELEMETRY_CENTRES, report.getCentreId(), centreReports, report);
            });
        } while (!stop.await(STEP_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void ask() throws InterruptedException {
        if (stop.await(DEMAND_BEGINS_AFTER_MILLIS, TimeUnit.MILLISECONDS)) {
            return;
        }
        long begin = System.currentTimeMillis();
        // Ids mean one request for ever: each run has its own.
        Demand demand = scenario.demand("demo-" + Long.toString(begin / 1_000, Character.MAX_RADIX));
        PlannedRequest next = demand.next();
        do {
            long now = System.currentTimeMillis();
            while (begin + next.atMillis() <= now) {
                say(next.submit(now));
                followUps.plan(next, begin);
                next = demand.next();
            }
            followUps.due(now).forEach(this::say);
        } while (!stop.await(5, TimeUnit.MILLISECONDS));
    }

    private void say(ComputeRequest request) {
        send(Topics.COMPUTE_REQUESTS, request.getRequestId(), requests, request);
    }

    private <V extends SpecificRecord> void send(Topic<V> topic, String key, Codec<V> codec, V value) {
        producer.send(new ProducerRecord<>(topic.name(), key, codec.encode(value)), (metadata, e) -> {
            if (e != null && failures.incrementAndGet() == 1) {
                LOG.warn("Kafka did not take a record for {}; further failures are only counted", topic, e);
            }
        });
    }

    private interface Play {
        void run() throws InterruptedException;
    }

    private void guarded(Play play) {
        try {
            play.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (stop.getCount() > 0) {
                LOG.error("The scenario ended", e);
            }
        }
    }
}
