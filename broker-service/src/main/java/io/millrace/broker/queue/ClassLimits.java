package io.millrace.broker.queue;

import java.util.Map;

/**
 * The highest class that accounts may ask for: a class that everybody may have orders nothing.
 *
 * @param byAccount of the accounts that are named
 * @param others of all others
 */
public record ClassLimits(Map<String, PriorityClass> byAccount, PriorityClass others) {
    /** Everybody may ask for any class. */
    public static final ClassLimits NONE = new ClassLimits(Map.of(), PriorityClass.URGENT);

    /** Copies the map. */
    public ClassLimits {
        byAccount = Map.copyOf(byAccount);
    }

    /** The highest class that an account may ask for. */
    public PriorityClass of(String accountId) {
        return byAccount.getOrDefault(accountId, others);
    }
}
