package io.millrace.bench.placement;

import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What nobody can surpass: at most so many devices can be allocated to some of the jobs, even by one who knows them all before
 * the first comes. A linear programme over <em>patterns</em>, each a way to fill one device with the jobs that share it, or
 * with a part of a job that takes whole devices.
 *
 * <p>It keeps exactly: models, how many jobs of a shape there are, and that what stands on a device has at most a thousand
 * thousandths. It relaxes: jobs and patterns come in fractions; CPU and memory are limited for all nodes of a size together,
 * not for each; so are the devices of a job that takes several; nobody has to take what fits and gets in the way; work
 * without devices takes no CPU. So the true optimum lies below, and by how much is not known.
 *
 * <p>Patterns are made as they are needed ({@link Simplex}), by a dynamic programme over thousandths. The bound is the dual
 * one: with any prices of jobs, CPU and memory that are not negative, no more can be gained than what all of these are worth
 * plus, for each device, the best pattern at these prices. It therefore holds wherever the search stops.
 */
final class Bound {
    private static final int WHOLE = 1000;
    private static final int MOST_STEPS = 20_000;
    /** The search stops when what was found is so close to the bound, as a part of all devices. */
    private static final double CLOSE = 1e-4;

    private static final double MILLICORES = 1_000;
    private static final double MIB = 4_096;

    /** Nodes alike; {@code row} is that of their devices, followed by those of their CPU and memory. */
    private record Size(String model, int devices, long cpuMillicores, long memoryMib, int count, int row) {}

    /** Jobs alike. */
    private record Shape(List<String> models, int devices, int milli, long cpuMillicores, long memoryMib) {
        static Shape of(TraceJob job) {
            return new Shape(job.models(), job.devices(), job.milliPerDevice(), job.cpuMillicores(), job.memoryMib());
        }

        boolean fits(Size size) {
            return (models.isEmpty() || models.contains(size.model()))
                    && devices <= size.devices()
                    && cpuMillicores <= size.cpuMillicores()
                    && memoryMib <= size.memoryMib();
        }
    }

    /** The best pattern of a device on nodes of a size: the shapes on it and what it gains at the prices given. */
    private record Pattern(Size size, List<Integer> shapes, double gain) {}

    private final List<TraceNode> nodes;
    private final double devices;

    Bound(Trace trace) {
        nodes = trace.nodes();
        devices = nodes.stream().mapToInt(TraceNode::devices).sum();
    }

    /** Devices that can be allocated to these jobs at most, in per cent of all. */
    double percent(List<TraceJob> jobs) {
        Map<Shape, Integer> counts = new LinkedHashMap<>();
        for (TraceJob job : jobs) {
            if (job.devices() > 0) {
                counts.merge(Shape.of(job), job.replicas(), Integer::sum);
            }
        }
        List<Shape> shapes = List.copyOf(counts.keySet());
        List<Size> sizes = sizes(shapes.size());
        double[] limits = new double[shapes.size() + 3 * sizes.size()];
        for (int i = 0; i < shapes.size(); i++) {
            limits[i] = counts.getOrDefault(shapes.get(i), 0);
        }
        for (Size size : sizes) {
            limits[size.row()] = size.count() * (double) size.devices();
            limits[size.row() + 1] = size.count() * size.cpuMillicores() / MILLICORES;
            limits[size.row() + 2] = size.count() * size.memoryMib() / MIB;
        }
        return 100 * search(shapes, sizes, limits) / devices;
    }

    private List<Size> sizes(int firstRow) {
        Map<TraceNode, Integer> alike = new LinkedHashMap<>();
        for (TraceNode node : nodes) {
            if (node.devices() > 0) {
                alike.merge(
                        new TraceNode("", node.model(), node.devices(), node.cpuMillicores(), node.memoryMib()),
                        1,
                        Integer::sum);
            }
        }
        List<Size> sizes = new ArrayList<>();
        alike.forEach((node, count) -> sizes.add(new Size(
                node.model(),
                node.devices(),
                node.cpuMillicores(),
                node.memoryMib(),
                count,
                firstRow + 3 * sizes.size())));
        return sizes;
    }

    private double search(List<Shape> shapes, List<Size> sizes, double[] limits) {
        Simplex simplex = new Simplex(limits);
        double bound = devices;
        for (int step = 0; step < MOST_STEPS && bound - simplex.value() > CLOSE * devices; step++) {
            double[] prices = simplex.prices();
            if (simplex.dropWorthless(prices)) {
                continue;
            }
            Pattern best = null;
            double bestGain = 0;
            double worth = 0;
            for (int row = 0; row < shapes.size(); row++) {
                worth += limits[row] * Math.max(0, prices[row]);
            }
            for (Size size : sizes) {
                Pattern pattern = best(size, shapes, prices);
                worth += limits[size.row() + 1] * Math.max(0, prices[size.row() + 1])
                        + limits[size.row() + 2] * Math.max(0, prices[size.row() + 2])
                        + limits[size.row()] * Math.max(0, pattern.gain());
                double gain = pattern.gain() - prices[size.row()];
                if (gain > bestGain) {
                    bestGain = gain;
                    best = pattern;
                }
            }
            bound = Math.min(bound, worth);
            if (best == null) {
                break;
            }
            enter(simplex, best, shapes, limits.length);
        }
        return bound;
    }

    private static void enter(Simplex simplex, Pattern pattern, List<Shape> shapes, int rows) {
        double[] column = new double[rows];
        int row = pattern.size().row();
        column[row] = 1;
        double value = 0;
        for (int place : pattern.shapes()) {
            Shape shape = shapes.get(place);
            // A device of several holds its part of the job.
            double part = 1.0 / shape.devices();
            column[place] += part;
            column[row + 1] += part * shape.cpuMillicores() / MILLICORES;
            column[row + 2] += part * shape.memoryMib() / MIB;
            value += (double) shape.milli() / WHOLE;
        }
        simplex.enter(column, value);
    }

    private static Pattern best(Size size, List<Shape> shapes, double[] prices) {
        double cpuPrice = Math.max(0, prices[size.row() + 1]) / MILLICORES;
        double memoryPrice = Math.max(0, prices[size.row() + 2]) / MIB;
        // Of shapes that take as much of a device, the one that gains most.
        double[] gains = new double[WHOLE + 1];
        int[] bestShape = new int[WHOLE + 1];
        Arrays.fill(bestShape, -1);
        for (int i = 0; i < shapes.size(); i++) {
            Shape shape = shapes.get(i);
            if (shape.fits(size)) {
                double rest =
                        Math.max(0, prices[i]) + cpuPrice * shape.cpuMillicores() + memoryPrice * shape.memoryMib();
                double gain = (double) shape.milli() / WHOLE - rest / shape.devices();
                if (gain > gains[shape.milli()]) {
                    gains[shape.milli()] = gain;
                    bestShape[shape.milli()] = i;
                }
            }
        }
        return fill(size, gains, bestShape);
    }

    /** The best use of a device: a knapsack of a thousand thousandths. */
    private static Pattern fill(Size size, double[] gains, int[] bestShape) {
        double[] best = new double[WHOLE + 1];
        int[] last = new int[WHOLE + 1];
        for (int milli = 1; milli <= WHOLE; milli++) {
            if (bestShape[milli] >= 0) {
                for (int room = milli; room <= WHOLE; room++) {
                    double gain = best[room - milli] + gains[milli];
                    if (gain > best[room]) {
                        best[room] = gain;
                        last[room] = milli;
                    }
                }
            }
        }
        List<Integer> chosen = new ArrayList<>();
        int room = WHOLE;
        while (last[room] > 0) {
            chosen.add(bestShape[last[room]]);
            room -= last[room];
        }
        return new Pattern(size, chosen, best[WHOLE]);
    }
}
