package io.millrace.broker.market;

import io.millrace.broker.placement.Forecaster;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import io.millrace.broker.queue.Queue;
import io.millrace.broker.queue.QueueSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every request that a market has answered and not yet forgotten. Keeps in step with them what follows from where each
 * stands: what is free, the queue, what falls due, who holds what, and what was asked lately.
 */
final class Register {
    private final RequestTable requests = new RequestTable();
    private final Agenda agenda = new Agenda(requests);
    private final Holders holders = new Holders();
    private final Arrivals arrivals = new Arrivals();
    private final Departures departures = new Departures();
    private final Supply supply;
    private final Queue queue;
    private long allocations;

    private final List<String> changed = new ArrayList<>();
    private final List<String> forgottenAnswers = new ArrayList<>();

    Register(Supply supply, QueueSettings settings) {
        this.supply = supply;
        this.queue = new Queue(settings, supply, agenda.terms());
    }

    /** Takes in what was known at a sequence of events; what accounts used must be known to the queue already. */
    void restore(Collection<Request> known, long sequence) {
        // In the order of their time, which is the order in which the ended ones are forgotten.
        known.stream()
                .sorted(Comparator.comparingLong(Request::decidedAtMillis))
                .forEach(request -> {
                    enter(request);
                    if (request.holdsDevices()) {
                        queue.resumed(request);
                    }
                });
        known.stream()
                .filter(request -> request.queueRank() > sequence - Arrivals.WINDOW)
                .sorted(Comparator.comparingLong(Request::queueRank))
                .forEach(arrivals::add);
        known.stream()
                .filter(Request::isFinished)
                .filter(request -> request.decisionSequence() > sequence - Arrivals.WINDOW)
                .sorted(Comparator.comparingLong(Request::decisionSequence))
                .forEach(departures::add);
    }

    /** Those who wait. */
    Queue queue() {
        return queue;
    }

    /** What falls due. */
    Agenda agenda() {
        return agenda;
    }

    /** Allocations that run. */
    long allocations() {
        return allocations;
    }

    @Nullable Request find(String requestId) {
        return requests.get(requestId);
    }

    /** A request that an event names. */
    Request get(String requestId) {
        Request known = requests.get(requestId);
        if (known == null) {
            throw new IllegalStateException("an event names the request " + requestId + ", which is not known");
        }
        return known;
    }

    /** All, in no order. */
    Collection<Request> all() {
        return requests.all();
    }

    /** Requests with something granted on this node, by id. */
    List<String> allocationsOn(String nodeId) {
        SuppliedNode node = supply.node(nodeId);
        return node == null ? List.of() : holders.on(node);
    }

    /** Shows a forecaster what was asked and what ended lately, up to a sequence of events. */
    void show(Forecaster forecaster, long sequence) {
        arrivals.forEach(sequence - Arrivals.WINDOW, forecaster::saw);
        forecaster.sawEnd(departures.after(sequence - Arrivals.WINDOW));
    }

    /** A request stands elsewhere than before, or is new. */
    void replace(@Nullable Request old, Request next, long nowMillis) {
        if (old != null) {
            leave(old, nowMillis);
            if (old.queueRank() != next.queueRank()) {
                arrivals.drop(old);
            }
        }
        enter(next);
        if (next.queueRank() == next.decisionSequence()) {
            arrivals.add(next);
        }
        if (next.holdsDevices()) {
            queue.started(next, nowMillis);
        } else if (next.isFinished()) {
            departures.add(next);
        }
        changed.add(next.requestId());
    }

    /** Of a request that runs, the end moves and nothing else. */
    void moveEnd(Request old, Request next) {
        agenda.remove(old);
        agenda.add(next);
        requests.put(next);
        queue.moved(next);
        changed.add(next.requestId());
    }

    private void enter(Request request) {
        requests.put(request);
        agenda.add(request);
        switch (request.status()) {
            case QUEUED -> queue.add(request);
            case ALLOCATED, HELD -> {
                if (request.status() == Request.Status.ALLOCATED) {
                    allocations++;
                }
                for (Grant grant : request.grants()) {
                    holders.add(supply.take(grant), request.requestId());
                }
            }
            default -> {}
        }
    }

    private void leave(Request request, long nowMillis) {
        agenda.remove(request);
        switch (request.status()) {
            case QUEUED -> queue.remove(request);
            case ALLOCATED, HELD -> {
                if (request.status() == Request.Status.ALLOCATED) {
                    allocations--;
                }
                for (Grant grant : request.grants()) {
                    SuppliedNode node = supply.give(grant);
                    queue.grew(node);
                    holders.remove(node, request.requestId());
                }
                queue.stopped(request, nowMillis);
            }
            default -> {}
        }
    }

    /** Forgets what ended before some time. */
    void forget(long endedBeforeMillis) {
        for (Request first = agenda.firstEnded();
                first != null && first.decidedAtMillis() < endedBeforeMillis;
                first = agenda.firstEnded()) {
            agenda.forgetFirstEnded();
            requests.remove(first.requestId());
            arrivals.drop(first);
            departures.letGoUpTo(first.decisionSequence());
            changed.add(first.requestId());
            if (first.status() != Request.Status.DEFLECTED || PartId.isPart(first.requestId())) {
                forgottenAnswers.add(first.requestId());
            }
        }
    }

    /** Ids of requests that were changed or forgotten since this was last asked, each once. */
    List<String> takeChanged() {
        List<String> taken = MarketState.distinct(changed);
        changed.clear();
        return taken;
    }

    /** Ids of requests whose answers were forgotten since this was last asked. */
    List<String> takeForgottenAnswers() {
        List<String> taken = MarketState.distinct(forgottenAnswers);
        forgottenAnswers.clear();
        return taken;
    }
}
