package io.millrace.bench.replay;

import io.millrace.bench.trace.TraceJob;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Release;
import io.millrace.schemas.Submit;
import java.util.List;

/** What a tenant says for a job of a trace. Immutable. */
final class JobRequests {
    static final String ACCOUNT = "replay";

    private final String hubId;
    private final long termSeconds;
    private final long maxWaitSeconds;

    /**
     * Requests to one hub.
     *
     * @param hubId the only hub that may serve them
     * @param termSeconds long enough for no job to expire while the replay runs
     * @param maxWaitSeconds how long a job may wait; 0 to be answered at once
     */
    JobRequests(String hubId, long termSeconds, long maxWaitSeconds) {
        this.hubId = hubId;
        this.termSeconds = termSeconds;
        this.maxWaitSeconds = maxWaitSeconds;
    }

    ComputeRequest submit(String requestId, TraceJob job, long nowMillis) {
        ComputeSpec spec = ComputeSpec.newBuilder()
                .setModels(job.models())
                .setReplicas(job.replicas())
                .setDevices(job.devices())
                .setMilliPerDevice(job.milliPerDevice())
                .setCpuMillicores(job.cpuMillicores())
                .setMemoryMib(job.memoryMib())
                .setDurationSeconds(termSeconds)
                .setMaxWaitSeconds(maxWaitSeconds)
                .setHubs(List.of(hubId))
                .build();
        return new ComputeRequest(requestId, ACCOUNT, nowMillis, new Submit(spec, List.of()));
    }

    ComputeRequest release(String requestId, long nowMillis) {
        return new ComputeRequest(requestId, ACCOUNT, nowMillis, new Release("left in the trace"));
    }
}
