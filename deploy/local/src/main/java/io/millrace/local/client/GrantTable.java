package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Table;
import java.util.ArrayList;
import java.util.List;

/** What was granted, as JSON, in a table. */
final class GrantTable {
    private GrantTable() {}

    /** The storage has a column if there is any. */
    static Table of(JsonNode grants) {
        boolean stored = false;
        for (JsonNode grant : grants) {
            stored |= !storage(grant).equals("-");
        }
        Table table = new Table()
                .left("node")
                .left("model")
                .right("replicas")
                .left("devices")
                .right("of each")
                .right("cores")
                .right("memory");
        if (stored) {
            table.right("storage");
        }
        table.right("CNY/h");
        for (JsonNode grant : grants) {
            table.row(cells(grant, stored));
        }
        return table;
    }

    private static String[] cells(JsonNode grant, boolean stored) {
        List<String> indexes = new ArrayList<>();
        grant.path("deviceIndexes").forEach(index -> indexes.add(index.asText()));
        String model = grant.path("model").asText("");
        List<String> cells = new ArrayList<>(List.of(
                grant.path("nodeId").asText(),
                model.isEmpty() ? "CPU" : model,
                grant.path("replicas").asText("1"),
                indexes.isEmpty() ? "-" : String.join(",", indexes),
                indexes.isEmpty() ? "-" : grant.path("milliPerDevice").asLong() / 10 + " %",
                Figures.fromMilli(grant.path("cpuMillicores").asLong()),
                Figures.memory(grant.path("memoryMib").asLong())));
        if (stored) {
            cells.add(storage(grant));
        }
        cells.add(Figures.cny(grant.path("priceMicroCnyPerHour").asLong()));
        return cells.toArray(String[]::new);
    }

    private static String storage(JsonNode grant) {
        return Figures.storage(
                grant.path("storageGib").asLong(),
                grant.path("storageMibPerSecond").asLong());
    }
}
