package io.millrace.broker.market;

import io.millrace.broker.placement.Misfit;

/** Why a request was refused, has to wait, or goes to another market; in order of precedence. */
public enum Reason {
    /** Nothing is wrong. */
    NONE,
    /** The market stopped because a rule that must always hold was broken. */
    MARKET_HALTED,
    /** The id was used before with another payload. */
    ID_CONFLICT,
    /** The request contradicts itself or leaves the allowed range. */
    INVALID,
    /** The account may not ask for a class so high. */
    CLASS_NOT_ALLOWED,
    /** The market serves none of the hubs named. */
    UNKNOWN_HUB,
    /** No market that could serve it is near enough to its users. */
    TOO_FAR,
    /** The term cannot be over by the deadline. */
    DEADLINE_PASSED,
    /** No such request, or not of this account. */
    UNKNOWN_REQUEST,
    /** The request went on to another market; what is said of it goes there, too. */
    PASSED_ON,
    /** The request has ended. */
    ALREADY_ENDED,
    /** The request holds no allocation. */
    NOT_ALLOCATED,
    /** Nothing here is of the kind or model asked. */
    NO_SUCH_MODEL,
    /** Nothing is for sale at this price. */
    PRICE_TOO_LOW,
    /** Would not fit even if nothing else ran. */
    NEVER_FITS,
    /** More than the account's budget has left in this window. */
    BUDGET_EXCEEDED,
    /** Does not fit now. */
    NO_CAPACITY,
    /** It is kept for a request in parts until the others are kept, too. */
    HELD,
    /** What was kept for it was kept too long. */
    HOLD_EXPIRED,
    /** The queue is full. */
    QUEUE_FULL,
    /** The longest wait is over. */
    WAIT_EXPIRED,
    /** The node it ran on is lost. */
    NODE_LOST,
    /** The node it ran on can sell less than it had granted. */
    NODE_SHRUNK,
    /** It had to give way to a request of a higher class. */
    PREEMPTED;

    static Reason of(Misfit.Cause cause) {
        return switch (cause) {
            case NO_SUCH_MODEL -> NO_SUCH_MODEL;
            case PRICE_TOO_LOW -> PRICE_TOO_LOW;
            case NEVER_FITS -> NEVER_FITS;
            case NO_CAPACITY -> NO_CAPACITY;
        };
    }
}
