package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who gives way so that a job of a higher class can start when the notice is over. Taken in the order of the work that
 * would be lost, least first (then by class and id), until there is room; then each that turns out not to be needed is let go, most lost first.
 */
final class Victims {
    /** Jobs that are looked at. */
    private static final int MOST = 1_024;

    private final QueueSettings settings;
    private final Supply supply;

    Victims(QueueSettings settings, Supply supply) {
        this.settings = settings;
        this.supply = supply;
    }

    /**
     * Those to give notice to, by id; none if they would not make room.
     *
     * @param first the job that needs room
     * @param running what runs, by its end
     * @param preemptible of this, what may be stopped and was not given notice yet
     */
    List<Job> of(Job first, Iterable<? extends Job> running, Collection<Job> preemptible, long nowMillis) {
        long endsAtMillis = nowMillis + settings.noticeMillis();
        int level = Order.level(settings, first, nowMillis);
        Outlook outlook = new Outlook(supply, first.demand());
        List<Job> candidates = new ArrayList<>();
        for (Job job : preemptible) {
            if (job.priority().compareTo(first.priority()) < 0
                    && job.untilMillis() > endsAtMillis
                    // Or else it would come first again when it has given way.
                    && Order.level(settings, job, endsAtMillis) < level
                    && outlook.concerns(job)) {
                candidates.add(job);
            }
        }
        if (candidates.isEmpty()) {
            return List.of();
        }
        for (Job job : running) {
            if (job.untilMillis() > endsAtMillis) {
                break;
            }
            outlook.release(job);
        }
        candidates.sort(leastLostFirst(job -> endsAtMillis));
        List<Job> victims = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST, candidates.size()) && !outlook.fits(); i++) {
            outlook.release(candidates.get(i));
            victims.add(candidates.get(i));
        }
        return outlook.fits() ? needed(victims, outlook) : List.of();
    }

    /**
     * Of those that were given notice, by id, the ones that nobody waits for any more: the first does without them, since other
     * room comes free in time; and there is nobody else of a higher class who could be paid for and would go to one of
     * their nodes.
     *
     * @param first who comes first, if anybody who could start waits
     * @param needed those without whom it does not, see {@link #stillNeeded}
     * @param waiting who waits, in the order of the queue
     */
    List<Job> spared(
            Collection<Job> noticed,
            @Nullable Job first,
            List<Job> needed,
            Iterator<Job> waiting,
            Accounts accounts,
            long nowMillis) {
        List<Job> spared = new ArrayList<>(noticed);
        if (settings.discipline() != QueueSettings.Discipline.FAIR) {
            return spared;
        }
        spared.removeAll(needed);
        int lowest = Order.OVERDUE;
        for (Job job : noticed) {
            lowest = Math.min(lowest, Order.level(settings, job, job.untilMillis()));
        }
        while (!spared.isEmpty() && waiting.hasNext()) {
            Job other = waiting.next();
            if (Order.level(settings, other, nowMillis) <= lowest) {
                break;
            }
            boolean isFirst = first != null && first.requestId().equals(other.requestId());
            if (!isFirst && accounts.affords(other, nowMillis)) {
                spared.removeIf(job -> comesBefore(other, job, nowMillis) && mayTakeFrom(job, other.demand()));
            }
        }
        return spared;
    }

    /**
     * Of those that were given notice, the ones without whom the first would have no room when they have given way. As long as
     * nothing starts, ends or is offered anew, and the first has the same level, they are the same.
     *
     * @param running what runs, by its end
     */
    List<Job> stillNeeded(Collection<Job> noticed, Job first, Iterable<? extends Job> running, long nowMillis) {
        if (first.demand().replicas() == 1 && supply.fitsSomewhere(first.demand())) {
            return List.of();
        }
        Outlook outlook = new Outlook(supply, first.demand());
        List<Job> needed = new ArrayList<>();
        Set<String> others = new HashSet<>();
        long endMillis = nowMillis;
        for (Job job : noticed) {
            if (comesBefore(first, job, nowMillis) && outlook.concerns(job)) {
                needed.add(job);
                endMillis = Math.max(endMillis, job.untilMillis());
            } else {
                others.add(job.requestId());
            }
        }
        for (Job job : running) {
            if (job.untilMillis() > endMillis) {
                break;
            }
            if (!others.contains(job.requestId())) {
                outlook.release(job);
            }
        }
        if (needed.isEmpty() || !outlook.fits()) {
            // If it does not fit any more, others have to go besides.
            return needed;
        }
        needed.sort(leastLostFirst(Job::untilMillis));
        return needed(needed, outlook);
    }

    /** True if one that waits is of a higher class than one that was given notice, and will be when that one waits, too. */
    private boolean comesBefore(Job waiting, Job noticed, long nowMillis) {
        return waiting.priority().compareTo(noticed.priority()) > 0
                && Order.level(settings, waiting, nowMillis) > Order.level(settings, noticed, noticed.untilMillis());
    }

    private boolean mayTakeFrom(Job job, Demand demand) {
        for (Grant grant : job.grants()) {
            SuppliedNode node = supply.node(grant.nodeId());
            if (node != null && node.isOpen() && demand.suits(node.offer())) {
                return true;
            }
        }
        return false;
    }

    private static List<Job> needed(List<Job> victims, Outlook outlook) {
        List<Job> needed = new ArrayList<>();
        for (Job job : victims.reversed()) {
            outlook.hold(job);
            if (!outlook.fits()) {
                outlook.release(job);
                needed.add(job);
            }
        }
        needed.sort(Comparator.comparing(Job::requestId));
        return needed;
    }

    private static Comparator<Job> leastLostFirst(ToLongFunction<Job> endsAtMillis) {
        return Comparator.comparingLong((Job job) -> lostWork(job, endsAtMillis.applyAsLong(job)))
                .thenComparing(Job::priority)
                .thenComparing(Job::requestId);
    }

    /** Device-time since it started; work without devices counts as a thousandth of a device. */
    private static long lostWork(Job job, long endsAtMillis) {
        long milliDevices = 0;
        for (Grant grant : job.grants()) {
            milliDevices += grant.milliDevices();
        }
        return Math.max(1, milliDevices) * (endsAtMillis - job.sinceMillis());
    }
}
