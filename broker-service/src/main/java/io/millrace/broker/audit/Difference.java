package io.millrace.broker.audit;

import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketEvent;
import org.jspecify.annotations.Nullable;

/**
 * Where the record and what is decided again part.
 *
 * @param what in words
 * @param sequence of the event, or of the snapshot
 * @param command that was carried out; null if none is known that explains the event
 * @param offset of the command; -1 without one
 * @param recorded what was recorded; null if nothing was
 * @param decided what is decided again; null if nothing is
 */
public record Difference(
        String what,
        long sequence,
        @Nullable MarketCommand command,
        long offset,
        @Nullable MarketEvent recorded,
        @Nullable MarketEvent decided) {}
