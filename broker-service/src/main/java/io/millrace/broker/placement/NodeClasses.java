package io.millrace.broker.placement;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The classes of a ranking, found by what the nodes in them have free. Those without nodes are kept for a while. */
final class NodeClasses {
    private static final int FEW_DEAD = 4096;

    private @Nullable NodeClass[] buckets = new NodeClass[1024];
    /** First those that have nodes, then the others. */
    private NodeClass[] all = new NodeClass[1024];

    private int size;
    private int live;

    /** One that has nodes, by a number below {@link #live}. */
    NodeClass get(int place) {
        return all[place];
    }

    /** How many have nodes. */
    int live() {
        return live;
    }

    /** Visits all, those without nodes included. */
    void forEach(Consumer<NodeClass> visitor) {
        for (int i = 0; i < size; i++) {
            visitor.accept(all[i]);
        }
    }

    void clear() {
        Arrays.fill(buckets, null);
        Arrays.fill(all, 0, size, null);
        size = 0;
        live = 0;
    }

    /** The class of nodes of this shelf with so much free; made if there is none. */
    NodeClass of(Shelf shelf, FreeDevices devices, long cpu, long memory, Storage storage) {
        for (NodeClass each = buckets[bucket(shelf, devices, cpu, memory, storage)]; each != null; each = each.next) {
            if (each.shelf == shelf
                    && each.devices == devices
                    && each.freeCpuMillicores == cpu
                    && each.freeMemoryMib == memory
                    && each.freeStorage.equals(storage)) {
                return each;
            }
        }
        if (size == buckets.length) {
            buckets = new NodeClass[2 * buckets.length];
            forEach(this::enter);
        }
        if (size == all.length) {
            all = Arrays.copyOf(all, 2 * size);
        }
        NodeClass made = new NodeClass(shelf, devices, cpu, memory, storage);
        enter(made);
        made.place = size;
        all[size++] = made;
        return made;
    }

    /** Takes a node into a class; true if the node is the first there. */
    boolean join(SuppliedNode node, NodeClass next) {
        if (next.isEmpty()) {
            swap(next, all[live++]);
        }
        return next.join(node);
    }

    /** Takes a node out of its class; true if another one is the first there now. */
    boolean leave(SuppliedNode node, NodeClass old) {
        boolean first = old.leave(node);
        if (old.isEmpty()) {
            swap(old, all[--live]);
            return false;
        }
        return first;
    }

    private void swap(NodeClass a, NodeClass b) {
        int place = a.place;
        a.place = b.place;
        b.place = place;
        all[a.place] = a;
        all[b.place] = b;
    }

    /** Forgets classes without nodes, if they are many. */
    void buryTheDead() {
        if (size <= 2 * live + FEW_DEAD) {
            return;
        }
        Arrays.fill(all, live, size, null);
        size = live;
        Arrays.fill(buckets, null);
        forEach(this::enter);
    }

    private void enter(NodeClass each) {
        int bucket = bucket(each.shelf, each.devices, each.freeCpuMillicores, each.freeMemoryMib, each.freeStorage);
        each.next = buckets[bucket];
        buckets[bucket] = each;
    }

    private int bucket(Shelf shelf, FreeDevices devices, long cpu, long memory, Storage storage) {
        long hash = (cpu * 0x9E3779B97F4A7C15L + memory) * 0xBF58476D1CE4E5B9L
                + devices.hash * 0x94D049BB133111EBL
                + (storage.gib() * 0xD6E8FEB86659FD93L + storage.mibPerSecond()) * 0x9E3779B97F4A7C15L
                + shelf.number;
        hash ^= hash >>> 32;
        return (int) (hash ^ (hash >>> 15)) & (buckets.length - 1);
    }
}
