package io.millrace.broker.queue;

/**
 * What is remembered of an account; what it has now follows from what runs.
 *
 * @param accountId the account
 * @param averageMilliDevicesQ16 thousandths of devices that it had, averaged with decay, times 65,536
 * @param averageCpuMillicoresQ16 the same of CPU, thousandths of a core
 * @param averageMemoryMibQ16 the same of memory, MiB
 * @param averagedAtMillis up to when the averages reach
 * @param windowEndMillis end of the budget window that the next is about; 0 if there is none
 * @param spentMicroDeviceSeconds what ended allocations used in it, millionths of a device times seconds
 */
public record AccountUsage(
        String accountId,
        long averageMilliDevicesQ16,
        long averageCpuMillicoresQ16,
        long averageMemoryMibQ16,
        long averagedAtMillis,
        long windowEndMillis,
        long spentMicroDeviceSeconds) {}
