package io.millrace.broker.market;

import org.jspecify.annotations.Nullable;

/**
 * The id by which a market knows a part of a request: {@code <requestId>~<number from 1>}. No id of a tenant has a tilde in
 * it, so no part is taken for a request of its own, nor the other way round.
 */
public final class PartId {
    private static final char TILDE = '~';
    private static final int MOST_DIGITS = 4;

    private PartId() {}

    /** The id of a part. */
    public static String of(String wholeId, int part) {
        return wholeId + TILDE + part;
    }

    /** What is wrong with an id of a part that somebody asks for, or null; it has a tilde. */
    public static @Nullable String problem(String field, String partId) {
        String whole = SpecCheck.idProblem(field, whole(partId));
        if (whole != null) {
            return whole;
        }
        String number = partId.substring(partId.lastIndexOf(TILDE) + 1);
        boolean numbered = !number.isEmpty()
                && number.length() <= MOST_DIGITS
                && number.charAt(0) != '0'
                && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return numbered ? null : field + " has a tilde, and no number of a part behind it";
    }

    /** True if this is the id of a part. */
    public static boolean isPart(String requestId) {
        return requestId.indexOf(TILDE) >= 0;
    }

    /** The request that it is a part of. */
    public static String whole(String partId) {
        return partId.substring(0, partId.lastIndexOf(TILDE));
    }

    /** Which part, from 1. */
    public static int number(String partId) {
        return Integer.parseInt(partId, partId.lastIndexOf(TILDE) + 1, partId.length(), 10);
    }
}
