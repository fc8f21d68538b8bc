package io.millrace.broker.queue;

/** How urgent a request is, from the least. */
public enum PriorityClass {
    /** Can wait; gives way to all others. */
    LOW,
    /** As most are. */
    NORMAL,
    /** Before normal ones. */
    HIGH,
    /** Before all others. */
    URGENT
}
