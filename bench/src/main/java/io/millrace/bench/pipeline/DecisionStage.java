package io.millrace.bench.pipeline;

import io.millrace.bench.load.FieldPeek;
import io.millrace.bench.load.RecordSender;
import io.millrace.bench.load.RunIds;
import io.millrace.bench.load.TopicReader;
import io.millrace.bench.trace.TraceJob;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Submit;
import io.millrace.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Requests to decisions, through intake and market. First come {@code live} submits, then a submit and the end of the oldest
 * take turns, so that in the order of the log always as many are allocated and the load does not depend on how fast answers
 * come. The end is a cancel, which holds for a request that is still on its way between markets, too; a release would be
 * refused then, and its devices would never come back. One record of the stage is a request of either sort; its answer is
 * the decision on it: ALLOCATED or REFUSED on a submit, RELEASED or COMMAND_REFUSED (where the submit was refused) on a
 * cancel.
 */
final class DecisionStage extends Stage {
    private static final String ACCOUNT = "bench";
    private static final long TERM_SECONDS = 86_400;

    private final RecordSender sender;
    private final Codec<ComputeRequest> requests;
    private final Codec<AllocationDecision> decisions;
    private final FieldPeek outcome;
    private final RunIds ids;
    private final List<ComputeSpec> specs;
    private final int live;
    private final TopicReader reader;
    private final AtomicLong allocated = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /**
     * A load on a running broker-service.
     *
     * @param jobs what is asked, again and again
     * @param live how many requests are submitted and not cancelled at any time
     */
    DecisionStage(String bootstrapServers, Codecs codecs, RecordSender sender, List<TraceJob> jobs, int live) {
        this.sender = sender;
        this.requests = codecs.of(Topics.COMPUTE_REQUESTS);
        this.decisions = codecs.of(Topics.ALLOCATION_DECISIONS);
        this.outcome = new FieldPeek(Topics.ALLOCATION_DECISIONS.schema(), "outcome", decisions.encode(anyDecision()));
        this.ids = RunIds.startedAt("bench", System.currentTimeMillis());
        this.specs = specs(jobs);
        this.live = live;
        this.reader = TopicReader.fromEnd(bootstrapServers, Topics.ALLOCATION_DECISIONS.name(), this::read);
    }

    private static AllocationDecision anyDecision() {
        return AllocationDecision.newBuilder()
                .setDecisionId("")
                .setRequestId("")
                .setAccountId("")
                .setMarketId("")
                .setSequence(0)
                .setDecidedAtMillis(0)
                .build();
    }

    static List<ComputeSpec> specs(List<TraceJob> jobs) {
        List<ComputeSpec> specs = new ArrayList<>();
        for (TraceJob job : jobs) {
            specs.add(ComputeSpec.newBuilder()
                    .setModels(job.models())
                    .setReplicas(job.replicas())
                    .setDevices(job.devices())
                    .setMilliPerDevice(job.milliPerDevice())
                    .setCpuMillicores(job.cpuMillicores())
                    .setMemoryMib(job.memoryMib())
                    .setDurationSeconds(TERM_SECONDS)
                    .build());
        }
        return specs;
    }

    @Override
    String name() {
        return "requests to decisions";
    }

    @Override
    void send(long index) {
        long turn = index - live;
        if (turn < 0) {
            submit(index);
        } else if (turn % 2 == 0) {
            submit(live + turn / 2);
        } else {
            say(turn / 2, new Cancel(""));
        }
    }

    private void submit(long number) {
        say(number, new Submit(specs.get((int) (number % specs.size())), List.of()));
    }

    private long indexOfSubmit(long number) {
        return number < live ? number : live + 2 * (number - live);
    }

    private long indexOfCancel(long number) {
        return live + 2 * number + 1;
    }

    private void say(long number, Object action) {
        String id = ids.id(number);
        ComputeRequest request = new ComputeRequest(id, ACCOUNT, System.currentTimeMillis(), action);
        sender.send(Topics.COMPUTE_REQUESTS.name(), id, requests.encode(request));
    }

    private void read(ConsumerRecord<byte[], byte[]> record, long seenNanos) {
        long number = ids.index(record.key());
        if (number < 0) {
            return;
        }
        switch (outcomeOf(record.value())) {
            case ALLOCATED -> {
                allocated.incrementAndGet();
                answered(indexOfSubmit(number), seenNanos);
            }
            case REFUSED -> {
                refused.incrementAndGet();
                answered(indexOfSubmit(number), seenNanos);
            }
            case RELEASED, COMMAND_REFUSED -> answered(indexOfCancel(number), seenNanos);
            case QUEUED, CANCELLED, EXPIRED, REVOKED, EXTENDED, PREEMPTION_NOTICED, PREEMPTED, UNKNOWN -> {}
        }
    }

    private Outcome outcomeOf(byte[] value) {
        if (outcome.fits(value)) {
            return Outcome.valueOf(outcome.symbol(value));
        }
        return decisions.decode(value) instanceof Decoded.Value<AllocationDecision> decoded
                ? decoded.value().getOutcome()
                : Outcome.UNKNOWN;
    }

    /** Share of the submits so far that were refused. */
    double refusedShare() {
        long all = allocated.get() + refused.get();
        return all == 0 ? 0 : (double) refused.get() / all;
    }

    @Override
    void requireAlive() {
        reader.requireAlive();
    }

    @Override
    public void close() {
        reader.close();
    }
}
