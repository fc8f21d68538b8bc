package io.millrace.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaParser;

/** The frozen versions of one record: {@code history/<full name>/v1.avsc} and so on, each whole by itself. */
final class History {

    private static final Path ROOT = Path.of("src", "main", "resources", "history");

    private final Path folder;

    History(Path root, String fullName) {
        this.folder = root.resolve(fullName);
    }

    static History of(Schema schema) {
        return new History(ROOT, schema.getFullName());
    }

    static String text(Schema schema) {
        return SchemaFormatter.format("json/pretty", schema) + "\n";
    }

    private Path file(int version) {
        return folder.resolve("v" + version + ".avsc");
    }

    /** Returns how many versions there are; they count from 1 without gaps. */
    int newest() {
        int version = 0;
        while (Files.exists(file(version + 1))) {
            version++;
        }
        return version;
    }

    String text(int version) {
        try {
            return Files.readString(file(version), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Schema> all() {
        List<Schema> versions = new ArrayList<>();
        for (int version = 1; version <= newest(); version++) {
            versions.add(SchemaParser.parseSingle(text(version)));
        }
        return versions;
    }

    /** Writes a version. */
    void freeze(Schema schema, int version) {
        try {
            Files.createDirectories(folder);
            Files.writeString(file(version), text(schema), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> recordsWithHistory() {
        try (var folders = Files.list(ROOT)) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
