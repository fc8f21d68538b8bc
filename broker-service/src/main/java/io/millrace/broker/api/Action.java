package io.millrace.broker.api;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Outcome;

/** What a tenant can say of a request, and which decisions answer it. */
enum Action {
    /** Asks for computing power. */
    SUBMIT("submit"),
    /** Withdraws the request. */
    CANCEL("cancel"),
    /** Moves the end of its allocation. */
    EXTEND("extend"),
    /** Ends its allocation. */
    RELEASE("release");

    private final String word;

    Action(String word) {
        this.word = word;
    }

    /** The word for it in answers. */
    String word() {
        return word;
    }

    /**
     * True if this decision answers the action.
     *
     * @param caused true if the decision follows from the very record that said the action; false if it only concerns the
     *     same request
     */
    boolean isAnsweredBy(AllocationDecision decision, boolean caused) {
        Outcome outcome = decision.getOutcome();
        return switch (this) {
            // Another submit of the same id may carry another payload: only our own record's answer is ours.
            case SUBMIT -> caused && (decision.getRepeated() || isAnswerToSubmit(outcome));
            // Withdrawn is withdrawn, whoever caused it.
            case CANCEL ->
                outcome == Outcome.CANCELLED || outcome == Outcome.RELEASED || isRefusedCommand(outcome, caused);
            case EXTEND -> caused && (outcome == Outcome.EXTENDED || outcome == Outcome.COMMAND_REFUSED);
            case RELEASE -> outcome == Outcome.RELEASED || isRefusedCommand(outcome, caused);
        };
    }

    private static boolean isAnswerToSubmit(Outcome outcome) {
        return switch (outcome) {
            case ALLOCATED, QUEUED, REFUSED, COMMAND_REFUSED -> true;
            // Things that befell the request when our record showed its market how late it is.
            case UNKNOWN, CANCELLED, RELEASED, EXPIRED, REVOKED, EXTENDED, PREEMPTION_NOTICED, PREEMPTED -> false;
        };
    }

    private static boolean isRefusedCommand(Outcome outcome, boolean caused) {
        return caused && outcome == Outcome.COMMAND_REFUSED;
    }
}
