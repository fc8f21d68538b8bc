package io.millrace.broker.market;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Requests by the end of their term or wait, those that end at one time by id. Most come with the latest end and leave with
 * the first, and whoever looks ahead reads thousands in a row: so in chunks side by side, not in a tree.
 */
final class Ends implements Iterable<Request> {
    private static final int LARGEST_CHUNK = 128;

    /** None of them empty. */
    private final List<Chunk> chunks = new ArrayList<>();

    private static final class Chunk {
        private final long[] untilMillis = new long[LARGEST_CHUNK];
        private final @Nullable Request[] requests = new Request[LARGEST_CHUNK];
        private int size;

        Request get(int place) {
            Request request = requests[place];
            if (request == null) {
                throw new NoSuchElementException("place " + place + " of " + size);
            }
            return request;
        }

        /** As {@link Ends#compare}; looks at the request only where it has to. */
        int compare(int place, Request other) {
            int byTime = Long.compare(untilMillis[place], other.untilMillis());
            return byTime != 0 ? byTime : get(place).requestId().compareTo(other.requestId());
        }

        /** How many come before this request. */
        int placeOf(Request request) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (compare(middle, request) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** Negative if the first ends sooner. */
    static int compare(Request a, Request b) {
        int byTime = Long.compare(a.untilMillis(), b.untilMillis());
        return byTime != 0 ? byTime : a.requestId().compareTo(b.requestId());
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** The one that ends first, of those that there are. */
    Request first() {
        return chunks.getFirst().get(0);
    }

    /** One that is not among them. */
    void add(Request request) {
        if (chunks.isEmpty()) {
            chunks.add(new Chunk());
        }
        int at = chunkOf(request);
        Chunk chunk = chunks.get(at);
        if (chunk.size == LARGEST_CHUNK) {
            chunk = makeRoom(at, request);
        }
        int place = chunk.placeOf(request);
        int after = chunk.size - place;
        System.arraycopy(chunk.untilMillis, place, chunk.untilMillis, place + 1, after);
        System.arraycopy(chunk.requests, place, chunk.requests, place + 1, after);
        chunk.untilMillis[place] = request.untilMillis();
        chunk.requests[place] = request;
        chunk.size++;
    }

    /** One that is among them, as it was added or as it has been known since, with the same end. */
    void remove(Request request) {
        if (chunks.isEmpty()) {
            throw unknown(request);
        }
        int at = chunkOf(request);
        Chunk chunk = chunks.get(at);
        int place = chunk.placeOf(request);
        if (place == chunk.size || chunk.compare(place, request) != 0) {
            throw unknown(request);
        }
        chunk.size--;
        int after = chunk.size - place;
        System.arraycopy(chunk.untilMillis, place + 1, chunk.untilMillis, place, after);
        System.arraycopy(chunk.requests, place + 1, chunk.requests, place, after);
        chunk.requests[chunk.size] = null;
        if (chunk.size == 0) {
            chunks.remove(at);
        } else if (!joinNext(at) && at > 0) {
            joinNext(at - 1);
        }
    }

    private static IllegalStateException unknown(Request request) {
        return new IllegalStateException(
                "the request " + request.requestId() + " is not known to end at " + request.untilMillis());
    }

    /** Makes one of a chunk and the next if they are small; false if not. */
    private boolean joinNext(int at) {
        if (at + 1 == chunks.size()) {
            return false;
        }
        Chunk chunk = chunks.get(at);
        Chunk next = chunks.get(at + 1);
        if (chunk.size + next.size > LARGEST_CHUNK / 2) {
            return false;
        }
        System.arraycopy(next.untilMillis, 0, chunk.untilMillis, chunk.size, next.size);
        System.arraycopy(next.requests, 0, chunk.requests, chunk.size, next.size);
        chunk.size += next.size;
        chunks.remove(at + 1);
        return true;
    }

    /** The last chunk whose first request does not come after this one; the first if there is none. */
    private int chunkOf(Request request) {
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks.get(middle).compare(0, request) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Takes a part of a full chunk into one of its own; of the last, nothing if the request comes after it. */
    private Chunk makeRoom(int at, Request request) {
        Chunk full = chunks.get(at);
        Chunk next = new Chunk();
        chunks.add(at + 1, next);
        if (at + 2 == chunks.size() && full.compare(full.size - 1, request) < 0) {
            return next;
        }
        int half = full.size / 2;
        next.size = full.size - half;
        System.arraycopy(full.untilMillis, half, next.untilMillis, 0, next.size);
        System.arraycopy(full.requests, half, next.requests, 0, next.size);
        Arrays.fill(full.requests, half, full.size, null);
        full.size = half;
        return next.compare(0, request) <= 0 ? next : full;
    }

    /** In their order. They must not change meanwhile. */
    @Override
    public Iterator<Request> iterator() {
        return new Iterator<>() {
            private int at;
            private int place;

            @Override
            public boolean hasNext() {
                return at < chunks.size();
            }

            @Override
            public Request next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Chunk chunk = chunks.get(at);
                Request request = chunk.get(place++);
                if (place == chunk.size) {
                    at++;
                    place = 0;
                }
                return request;
            }
        };
    }
}
