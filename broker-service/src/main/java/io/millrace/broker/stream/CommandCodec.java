package io.millrace.broker.stream;

import io.millrace.broker.market.Command;
import io.millrace.broker.market.Reason;
import io.millrace.broker.market.SiteLimit;
import io.millrace.schemas.CancelCommand;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.Exclusion;
import io.millrace.schemas.ExtendCommand;
import io.millrace.schemas.HoldTerms;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.NodeCommand;
import io.millrace.schemas.ReleaseCommand;
import io.millrace.schemas.SubmitCommand;
import io.millrace.schemas.TickCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Command} from its Avro record. */
public final class CommandCodec {
    private CommandCodec() {}

    /**
     * Reads a command.
     *
     * @throws IllegalArgumentException if its body is of no kind that this release knows
     */
    public static Command read(MarketCommand command) {
        long time = command.getTimeMillis();
        return switch (command.getBody()) {
            case SubmitCommand c -> submit(command, c);
            case CancelCommand c -> new Command.Cancel(time, c.getRequestId(), c.getAccountId());
            case ExtendCommand c -> new Command.Extend(time, c.getRequestId(), c.getAccountId(), c.getEndsAtMillis());
            case ReleaseCommand c -> new Command.Release(time, c.getRequestId(), c.getAccountId());
            case NodeCommand c -> new Command.UpdateNode(time, OfferCodec.read(c.getCapacity()));
            case TickCommand c -> new Command.Tick(time);
            default ->
                throw new IllegalArgumentException(
                        "a command of type " + command.getBody().getClass().getName());
        };
    }

    private static Command submit(MarketCommand command, SubmitCommand c) {
        Command.Submit submit = new Command.Submit(
                command.getTimeMillis(),
                c.getRequestId(),
                c.getAccountId(),
                SpecCodec.read(c.getSpec()),
                c.getAttempt(),
                c.getFinalAttempt(),
                reasons(c.getDeflections()),
                excludedBy(command.getMarketId(), c.getExclusions()));
        HoldTerms hold = c.getHold();
        if (hold == null) {
            return submit;
        }
        return switch (hold.getPhase()) {
            case HOLD -> new Command.Hold(submit, hold.getHeldUntilMillis());
            case CONFIRM -> new Command.Confirm(submit);
            case UNKNOWN -> throw new IllegalArgumentException("a phase of a hold that is not known here");
        };
    }

    /** A limit younger than this release was not met either, and is not for this market to judge. */
    private static @Nullable SiteLimit excludedBy(String marketId, List<Exclusion> exclusions) {
        for (Exclusion exclusion : exclusions) {
            if (exclusion.getMarketIds().contains(marketId)
                    && exclusion.getLimit() != io.millrace.schemas.SiteLimit.UNKNOWN) {
                return SiteLimit.valueOf(exclusion.getLimit().name());
            }
        }
        return null;
    }

    private static List<Reason> reasons(List<Deflection> deflections) {
        List<Reason> reasons = new ArrayList<>(deflections.size());
        for (Deflection deflection : deflections) {
            reasons.add(ExplanationCodec.reason(deflection.getReason()));
        }
        return reasons;
    }
}
