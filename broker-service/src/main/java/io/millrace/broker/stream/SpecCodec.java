package io.millrace.broker.stream;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.queue.PriorityClass;

/** {@link ComputeSpec} and its Avro record. */
public final class SpecCodec {
    private SpecCodec() {}

    /** Reads what a tenant asked. */
    public static ComputeSpec read(io.millrace.schemas.ComputeSpec spec) {
        return new ComputeSpec(
                spec.getKind() == null ? null : kind(spec.getKind()),
                spec.getModels(),
                spec.getReplicas(),
                spec.getDevices(),
                spec.getMilliPerDevice(),
                spec.getCpuMillicores(),
                spec.getMemoryMib(),
                spec.getDurationSeconds(),
                spec.getMaxWaitSeconds(),
                spec.getHubs(),
                spec.getMaxPriceMicroCnyPerHour(),
                PriorityClass.valueOf(spec.getPriority().name()),
                spec.getPreemptible(),
                spec.getDeadlineMillis(),
                NeedCodec.read(spec.getNeed()),
                NeedCodec.latitude(spec),
                NeedCodec.read(spec.getQuantum()),
                spec.getSiting() == null ? null : SitingCodec.read(spec.getSiting()),
                Storage.of(spec.getStorageGib(), spec.getStorageMibPerSecond()));
    }

    static io.millrace.schemas.ComputeSpec write(ComputeSpec spec) {
        return new io.millrace.schemas.ComputeSpec(
                spec.kind() == null ? null : kind(spec.kind()),
                spec.models(),
                spec.replicas(),
                spec.devices(),
                spec.milliPerDevice(),
                spec.cpuMillicores(),
                spec.memoryMib(),
                spec.durationSeconds(),
                spec.maxWaitSeconds(),
                spec.hubs(),
                spec.maxPriceMicroCnyPerHour(),
                io.millrace.schemas.PriorityClass.valueOf(spec.priority().name()),
                spec.preemptible(),
                spec.deadlineMillis(),
                NeedCodec.write(spec.need()),
                NeedCodec.write(spec.latitude().alternatives()),
                spec.latitude().leastReplicas(),
                io.millrace.schemas.Spread.valueOf(spec.latitude().spread().name()),
                NeedCodec.write(spec.quantum()),
                spec.siting() == null ? null : SitingCodec.write(spec.siting()),
                spec.storage().gib(),
                spec.storage().mibPerSecond());
    }

    static Kind kind(io.millrace.schemas.Kind kind) {
        return switch (kind) {
            case GENERAL -> Kind.GENERAL;
            case INTELLIGENT -> Kind.INTELLIGENT;
            case SUPER -> Kind.SUPER;
            case QUANTUM -> Kind.QUANTUM;
            case UNKNOWN -> Kind.UNKNOWN;
        };
    }

    static io.millrace.schemas.Kind kind(Kind kind) {
        return switch (kind) {
            case GENERAL -> io.millrace.schemas.Kind.GENERAL;
            case INTELLIGENT -> io.millrace.schemas.Kind.INTELLIGENT;
            case SUPER -> io.millrace.schemas.Kind.SUPER;
            case QUANTUM -> io.millrace.schemas.Kind.QUANTUM;
            case UNKNOWN -> io.millrace.schemas.Kind.UNKNOWN;
        };
    }
}
