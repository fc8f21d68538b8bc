package io.millrace.broker.market;

import java.util.List;

/**
 * Why nothing of a request in parts was granted.
 *
 * @param part the first part that could not be kept, from 1; 0 if not all were kept in time
 * @param reason of the markets that the part was tried in, the answer that came closest; {@link Reason#HOLD_EXPIRED} without
 *     such a part
 */
public record Abandoned(int part, Reason reason) {
    /** Not all parts were kept in time. */
    public static final Abandoned TOO_LATE = new Abandoned(0, Reason.HOLD_EXPIRED);

    /** A part could not be kept, and markets answered so. */
    public static Abandoned because(int part, List<Reason> answers) {
        return new Abandoned(part, closest(answers));
    }

    /** Of these answers, the one that came closest to serving it; {@link Reason#NONE} of none. */
    public static Reason closest(List<Reason> answers) {
        Reason closest = Reason.NONE;
        for (Reason answer : answers) {
            closest = answer.compareTo(closest) > 0 ? answer : closest;
        }
        return closest;
    }

    /** The same in a sentence. */
    public String words(String requestId, int parts) {
        return part == 0
                ? "not all of the " + parts + " parts were kept in time, so none is granted"
                : "part " + PartId.of(requestId, part) + " could not be kept, so none of the " + parts
                        + " parts is granted";
    }
}
