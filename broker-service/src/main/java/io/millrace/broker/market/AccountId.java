package io.millrace.broker.market;

import org.jspecify.annotations.Nullable;

/**
 * Ids of accounts. Tenants choose theirs; those of the centres, which are paid, are made of their ids, and a tenant that
 * took one would pay into it what it owes.
 */
public final class AccountId {
    private static final String CENTRE = "centre:";

    private AccountId() {}

    /** The account of a centre. */
    public static String ofCentre(String centreId) {
        return CENTRE + centreId;
    }

    /** What is wrong with the id of a tenant's account, or null. */
    public static @Nullable String problem(String field, String value) {
        String problem = SpecCheck.idProblem(field, value);
        if (problem != null) {
            return problem;
        }
        return value.startsWith(CENTRE)
                ? field + " begins with \"" + CENTRE + "\", as the accounts of centres do: a tenant's may not"
                : null;
    }
}
