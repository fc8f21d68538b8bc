package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Table;
import java.util.List;
import java.util.Locale;

/** The table of an answer about capacity. */
final class CapacityTable {
    /** The precision that a peak is shown at: what training is measured in; without it, what the device has most of. */
    private static final List<String> SHOWN_PRECISIONS = List.of("BF16", "FP16", "FP64", "FP32");

    private static final long GIB_PER_TIB = 1024;

    private final Table table;

    private CapacityTable(Table table) {
        this.table = table;
    }

    /** A line for each scope, kind and model. */
    static CapacityTable ofScopes(JsonNode body) {
        Table table = new Table()
                .left("where")
                .left("kind")
                .left("model")
                .right("nodes")
                .right("lost")
                .right("devices")
                .right("healthy")
                .right("sellable")
                .right("cores sellable")
                .right("memory")
                .right("storage")
                .right("peak sellable");
        for (JsonNode summary : items(body, "summaries")) {
            for (JsonNode row : summary.path("rows")) {
                long devices = row.path("devices").asLong();
                table.row(
                        summary.path("scopeId").asText(),
                        word(row.path("kind").asText()),
                        model(row.path("model").asText()),
                        Figures.count(row.path("nodes").asLong()),
                        Figures.count(row.path("nodesLost").asLong()),
                        devices == 0 ? "-" : Figures.count(devices),
                        devices == 0
                                ? "-"
                                : Figures.count(row.path("devicesHealthy").asLong()),
                        devices == 0
                                ? "-"
                                : Figures.wholeFromMilli(
                                        row.path("sellableMilliDevices").asLong()),
                        Figures.wholeFromMilli(row.path("cpuSellableMillicores").asLong()),
                        Figures.memory(row.path("memorySellableMib").asLong()),
                        Figures.storage(
                                row.path("storageSellableGib").asLong(),
                                row.path("storageSellableMibPerSecond").asLong()),
                        peak(row.path("sellablePeaks")));
            }
        }
        return new CapacityTable(table);
    }

    /** A line for each node. */
    static CapacityTable ofNodes(JsonNode body) {
        Table table = new Table()
                .left("node")
                .left("status")
                .left("kind")
                .left("model")
                .right("sellable devices")
                .right("cores")
                .right("memory")
                .right("storage")
                .right("CNY/device h")
                .right("CNY/core h")
                .right("CNY/TiB h");
        for (JsonNode node : items(body, "nodes")) {
            long milli = 0;
            for (JsonNode device : node.path("deviceSellableMilli")) {
                milli += device.asLong();
            }
            boolean devices = !node.path("deviceSellableMilli").isEmpty();
            table.row(
                    node.path("nodeId").asText(),
                    word(node.path("status").asText()),
                    word(node.path("kind").asText()),
                    model(node.path("model").asText()),
                    devices
                            ? Figures.fromMilli(milli) + " of "
                                    + node.path("deviceSellableMilli").size()
                            : "-",
                    Figures.fromMilli(node.path("cpuSellableMillicores").asLong()),
                    Figures.memory(node.path("memorySellableMib").asLong()),
                    Figures.storage(
                            node.path("storageSellableGib").asLong(),
                            node.path("storageSellableMibPerSecond").asLong()),
                    devices
                            ? Figures.cny(
                                    node.path("priceMicroCnyPerDeviceHour").asLong())
                            : "-",
                    Figures.cny(node.path("priceMicroCnyPerCoreHour").asLong()),
                    Figures.cny(
                            GIB_PER_TIB * node.path("priceMicroCnyPerGibHour").asLong()));
        }
        return new CapacityTable(table);
    }

    boolean isEmpty() {
        return table.size() == 0;
    }

    List<String> lines() {
        return table.lines();
    }

    private static JsonNode items(JsonNode body, String name) {
        return body.isArray() ? body : body.path(name);
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT);
    }

    private static String model(String model) {
        return model.isEmpty() ? "CPU" : model;
    }

    private static String peak(JsonNode peaks) {
        for (String precision : SHOWN_PRECISIONS) {
            for (JsonNode peak : peaks) {
                if (peak.path("precision").asText().equals(precision)) {
                    return Figures.operations(peak.path("peakGigaOpsPerSecond").asLong()) + " " + precision;
                }
            }
        }
        return "-";
    }
}
