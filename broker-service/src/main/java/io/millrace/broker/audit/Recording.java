package io.millrace.broker.audit;

import io.millrace.broker.market.MarketState;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was written down of one market, up to a moment that stays the same. */
public interface Recording {

    /** The market. */
    String marketId();

    /** The snapshots that a replay may begin with: whole, and the commands after them are still there; in order. */
    List<Checkpoint> checkpoints();

    /**
     * The state that a snapshot keeps.
     *
     * @throws RecordingException if it is damaged
     */
    MarketState restore(Checkpoint checkpoint);

    /** The commands from this place on, each with its offset, to the end of the recording; unreadable ones are left out. */
    Cursor<Placed> commands(Checkpoint from);

    /** The events after this place, to the end of the recording. */
    Cursor<MarketEvent> events(Checkpoint after);

    /**
     * A command in its place.
     *
     * @param offset in market.commands
     * @param command what to do
     */
    record Placed(long offset, MarketCommand command) {}

    /** One after the other. */
    interface Cursor<T> extends AutoCloseable {
        /** The next, or null at the end. */
        @Nullable T next();

        @Override
        void close();
    }
}
