package io.millrace.broker.stream;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.PartId;
import io.millrace.broker.market.SpecCheck;
import io.millrace.broker.routing.Choice;
import io.millrace.broker.routing.CoAllocation;
import io.millrace.broker.routing.CoAllocation.Step;
import io.millrace.schemas.CancelCommand;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.HoldPhase;
import io.millrace.schemas.HoldTerms;
import io.millrace.schemas.PartNotice;
import io.millrace.schemas.PartState;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Submit;
import io.millrace.schemas.SubmitCommand;
import io.millrace.schemas.Together;
import io.millrace.schemas.TogetherPhase;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests of several parts together: keeps the state of each {@link CoAllocation} in a store, and carries out
 * what it says, in one transaction. One in each of the two processors that share the store.
 */
final class Assembly {
    static final int MOST_PARTS = 16;
    /** Of the records that say the same again before there is an answer, so many get one. */
    static final int MOST_REPEATED = 64;

    private static final long NEVER = Long.MAX_VALUE;

    private final ProcessorContext<Object, Object> context;
    private final KeyValueStore<String, Together> store;
    private final Outlet outlet;
    private final String commandsSink;
    private final IntakeAnswers answers;
    private final long holdMillis;

    /** Chooses the markets of a part. */
    @FunctionalInterface
    interface Chooser {
        Choice choose(String partId, ComputeSpec spec);
    }

    Assembly(
            ProcessorContext<Object, Object> context,
            Outlet outlet,
            String commandsSink,
            IntakeAnswers answers,
            long holdMillis) {
        this.context = context;
        this.store = context.getStateStore(BrokerTopology.TOGETHER);
        this.outlet = outlet;
        this.commandsSink = commandsSink;
        this.answers = answers;
        this.holdMillis = holdMillis;
    }

    /** True of a request in parts that is not forgotten. */
    boolean knows(String id) {
        return store.get(id) != null;
    }

    /**
     * A request in parts comes, or one of its id.
     *
     * @param taken whether the id is that of a request that is not in parts
     */
    void submit(String id, String account, Submit submit, boolean taken, Chooser chooser, long timestamp) {
        long now = context.currentSystemTimeMs();
        List<io.millrace.schemas.ComputeSpec> specs = new ArrayList<>();
        specs.add(submit.getSpec());
        specs.addAll(submit.getTogether());
        Together known = store.get(id);
        if (taken || known != null) {
            if (known == null || !isSame(known, account, specs)) {
                answers.refusedCommand(
                        id,
                        account,
                        Reason.ID_CONFLICT,
                        "submit: the id was used before with another payload",
                        now,
                        timestamp);
            } else if (!known.getDecisionId().isEmpty()) {
                answers.repeat(id, known, timestamp);
            } else if (known.getRepeatedAtMillis().size() < MOST_REPEATED) {
                repeated(known, timestamp);
                store.put(id, known);
            }
            return;
        }
        String problem = problem(id, account, specs);
        if (problem != null) {
            answers.invalid(id, account, problem, now, timestamp);
            return;
        }
        Together together = new Together(
                account, TogetherPhase.HOLDING, new ArrayList<>(), now + holdMillis, timestamp, now, "", List.of());
        for (int i = 0; i < specs.size(); i++) {
            Choice choice = chooser.choose(PartId.of(id, i + 1), SpecCodec.read(specs.get(i)));
            together.getParts().add(TogetherCodec.asked(specs.get(i), choice));
        }
        carryOut(id, together, TogetherCodec.read(together, NEVER).begin(), timestamp);
    }

    private static void repeated(Together together, long timestamp) {
        List<Long> all = new ArrayList<>(together.getRepeatedAtMillis());
        all.add(timestamp);
        together.setRepeatedAtMillis(all);
    }

    private static boolean isSame(Together together, String account, List<io.millrace.schemas.ComputeSpec> specs) {
        // As what they say: records of a schema with times in it do not compare well inside of others.
        List<PartState> parts = together.getParts();
        if (!together.getAccountId().equals(account) || parts.size() != specs.size()) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!SpecCodec.read(parts.get(i).getSpec()).asksTheSameAs(SpecCodec.read(specs.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String problem(String id, String account, List<io.millrace.schemas.ComputeSpec> specs) {
        if (specs.size() > MOST_PARTS) {
            return "together has " + (specs.size() - 1) + " entries, may have " + (MOST_PARTS - 1);
        }
        for (int i = 0; i < specs.size(); i++) {
            List<String> problems = SpecCheck.problems(id, account, SpecCodec.read(specs.get(i)));
            if (!problems.isEmpty()) {
                return "part " + (i + 1) + ": " + problems.getFirst();
            }
            if (specs.get(i).getMaxWaitSeconds() > 0) {
                return "part " + (i + 1) + ": maxWaitSeconds is " + specs.get(i).getMaxWaitSeconds()
                        + ", must be 0: nothing of a request in parts can wait";
            }
        }
        return null;
    }

    /** A market says something of a part. */
    void take(PartNotice notice, String marketId, long timestamp) {
        Together together = store.get(notice.getWholeId());
        int part = notice.getPart() - 1;
        if (together == null || part < 0 || part >= together.getParts().size()) {
            return;
        }
        // Half of the time is left for the confirmations to arrive.
        CoAllocation whole = TogetherCodec.read(together, together.getHeldUntilMillis() - holdMillis / 2);
        PartState state = together.getParts().get(part);
        boolean current = whole.market(part).equals(marketId);
        boolean asked = whole.phase() == CoAllocation.Phase.HOLDING && current;
        List<Step> steps = switch (notice.getAnswer()) {
            case HELD -> {
                if (asked) {
                    state.setGrants(notice.getGrants());
                }
                yield whole.held(part, marketId, context.currentSystemTimeMs());
            }
            case NOT_HELD -> {
                boolean counts = asked && whole.phase(part) == CoAllocation.PartPhase.ASKED;
                deflected(state, counts ? notice.getDeflection() : null);
                yield whole.notHeld(part, marketId);
            }
            case LOST -> {
                deflected(state, asked ? notice.getDeflection() : null);
                yield whole.lost(part, marketId);
            }
            case ENDED -> {
                whole.ended(part, marketId);
                yield List.of();
            }
            case FORGOTTEN -> {
                state.setForgotten(state.getForgotten() || current);
                yield List.of();
            }
            case UNKNOWN -> List.of();
        };
        TogetherCodec.write(whole, together);
        if (together.getParts().stream().allMatch(PartState::getForgotten)) {
            store.delete(notice.getWholeId());
        } else {
            carryOut(notice.getWholeId(), together, steps, timestamp);
        }
    }

    private static void deflected(PartState state, @Nullable Deflection deflection) {
        if (deflection != null) {
            List<Deflection> all = new ArrayList<>(state.getDeflections());
            all.add(deflection);
            state.setDeflections(all);
        }
    }

    /**
     * Its tenant withdraws or ends it.
     *
     * @return false if there is no such request in parts; likewise of the other two
     */
    boolean cancel(String id, String account, long timestamp) {
        return end(id, account, false, "cancel", timestamp);
    }

    /** Its tenant ends it. */
    boolean release(String id, String account, long timestamp) {
        return end(id, account, true, "release", timestamp);
    }

    private boolean end(String id, String account, boolean onlyIfGranted, String action, long timestamp) {
        Together together = store.get(id);
        if (together != null) {
            end(id, account, together, onlyIfGranted, action, timestamp);
        }
        return together != null;
    }

    private void end(
            String id, String account, Together together, boolean onlyIfGranted, String action, long timestamp) {
        CoAllocation whole = TogetherCodec.read(together, NEVER);
        long now = context.currentSystemTimeMs();
        Reason refusal = Reason.NONE;
        if (!together.getAccountId().equals(account)) {
            refusal = Reason.UNKNOWN_REQUEST;
        } else if (onlyIfGranted && whole.phase() == CoAllocation.Phase.HOLDING) {
            refusal = Reason.NOT_ALLOCATED;
        }
        List<Step> steps = refusal == Reason.NONE ? whole.end() : List.of();
        if (refusal == Reason.NONE && steps.isEmpty()) {
            refusal = Reason.ALREADY_ENDED;
        }
        if (refusal != Reason.NONE) {
            answers.refusedCommand(id, account, refusal, action, now, timestamp);
            return;
        }
        TogetherCodec.write(whole, together);
        // The answer to the submit is one thing, that to this record another; who waits for the first gets it, too.
        if (together.getDecisionId().isEmpty()) {
            repeated(together, together.getSubmittedAtMillis());
        }
        together.setSubmittedAtMillis(timestamp);
        carryOut(id, together, steps, timestamp);
    }

    /** Terms of parts end where they end. */
    boolean extend(String id, String account, long timestamp) {
        if (!knows(id)) {
            return false;
        }
        answers.refusedCommand(
                id,
                account,
                Reason.INVALID,
                "extend: a request in parts cannot be extended; ask for the time that follows with another request",
                context.currentSystemTimeMs(),
                timestamp);
        return true;
    }

    private void carryOut(String id, Together together, List<Step> steps, long timestamp) {
        for (Step step : steps) {
            switch (step) {
                case Step.Hold hold -> tell(id, together, hold.part(), hold.marketId(), HoldPhase.HOLD, timestamp);
                case Step.Confirm confirm ->
                    tell(id, together, confirm.part(), confirm.marketId(), HoldPhase.CONFIRM, timestamp);
                case Step.Withdraw withdraw ->
                    command(
                            withdraw.marketId(),
                            new CancelCommand(PartId.of(id, withdraw.part() + 1), together.getAccountId()),
                            timestamp);
                case Step.Answer answer -> {
                    together.setDecisionId(outlet.position());
                    together.setDecidedAtMillis(context.currentSystemTimeMs());
                    answers.decided(id, together);
                    together.getRepeatedAtMillis().forEach(repeated -> answers.repeat(id, together, repeated));
                    together.setRepeatedAtMillis(List.of());
                }
            }
        }
        store.put(id, together);
    }

    private void tell(String id, Together together, int part, String marketId, HoldPhase phase, long timestamp) {
        PartState state = together.getParts().get(part);
        SubmitCommand submit = new SubmitCommand(
                PartId.of(id, part + 1),
                together.getAccountId(),
                state.getSpec(),
                state.getAttempt(),
                false,
                List.of(),
                List.of(),
                state.getExclusions(),
                new HoldTerms(phase, together.getHeldUntilMillis()));
        command(marketId, submit, timestamp);
    }

    private void command(String marketId, SpecificRecord body, long timestamp) {
        outlet.command(marketId, body, context.currentSystemTimeMs(), timestamp, commandsSink);
    }
}
