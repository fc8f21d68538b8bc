package io.millrace.broker.queue;

import io.millrace.broker.placement.Placement;

/** Whether a job that has just come may start at once. */
public sealed interface Admission {

    /** It may. */
    record Now(Placement.Placed placed) implements Admission {}

    /** It may not. */
    enum NotNow implements Admission {
        /** It does not fit. */
        NO_ROOM,
        /** It fits, but the room is kept for those who come first. */
        NOT_ITS_TURN,
        /** Its account has used up its budget of this window. */
        OVER_BUDGET,
        /** More than its account's whole budget. */
        NEVER_IN_BUDGET
    }
}
