package io.millrace.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Ids of the records of one run, "&lt;run&gt;-&lt;index&gt;": unique on a platform that has seen other runs, and the index can be
 * read from the bytes of a key without a look-up. Immutable.
 */
public final class RunIds {
    private static final int MAX_DIGITS = 18;

    private final String prefix;
    private final byte[] prefixBytes;

    /**
     * Ids of a run.
     *
     * @param run letters, digits and dashes; not the beginning of another run's
     */
    public RunIds(String run) {
        this.prefix = run + "-";
        this.prefixBytes = prefix.getBytes(StandardCharsets.US_ASCII);
    }

    /** Ids that no run before or after this millisecond has. */
    public static RunIds startedAt(String what, long nowMillis) {
        return new RunIds(
                what + "-" + Long.toString(nowMillis, Character.MAX_RADIX).toLowerCase(Locale.ROOT));
    }

    /** The id of the record with this index, from 0. */
    public String id(long index) {
        return prefix + index;
    }

    /** The index in a key, or -1 if the key is not of this run. */
    public long index(byte[] key) {
        int digits = key.length - prefixBytes.length;
        if (digits < 1 || digits > MAX_DIGITS || Arrays.mismatch(key, prefixBytes) != prefixBytes.length) {
            return -1;
        }
        long index = 0;
        for (int i = prefixBytes.length; i < key.length; i++) {
            int digit = key[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            index = index * 10 + digit;
        }
        return index;
    }
}
