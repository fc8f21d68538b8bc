package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Relaxation.What;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * Looks for the smallest change of one thing under which a job may start that is held up by its budget or by its turn, and
 * not by room alone. Every change was tried. Amounts are the largest that will do, found by halves: what may start with an
 * amount may start with less.
 *
 * <p>Of a job for a quantum processor, whose term and rate hang together, and of one with alternatives, whose replicas
 * follow from what is needed, the demand is left as it is.
 */
final class Easing {
    private static final long SECOND = 1_000;

    private final Job job;
    private final Demand demand;
    private final Predicate<Job> starts;
    private final Predicate<Job> startsForSure;
    private final List<Relaxation> found = new ArrayList<>();

    /**
     * Changes of this job.
     *
     * @param starts whether a changed one would start now, as far as can be said without the policy of the market
     * @param startsForSure whether it would
     */
    Easing(Job job, Predicate<Job> starts, Predicate<Job> startsForSure) {
        this.job = job;
        this.demand = job.demand();
        this.starts = starts;
        this.startsForSure = startsForSure;
    }

    /** What was found, the smallest change first. */
    List<Relaxation> found() {
        found.sort(Relaxation.SMALLEST_FIRST);
        return found;
    }

    /** A later start. */
    void later(long nowMillis, long startMillis) {
        if (startMillis > nowMillis && startMillis < Long.MAX_VALUE) {
            found.add(Relaxation.wait(nowMillis, startMillis, job.remainingMillis()));
        }
    }

    /** Less of something with which it would start now; else, less with which it would once what runs has ended. */
    void less(Predicate<Job> startsThen) {
        each((what, least, asked, changed) -> {
            if (!most(what, least, asked, changed, starts, true)) {
                most(what, least, asked, changed, startsThen, false);
            }
        });
    }

    /** The most of everything with which it would start once what runs has ended, now if it can be. */
    void most(Predicate<Job> startsThen) {
        each((what, least, asked, changed) -> most(what, least, asked, changed, startsThen, false));
    }

    /** The longest of these terms, in milliseconds and longest first, with which it would start now, or once what runs has ended. */
    void shorter(Predicate<Job> startsThen, long... termsMillis) {
        if (demand.quantum() != null) {
            return;
        }
        for (long millis : termsMillis) {
            if (shortens(millis) && startsForSure.test(forSeconds(millis / SECOND))) {
                addTerm(millis, true);
                return;
            }
        }
        for (long millis : termsMillis) {
            if (shortens(millis) && startsThen.test(forSeconds(millis / SECOND))) {
                addTerm(millis, false);
                return;
            }
        }
    }

    private boolean shortens(long millis) {
        return millis >= SECOND && millis < job.remainingMillis();
    }

    private void addTerm(long millis, boolean now) {
        found.add(Relaxation.less(What.TERM, job.remainingMillis() / SECOND, millis / SECOND, now));
    }

    private Job forSeconds(long seconds) {
        return new Changed(job, demand, seconds * SECOND);
    }

    @FunctionalInterface
    private interface Search {
        void of(What what, long least, long asked, LongFunction<Job> changed);
    }

    private void each(Search search) {
        if (demand.quantum() != null || !demand.latitude().alternatives().isEmpty()) {
            return;
        }
        if (demand.sharesDevice()) {
            search.of(What.SHARE, 1, demand.milliPerDevice(), milli -> with(demand.withDevices(1, (int) milli)));
        } else {
            search.of(What.DEVICES, 1, demand.devices(), count -> with(demand.withDevices((int) count, 1_000)));
        }
        search.of(
                What.REPLICAS,
                Math.max(1, demand.latitude().leastReplicas()),
                demand.replicas(),
                count -> with(demand.withReplicas((int) count)));
    }

    private Job with(Demand changed) {
        return new Changed(job, changed, job.remainingMillis());
    }

    /** The largest amount from {@code least} to below what is asked that passes; false if none does. */
    private boolean most(
            What what, long least, long asked, LongFunction<Job> changed, Predicate<Job> passes, boolean now) {
        OptionalLong amount = Relaxation.largest(least, asked, each -> passes.test(changed.apply(each)));
        if (amount.isEmpty()) {
            return false;
        }
        boolean sure = startsForSure.test(changed.apply(amount.getAsLong()));
        if (now && !sure) {
            return false;
        }
        found.add(Relaxation.less(what, asked, amount.getAsLong(), sure));
        return true;
    }
}
