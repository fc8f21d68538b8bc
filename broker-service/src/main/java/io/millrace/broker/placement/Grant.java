package io.millrace.broker.placement;

/**
 * What is granted on one node, to one or more replicas together.
 *
 * @param nodeId the node
 * @param centreId its centre
 * @param model its device model; empty for a CPU node
 * @param replicas replicas placed on the node
 * @param deviceIndexes devices, ascending; a shared device stands once for each replica on it
 * @param milliPerDevice thousandths taken for each entry of deviceIndexes
 * @param cpuMillicores CPU of all replicas here, thousandths of a core
 * @param memoryMib memory of all replicas here, MiB
 * @param priceMicroCnyPerHour price of all that for an hour
 * @param shotsPerHour shots that the quantum processor runs in an hour; 0 for other work
 * @param storage storage of all replicas here
 */
public record Grant(
        String nodeId,
        String centreId,
        String model,
        int replicas,
        IntVector deviceIndexes,
        int milliPerDevice,
        long cpuMillicores,
        long memoryMib,
        long priceMicroCnyPerHour,
        long shotsPerHour,
        Storage storage) {

    /** Of other work than for quantum processors, without storage. */
    public Grant(
            String nodeId,
            String centreId,
            String model,
            int replicas,
            IntVector deviceIndexes,
            int milliPerDevice,
            long cpuMillicores,
            long memoryMib,
            long priceMicroCnyPerHour) {
        this(
                nodeId,
                centreId,
                model,
                replicas,
                deviceIndexes,
                milliPerDevice,
                cpuMillicores,
                memoryMib,
                priceMicroCnyPerHour,
                0,
                Storage.NONE);
    }

    /** Thousandths of devices granted. */
    public long milliDevices() {
        return (long) deviceIndexes.size() * milliPerDevice;
    }
}
