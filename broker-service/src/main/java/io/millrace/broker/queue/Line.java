package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait. Jobs of one account and class never pass one another in any order, so they stand in a file, and an order
 * is merged from the files; a demand has files of its own, so that a look at some demands does not touch the others.
 */
final class Line {
    /** The jobs of one account and class, by rank. */
    private record File(String accountId, PriorityClass priority) {
        static File of(Job job) {
            return new File(job.accountId(), job.priority());
        }
    }

    /** Those with one demand. */
    private static final class Section {
        private final Map<File, NavigableMap<Long, Job>> files = new HashMap<>();
        /** How many want to run how long. */
        private final TreeMap<Long, Integer> terms = new TreeMap<>();
    }

    /** A file that is being read. */
    private static final class Reader {
        private final Iterator<Job> jobs;
        private Job job;

        Reader(Iterator<Job> jobs) {
            this.jobs = jobs;
            this.job = jobs.next();
        }
    }

    private final Map<File, NavigableMap<Long, Job>> all = new HashMap<>();
    private final Map<Demand, Section> byDemand = new HashMap<>();
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean hasWaiting(Demand demand) {
        return byDemand.containsKey(demand);
    }

    void add(Job job) {
        put(all, job);
        Section section = byDemand.computeIfAbsent(job.demand(), d -> new Section());
        put(section.files, job);
        section.terms.merge(job.remainingMillis(), 1, Integer::sum);
        size++;
    }

    private static void put(Map<File, NavigableMap<Long, Job>> files, Job job) {
        files.computeIfAbsent(File.of(job), file -> new TreeMap<>()).put(job.queueRank(), job);
    }

    void remove(Job job) {
        Demand demand = job.demand();
        Section section = byDemand.get(demand);
        if (section == null || !take(section.files, job) || !take(all, job)) {
            throw new IllegalStateException("the request " + job.requestId() + " does not wait for " + demand);
        }
        size--;
        section.terms.computeIfPresent(job.remainingMillis(), (term, count) -> count == 1 ? null : count - 1);
        if (section.files.isEmpty()) {
            byDemand.remove(demand);
        }
    }

    private static boolean take(Map<File, NavigableMap<Long, Job>> files, Job job) {
        File file = File.of(job);
        NavigableMap<Long, Job> jobs = files.get(file);
        if (jobs == null || jobs.remove(job.queueRank()) == null) {
            return false;
        }
        if (jobs.isEmpty()) {
            files.remove(file);
        }
        return true;
    }

    /** The demands that pass the test, each with a job waiting. */
    Set<Demand> demands(Predicate<Demand> test) {
        Set<Demand> demands = new LinkedHashSet<>();
        for (Demand demand : byDemand.keySet()) {
            if (test.test(demand)) {
                demands.add(demand);
            }
        }
        return demands;
    }

    /** For how long the one with this demand would run that would run shortest; Long.MAX_VALUE if none waits. */
    long shortestMillis(Demand demand) {
        Section section = byDemand.get(demand);
        return section == null ? Long.MAX_VALUE : section.terms.firstKey();
    }

    /**
     * The first of all in this order that passes the test, or null. It is asked for at every command, so the files are looked
     * through as they stand: to merge them takes more comparisons, and the test is for the few that come before all others seen.
     */
    @Nullable Job first(Comparator<Job> order, Predicate<Job> test) {
        Job first = null;
        for (NavigableMap<Long, Job> jobs : all.values()) {
            for (Job job : jobs.values()) {
                if (first != null && order.compare(job, first) > 0) {
                    break;
                }
                if (test.test(job)) {
                    first = job;
                    break;
                }
            }
        }
        return first;
    }

    /** All jobs in this order. */
    Iterator<Job> in(Comparator<Job> order) {
        return merged(List.of(all), order, job -> true);
    }

    /** The jobs with one of these demands, in this order; a demand that leaves the set on the way is passed over. */
    Iterator<Job> in(Comparator<Job> order, Set<Demand> demands) {
        List<Map<File, NavigableMap<Long, Job>>> files = new ArrayList<>();
        for (Demand demand : demands) {
            Section section = byDemand.get(demand);
            if (section != null) {
                files.add(section.files);
            }
        }
        return merged(files, order, job -> demands.contains(job.demand()));
    }

    private static Iterator<Job> merged(
            List<Map<File, NavigableMap<Long, Job>>> groups, Comparator<Job> order, Predicate<Job> wanted) {
        // No two compare as equal, so the order does not depend on that of the maps.
        PriorityQueue<Reader> readers = new PriorityQueue<>((a, b) -> order.compare(a.job, b.job));
        for (Map<File, NavigableMap<Long, Job>> files : groups) {
            for (NavigableMap<Long, Job> jobs : files.values()) {
                readers.add(new Reader(jobs.values().iterator()));
            }
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                while (!readers.isEmpty() && !wanted.test(readers.element().job)) {
                    // Of the reader's file, all have this demand.
                    readers.remove();
                }
                return !readers.isEmpty();
            }

            @Override
            public Job next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Reader reader = readers.remove();
                Job job = reader.job;
                if (reader.jobs.hasNext()) {
                    reader.job = reader.jobs.next();
                    readers.add(reader);
                }
                return job;
            }
        };
    }
}
