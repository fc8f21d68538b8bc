package io.millrace.ingest.capacity;

import java.util.Locale;

/** What a summary is about, named as in the contract. */
public enum Scope {
    /** One pool of one centre. */
    POOL,
    /** All pools of a centre. */
    CENTRE,
    /** All centres of a hub. */
    HUB,
    /** All hubs. */
    NATION;

    /** Id of the only nation. */
    public static final String NATION_ID = "nation";

    /** The key of a summary: "hub:guizhou". */
    public String key(String scopeId) {
        return name().toLowerCase(Locale.ROOT) + ':' + scopeId;
    }
}
