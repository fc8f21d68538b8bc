package io.millrace.runtime;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
final class Nearest {

    private Nearest() {}

    /** Returns {@code " (did you mean …?)"} if a known word is close enough, otherwise nothing. */
    static String hint(String word, Collection<String> known) {
        return to(word, known).map(near -> " (did you mean " + near + "?)").orElse("");
    }

    static Optional<String> to(String word, Collection<String> known) {
        if (word.length() > 100) {
            return Optional.empty();
        }
        // A third of the word may be wrong: "nodeld" is nodeId, "x" is nothing.
        int limit = Math.max(1, word.length() / 3);
        return known.stream()
                .filter(candidate -> word.length() > 1 && distance(word, candidate) <= limit)
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Levenshtein's distance, without regard to case. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        int[] current = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                boolean same = Character.toLowerCase(left.charAt(i - 1)) == Character.toLowerCase(right.charAt(j - 1));
                current[j] = Math.min(previous[j - 1] + (same ? 0 : 1), Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[right.length()];
    }
}
