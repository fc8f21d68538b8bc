package io.millrace.runtime;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Decides when stream threads commit. A commit costs milliseconds of CPU, for one record as for a thousand. While a thread
 * keeps up with its records, commits close to each other take nothing from anyone and save waiting. While records pile up,
 * each takes time from all that wait, and those wait longer than for a commit anyway: then fewer are better.
 *
 * <p>One for a topology: the tasks of a thread are committed together, so they share a pace. Kafka's own interval, by the
 * clock and whatever else was just committed, must be so much longer that it seldom comes first. To look makes a task one
 * that has to be committed, for Kafka takes it that a punctuation did something: with each commit all tasks with a pace are.
 * Thread-safe.
 */
public final class CommitPace {
    /** How often a task looks whether it is time. A thread that waits for records looks when it has waited. */
    private static final Duration LOOK = Duration.ofMillis(5);

    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final long earlyMillis;
    private final long intervalMillis;
    private final long behindMillis;
    private final ThreadLocal<ThreadPace> threads = ThreadLocal.withInitial(ThreadPace::new);

    /** What the tasks of a thread know together. */
    private static final class ThreadPace {
        private long commits;
        private long committedAtMillis = LONG_AGO;
        private long behindAtMillis = LONG_AGO;
    }

    /**
     * A pace.
     *
     * @param earlyMillis milliseconds between two commits of a thread that keeps up
     * @param intervalMillis milliseconds between two commits of one that does not, and of what can wait
     */
    public CommitPace(long earlyMillis, long intervalMillis) {
        this.earlyMillis = earlyMillis;
        this.intervalMillis = intervalMillis;
        // A record may have waited for an interval already, for the commit of whoever wrote it.
        this.behindMillis = 2 * intervalMillis;
    }

    /** The pace of a task; to be called when its processor is initialised. */
    public Task of(ProcessorContext<?, ?> context) {
        return new Task(context);
    }

    /** Of one task. Not thread-safe. */
    public final class Task {
        private final ProcessorContext<?, ?> context;
        /** Commits of the thread when it last did something; what it did before the last of them is committed. */
        private long didAfter = -1;
        /** The same of what somebody waits for. */
        private long hurriesAfter = -1;

        private Task(ProcessorContext<?, ?> context) {
            this.context = context;
            context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, this::look);
        }

        /** It did something for which nobody waits. */
        public void did() {
            didAfter = threads.get().commits;
        }

        /**
         * It took a record for the outcome of which somebody waits. A thread whose records are older than two intervals does
         * not keep up.
         *
         * @param madeAtMillis when the record was made, milliseconds since 1970-01-01T00:00:00Z
         */
        public void took(long madeAtMillis) {
            ThreadPace pace = threads.get();
            didAfter = pace.commits;
            hurriesAfter = pace.commits;
            long now = context.currentSystemTimeMs();
            if (now - madeAtMillis > behindMillis) {
                pace.behindAtMillis = now;
            }
        }

        private void look(long nowMillis) {
            ThreadPace pace = threads.get();
            if (didAfter != pace.commits) {
                return;
            }
            boolean early = hurriesAfter == pace.commits && nowMillis - pace.behindAtMillis >= earlyMillis;
            if (nowMillis - pace.committedAtMillis >= (early ? earlyMillis : intervalMillis)) {
                context.commit();
                pace.committedAtMillis = nowMillis;
                pace.commits++;
            }
        }
    }
}
