package io.millrace.broker.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * A request of several parts, each in any market: all or nothing. Markets are asked to hold what the parts need; when the
 * last is held, the request is confirmed, and when one cannot be held anywhere, what is held of the others is given up.
 * Which of the two is decided once, here, and told afterwards: whoever keeps this object keeps it in the same transaction
 * as what it says to do, so that after a crash either both are there or none is.
 *
 * <p>It needs no clock of its own. A hold ends by itself, and the market says so, which ends the request if it still waits
 * for others. And since no request is confirmed later than half of the time for which its parts are held, a market finds a
 * hold gone that is confirmed only if the confirmation took the other half to arrive; see what it does then at {@code
 * market.Holds}.
 *
 * <p>Messages may come late, twice, and in any order between markets. Not thread-safe.
 */
public final class CoAllocation {
    /** How far it is; all but the first are for good, but for the tenant's ending what was confirmed. */
    public enum Phase {
        /** Parts are being held. */
        HOLDING,
        /** All were held. */
        CONFIRMED,
        /** One could not be held. */
        ABANDONED,
        /** Its tenant withdrew it before it was confirmed. */
        CANCELLED,
        /** Its tenant ended it after. */
        RELEASED
    }

    /** How far a part is. */
    public enum PartPhase {
        /** Its market was told to hold it. */
        ASKED,
        /** It is held. */
        KEPT,
        /** No market could hold it. */
        FAILED,
        /** It began, and is over. */
        ENDED
    }

    /** What is to be done now. */
    public sealed interface Step {
        /** Tell a market to hold a part, the first counted 0. */
        record Hold(int part, String marketId, int attempt) implements Step {}

        /** Tell a market that a part begins. */
        record Confirm(int part, String marketId) implements Step {}

        /** Tell a market that a part is withdrawn, whether it is held or runs. */
        record Withdraw(int part, String marketId) implements Step {}

        /** Tell the tenant: the request has a new phase. */
        record Answer() implements Step {}
    }

    private static final class Part {
        private final List<String> candidates;
        private int attempt;
        private PartPhase phase;

        Part(List<String> candidates, int attempt, PartPhase phase) {
            this.candidates = List.copyOf(candidates);
            this.attempt = attempt;
            this.phase = phase;
        }

        String market() {
            return candidates.get(Math.min(attempt, candidates.size() - 1));
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private final long confirmByMillis;
    private Phase phase;

    /**
     * One as it was kept.
     *
     * @param confirmByMillis last time at which it may be confirmed
     */
    public CoAllocation(Phase phase, long confirmByMillis) {
        this.phase = phase;
        this.confirmByMillis = confirmByMillis;
    }

    /** Adds a part as it was kept; one that is new is {@link PartPhase#ASKED} for the first time. At least one candidate. */
    public void add(List<String> candidates, int attempt, PartPhase partPhase) {
        parts.add(new Part(candidates, attempt, partPhase));
    }

    /** How far it is. */
    public Phase phase() {
        return phase;
    }

    /** How far a part is. */
    public PartPhase phase(int part) {
        return parts.get(part).phase;
    }

    /** Markets that a part was tried in before. */
    public int attempt(int part) {
        return parts.get(part).attempt;
    }

    /** The market that has a part, or was asked last. */
    public String market(int part) {
        return parts.get(part).market();
    }

    /** What to do with one that is new. */
    public List<Step> begin() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            steps.add(new Step.Hold(i, market(i), attempt(i)));
        }
        return steps;
    }

    /** A market holds a part. */
    public List<Step> held(int part, String marketId, long nowMillis) {
        Part held = parts.get(part);
        if (!held.market().equals(marketId)) {
            // It was given up there.
            return List.of(new Step.Withdraw(part, marketId));
        }
        return switch (phase) {
            case HOLDING -> {
                held.phase = PartPhase.KEPT;
                if (parts.stream().anyMatch(other -> other.phase != PartPhase.KEPT)) {
                    yield List.of();
                }
                yield nowMillis <= confirmByMillis ? confirm() : abandon();
            }
            case CONFIRMED -> List.of();
            case ABANDONED, CANCELLED, RELEASED -> List.of(new Step.Withdraw(part, marketId));
        };
    }

    /** A market could not hold a part. */
    public List<Step> notHeld(int part, String marketId) {
        Part asked = parts.get(part);
        if (phase != Phase.HOLDING
                || asked.phase != PartPhase.ASKED
                || !asked.market().equals(marketId)) {
            return List.of();
        }
        if (asked.attempt + 1 < asked.candidates.size()) {
            asked.attempt++;
            return List.of(new Step.Hold(part, asked.market(), asked.attempt));
        }
        asked.phase = PartPhase.FAILED;
        return abandon();
    }

    /**
     * A market holds a part no longer: its time is over, or its node is gone. Heard after it was confirmed, it says nothing: the
     * market begins it all the same.
     */
    public List<Step> lost(int part, String marketId) {
        Part gone = parts.get(part);
        if (phase != Phase.HOLDING || !gone.market().equals(marketId)) {
            return List.of();
        }
        gone.phase = PartPhase.FAILED;
        return abandon();
    }

    /** A part that began is over: its term, or its wait for other nodes. */
    public void ended(int part, String marketId) {
        Part over = parts.get(part);
        if (phase == Phase.CONFIRMED && over.market().equals(marketId)) {
            over.phase = PartPhase.ENDED;
        }
    }

    /** True if it began and all of it is over. */
    public boolean isOver() {
        return phase == Phase.CONFIRMED && parts.stream().allMatch(part -> part.phase == PartPhase.ENDED);
    }

    /** Its tenant wants it no more; nothing if it has ended already. */
    public List<Step> end() {
        return switch (phase) {
            case HOLDING -> withdraw(Phase.CANCELLED);
            case CONFIRMED -> isOver() ? List.of() : withdraw(Phase.RELEASED);
            case ABANDONED, CANCELLED, RELEASED -> List.of();
        };
    }

    private List<Step> confirm() {
        phase = Phase.CONFIRMED;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            steps.add(new Step.Confirm(i, market(i)));
        }
        steps.add(new Step.Answer());
        return steps;
    }

    private List<Step> abandon() {
        return withdraw(Phase.ABANDONED);
    }

    /** To those that were only asked, too: what is said to a market arrives in order. */
    private List<Step> withdraw(Phase next) {
        phase = next;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            PartPhase part = parts.get(i).phase;
            if (part == PartPhase.ASKED || part == PartPhase.KEPT) {
                steps.add(new Step.Withdraw(i, market(i)));
            }
        }
        steps.add(new Step.Answer());
        return steps;
    }
}
