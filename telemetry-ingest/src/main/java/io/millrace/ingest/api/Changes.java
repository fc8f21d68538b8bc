package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Says in words how two documents differ. Stateless. */
final class Changes {
    private Changes() {}

    /**
     * The differences, by path: "pools[ai].priceMicroCnyPerDeviceHour: 12000000 -> 13000000".
     *
     * @param ignored a member of the outermost object that does not count
     */
    static List<String> between(JsonNode before, JsonNode after, String ignored) {
        List<String> changes = new ArrayList<>();
        compare("", before, after, changes);
        changes.removeIf(change -> change.startsWith(ignored + ":"));
        return changes;
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<String> changes) {
        if (before.equals(after)) {
            return;
        }
        if (before.isObject() && after.isObject()) {
            members(path.isEmpty() ? "" : path + ".", "", fields(before), fields(after), changes);
        } else if (before.isArray() && after.isArray()) {
            members(path + "[", "]", items(before), items(after), changes);
        } else {
            changes.add(path + ": " + before + " -> " + after);
        }
    }

    private static void members(
            String prefix,
            String suffix,
            Map<String, JsonNode> before,
            Map<String, JsonNode> after,
            List<String> changes) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            JsonNode old = before.get(name);
            JsonNode now = after.get(name);
            String path = prefix + name + suffix;
            if (old == null) {
                changes.add(path + ": added");
            } else if (now == null) {
                changes.add(path + ": removed");
            } else {
                compare(path, old, now, changes);
            }
        }
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    /** Pools are known by their id, peaks by their precision, whatever else by its place. */
    private static Map<String, JsonNode> items(JsonNode array) {
        Map<String, JsonNode> items = new TreeMap<>();
        for (int index = 0; index < array.size(); index++) {
            JsonNode item = array.get(index);
            String name = item.path("poolId").asText(item.path("precision").asText(Integer.toString(index)));
            items.put(name, item);
        }
        return items;
    }
}
