package io.millrace.broker.queue;

/** How urgent a request is, from the least. */
public enum PriorityClass {
    /** Can wait; gives way to all others. */
    LOW(0),
    /** As most are. */
    NORMAL(1),
    /** Before normal ones. */
    HIGH(2),
    /** Before all others. */
    URGENT(3);

    private final int level;

    PriorityClass(int level) {
        this.level = level;
    }

    /** The level at which a job of this class begins to wait; each ageing step adds one. */
    public int level() {
        return level;
    }
}
