package io.millrace.bench.trace;

/**
 * A node of a trace.
 *
 * @param name name in the trace
 * @param model device model; empty for a node without devices
 * @param devices number of devices
 * @param cpuMillicores CPU, thousandths of a core
 * @param memoryMib memory, MiB; 0 if the trace does not say
 */
public record TraceNode(String name, String model, int devices, long cpuMillicores, long memoryMib) {}
