package io.millrace.broker.market;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Requests by id. A market remembers far more of them than a processor's caches hold, and each is looked for when nobody has
 * touched it for long: so one table, in which an id stands beside its request, and no entries elsewhere that point to both.
 */
final class RequestTable {
    private static final int SMALLEST = 16;

    /** Ids at even places, the request of each behind it; null where nobody is. An id stands at its home or soon after it. */
    private @Nullable Object[] entries = new Object[2 * SMALLEST];

    /** Of the ids, so that another one's characters are not read. */
    private int[] hashes = new int[SMALLEST];

    private int size;

    /** The request with this id, or null. */
    @Nullable Request get(String requestId) {
        return (Request) entries[2 * slot(requestId, hash(requestId)) + 1];
    }

    /** Takes the place of the one with its id, if there is one. */
    void put(Request request) {
        int hash = hash(request.requestId());
        int slot = slot(request.requestId(), hash);
        if (entries[2 * slot] == null) {
            size++;
            if (2 * size > hashes.length) {
                grow();
                slot = slot(request.requestId(), hash);
            }
        }
        set(slot, request.requestId(), request, hash);
    }

    /** Nothing happens if nobody has this id. */
    void remove(String requestId) {
        int slot = slot(requestId, hash(requestId));
        if (entries[2 * slot] == null) {
            return;
        }
        size--;
        int hole = slot;
        for (int next = after(hole); entries[2 * next] != null; next = after(next)) {
            // Whoever stands behind the hole and came past it on the way from home moves up, or would not be found.
            if (distance(home(hashes[next]), next) >= distance(hole, next)) {
                set(hole, entries[2 * next], entries[2 * next + 1], hashes[next]);
                hole = next;
            }
        }
        set(hole, null, null, 0);
    }

    /** All, in no order; for reading. */
    Collection<Request> all() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<Request> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Where an id stands, or where it would. */
    private int slot(String requestId, int hash) {
        int slot = home(hash);
        while (entries[2 * slot] != null && !isAt(slot, requestId, hash)) {
            slot = after(slot);
        }
        return slot;
    }

    /** Mostly it is the very object that was put. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isAt(int slot, String requestId, int hash) {
        Object id = entries[2 * slot];
        return id == requestId || (hashes[slot] == hash && requestId.equals(id));
    }

    /** Ids that differ in their last digits only would stand side by side, in long rows: multiplied as Knuth proposes. */
    private static int hash(String requestId) {
        int hash = requestId.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    private int home(int hash) {
        return hash & (hashes.length - 1);
    }

    private int after(int slot) {
        return (slot + 1) & (hashes.length - 1);
    }

    private int distance(int from, int to) {
        return (to - from) & (hashes.length - 1);
    }

    private void set(int slot, @Nullable Object id, @Nullable Object request, int hash) {
        entries[2 * slot] = id;
        entries[2 * slot + 1] = request;
        hashes[slot] = hash;
    }

    private void grow() {
        @Nullable Object[] before = entries;
        int[] hashesBefore = hashes;
        entries = new Object[2 * before.length];
        hashes = new int[2 * hashesBefore.length];
        for (int i = 0; i < hashesBefore.length; i++) {
            if (before[2 * i] != null) {
                int slot = home(hashesBefore[i]);
                while (entries[2 * slot] != null) {
                    slot = after(slot);
                }
                set(slot, before[2 * i], before[2 * i + 1], hashesBefore[i]);
            }
        }
    }

    private final class Entries implements Iterator<Request> {
        private int slot = -1;

        Entries() {
            advance();
        }

        private void advance() {
            do {
                slot++;
            } while (slot < hashes.length && entries[2 * slot] == null);
        }

        @Override
        public boolean hasNext() {
            return slot < hashes.length;
        }

        @Override
        public Request next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there are " + size + " requests");
            }
            Request next = (Request) Objects.requireNonNull(entries[2 * slot + 1]);
            advance();
            return next;
        }
    }
}
