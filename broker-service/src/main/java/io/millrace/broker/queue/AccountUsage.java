package io.millrace.broker.queue;

import java.util.List;

/**
 * What is remembered of an account; what it has now follows from what runs.
 *
 * @param accountId the account
 * @param averages of what it had, by resource; what is missing is 0
 * @param averagedAtMillis up to when the averages reach
 * @param windowEndMillis end of the budget window that the next is about; 0 if there is none
 * @param spentMicroDeviceSeconds what ended allocations used in it, millionths of a device times seconds
 */
public record AccountUsage(
        String accountId,
        List<Average> averages,
        long averagedAtMillis,
        long windowEndMillis,
        long spentMicroDeviceSeconds) {

    /**
     * What an account had of a resource, averaged with decay.
     *
     * @param resource its name: cpu in thousandths of a core, memory in MiB, storage in GiB, storage-bandwidth in MiB/s, or
     *     devices/ and a model in thousandths of a device
     * @param amountQ16 the average, times 65,536
     */
    public record Average(String resource, long amountQ16) {}

    /** Copies the list. */
    public AccountUsage {
        averages = List.copyOf(averages);
    }
}
