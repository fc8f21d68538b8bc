package io.millrace.broker.market;

/**
 * The id by which a market knows a part of a request: {@code <requestId>~<number from 1>}. No id of a tenant has a tilde in
 * it, so no part is taken for a request of its own, nor the other way round.
 */
public final class PartId {
    private static final char TILDE = '~';

    private PartId() {}

    /** The id of a part. */
    public static String of(String wholeId, int part) {
        return wholeId + TILDE + part;
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
