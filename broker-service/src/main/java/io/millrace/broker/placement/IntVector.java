package io.millrace.broker.placement;

import java.util.Arrays;
import java.util.Collection;

/** An immutable list of ints without boxes: milli-devices by device index, or device indexes. */
public final class IntVector {
    /** No elements. */
    public static final IntVector EMPTY = new IntVector(new int[0]);

    private final int[] elements;

    private IntVector(int[] elements) {
        this.elements = elements;
    }

    /** A vector of these elements, in this order. */
    public static IntVector of(int... elements) {
        return elements.length == 0 ? EMPTY : new IntVector(elements.clone());
    }

    /** A vector of these elements, in the order of the collection. */
    public static IntVector copyOf(Collection<Integer> elements) {
        int[] copy = new int[elements.size()];
        int i = 0;
        for (int element : elements) {
            copy[i++] = element;
        }
        return copy.length == 0 ? EMPTY : new IntVector(copy);
    }

    /** How many elements there are. */
    public int size() {
        return elements.length;
    }

    /**
     * The element at this index.
     *
     * @throws ArrayIndexOutOfBoundsException if there is none
     */
    public int get(int index) {
        return elements[index];
    }

    /** The elements in a new array. */
    public int[] toArray() {
        return elements.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntVector that && Arrays.equals(elements, that.elements);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(elements);
    }

    @Override
    public String toString() {
        return Arrays.toString(elements);
    }
}
