package io.millrace.broker.market;

import io.millrace.broker.placement.NodeOfferBuilder;
import java.util.List;

/** A command as tables write it: all but its time, which the table knows. */
interface Told {
    String ACCOUNT = "acme";

    Command at(long timeMillis);

    static Told submit(String requestId, SpecBuilder spec) {
        return submitFor(ACCOUNT, requestId, spec);
    }

    static Told submitFor(String accountId, String requestId, SpecBuilder spec) {
        return time -> new Command.Submit(time, requestId, accountId, spec.spec(), 0, true, List.of());
    }

    /** Submits as intake does while there are more markets to ask. */
    static Told ask(String requestId, SpecBuilder spec, int attempt) {
        return time -> new Command.Submit(time, requestId, ACCOUNT, spec.spec(), attempt, false, List.of());
    }

    /** Submits as intake does to the last market, with what the others said. */
    static Told askLast(String requestId, SpecBuilder spec, Reason... deflected) {
        return time ->
                new Command.Submit(time, requestId, ACCOUNT, spec.spec(), deflected.length, true, List.of(deflected));
    }

    /** Asks to keep what a part needs. */
    static Told hold(String partId, SpecBuilder spec, int attempt, String until) {
        return time -> new Command.Hold(
                new Command.Submit(time, partId, ACCOUNT, spec.spec(), attempt, false, List.of()),
                EventText.millis(until));
    }

    /** All parts are kept. */
    static Told confirm(String partId, SpecBuilder spec) {
        return time -> new Command.Confirm(new Command.Submit(time, partId, ACCOUNT, spec.spec(), 0, false, List.of()));
    }

    static Told cancel(String requestId) {
        return cancelBy(ACCOUNT, requestId);
    }

    static Told cancelBy(String accountId, String requestId) {
        return time -> new Command.Cancel(time, requestId, accountId);
    }

    static Told extend(String requestId, String end) {
        return extendBy(ACCOUNT, requestId, end);
    }

    static Told extendBy(String accountId, String requestId, String end) {
        return time -> new Command.Extend(time, requestId, accountId, EventText.millis(end));
    }

    static Told release(String requestId) {
        return releaseBy(ACCOUNT, requestId);
    }

    static Told releaseBy(String accountId, String requestId) {
        return time -> new Command.Release(time, requestId, accountId);
    }

    static Told update(NodeOfferBuilder node) {
        return time -> new Command.UpdateNode(time, node.offer());
    }

    static Told tick() {
        return Command.Tick::new;
    }
}
