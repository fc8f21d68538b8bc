package io.millrace.broker.stream;

import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.Storage;
import java.util.ArrayList;
import java.util.List;

/** {@link Grant} and its Avro record. */
final class GrantCodec {
    private GrantCodec() {}

    static List<Grant> read(List<io.millrace.schemas.Grant> grants) {
        List<Grant> read = new ArrayList<>(grants.size());
        for (io.millrace.schemas.Grant grant : grants) {
            read.add(new Grant(
                    grant.getNodeId(),
                    grant.getCentreId(),
                    grant.getModel(),
                    grant.getReplicas(),
                    IntVector.copyOf(grant.getDeviceIndexes()),
                    grant.getMilliPerDevice(),
                    grant.getCpuMillicores(),
                    grant.getMemoryMib(),
                    grant.getPriceMicroCnyPerHour(),
                    grant.getShotsPerHour(),
                    Storage.of(grant.getStorageGib(), grant.getStorageMibPerSecond())));
        }
        return read;
    }

    static List<io.millrace.schemas.Grant> write(List<Grant> grants) {
        List<io.millrace.schemas.Grant> written = new ArrayList<>(grants.size());
        for (Grant grant : grants) {
            written.add(new io.millrace.schemas.Grant(
                    grant.nodeId(),
                    grant.centreId(),
                    grant.model(),
                    grant.replicas(),
                    OfferCodec.integers(grant.deviceIndexes()),
                    grant.milliPerDevice(),
                    grant.cpuMillicores(),
                    grant.memoryMib(),
                    grant.priceMicroCnyPerHour(),
                    grant.shotsPerHour(),
                    grant.storage().gib(),
                    grant.storage().mibPerSecond()));
        }
        return written;
    }
}
