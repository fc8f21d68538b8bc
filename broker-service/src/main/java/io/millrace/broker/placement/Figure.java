package io.millrace.broker.placement;

/**
 * A figure that an answer rests on: of a grant, how its nodes were chosen; of what is over a budget, the budget.
 *
 * @param what it is about
 * @param name the name, where it is about a name; else empty
 * @param value the amount, in the unit of {@code what}; 0 with a name
 */
public record Figure(What what, String name, long value) {

    /** What a figure is about, with its unit. */
    public enum What {
        /** The name of the policy that placed. */
        POLICY,
        /** How far the loss of idle devices rises, in thousandths of a device, weighted by scarcity; negative if it falls. */
        LOSS_RISE,
        /** What is left free of the node's devices, in thousandths of a device. */
        DEVICES_LEFT,
        /** What is left free of the node's CPU, in thousandths of a core. */
        CPU_LEFT,
        /** How many more replicas fit into the pool, or as far apart as they may be. */
        REPLICAS_LEFT,
        /** The policy's own score of the node, in thousandths; larger is better. */
        SCORE,
        /** Most replicas that were asked for. */
        REPLICAS_ASKED,
        /** Replicas that were granted. */
        REPLICAS_GRANTED,
        /** The budget of the account in a window, in thousandths of a device-hour. */
        BUDGET,
        /** What is left of it, in thousandths of a device-hour, rounded down. */
        BUDGET_LEFT,
        /** What the request counts for in it, in thousandths of a device-hour, rounded up. */
        BUDGET_ASKED
    }

    /** An amount. */
    public static Figure of(What what, long value) {
        return new Figure(what, "", value);
    }

    /** The policy that placed. */
    static Figure policy(String name) {
        return new Figure(What.POLICY, name, 0);
    }
}
