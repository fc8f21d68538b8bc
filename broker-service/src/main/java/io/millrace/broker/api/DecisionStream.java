package io.millrace.broker.api;

import io.millrace.schemas.AllocationDecision;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands every decision to those who listen. A decision is written as text once, however many get it, and only if somebody
 * does. Thread-safe; bounded in listeners and, through {@link Subscription}, in what each may have outstanding.
 */
final class DecisionStream implements DecisionListener, AutoCloseable {
    private final int maxListeners;
    private final int maxBehind;
    private final Function<AllocationDecision, String> json;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * A stream without listeners.
     *
     * @param maxListeners most listeners at a time
     * @param maxBehind decisions that a listener may lag behind
     * @param json writes a decision as JSON on one line
     */
    DecisionStream(int maxListeners, int maxBehind, Function<AllocationDecision, String> json) {
        this.maxListeners = maxListeners;
        this.maxBehind = maxBehind;
        this.json = json;
    }

    /**
     * Begins to listen; close it to end.
     *
     * @param accountId only decisions about this account's requests; null for all
     * @param marketId only decisions of this market; null for all
     * @return the subscription; empty if too many listen already or the stream is closed
     */
    Optional<Subscription> subscribe(@Nullable String accountId, @Nullable String marketId) {
        synchronized (subscriptions) {
            if (closed || subscriptions.size() >= maxListeners) {
                return Optional.empty();
            }
            Subscription[] self = new Subscription[1];
            Subscription made = new Subscription(accountId, marketId, maxBehind, () -> subscriptions.remove(self[0]));
            self[0] = made;
            subscriptions.add(made);
            return Optional.of(made);
        }
    }

    /** How many listen. */
    int count() {
        return subscriptions.size();
    }

    @Override
    public boolean wants(String requestId) {
        return !subscriptions.isEmpty();
    }

    @Override
    public void accept(AllocationDecision decision, long recordTimeMillis) {
        byte[] frame = null;
        for (Subscription subscription : subscriptions) {
            if (subscription.wants(decision)) {
                if (frame == null) {
                    frame = Subscription.frame("decision", decision.getDecisionId(), json.apply(decision));
                }
                subscription.offer(frame);
            }
        }
    }

    /** Ends all subscriptions. */
    @Override
    public void close() {
        synchronized (subscriptions) {
            closed = true;
        }
        subscriptions.forEach(Subscription::end);
    }
}
