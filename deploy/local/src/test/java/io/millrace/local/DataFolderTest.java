package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path parent;

    @Test
    void whatIsStoredStaysUntilAFreshStart() throws Exception {
        Path path = parent.resolve("a/b/data");
        try (DataFolder folder = DataFolder.open(path, false)) {
            Files.createDirectories(folder.kafka());
            Files.writeString(folder.kafka().resolve("log"), "records");
            Files.writeString(DataFolder.logFile(path), "said");
        }
        try (DataFolder folder = DataFolder.open(path, false)) {
            assertThat(folder.kafka().resolve("log")).hasContent("records");
        }
        try (DataFolder folder = DataFolder.open(path, true)) {
            assertThat(folder.kafka()).doesNotExist();
            assertThat(DataFolder.logFile(path)).exists();
        }
    }

    @Test
    void oneProcessAtATime() {
        Path path = parent.resolve("data");
        try (DataFolder folder = DataFolder.open(path, false)) {
            assertThatThrownBy(() -> DataFolder.open(folder.path(), true))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(path + " is in use by another millrace");
        }
        DataFolder.open(path, true).close();
    }

    @Test
    void anotherFormatIsRefusedUnlessItMayGo() throws Exception {
        Path path = parent.resolve("data");
        DataFolder.open(path, false).close();
        Files.writeString(path.resolve("millrace-data"), "99");
        assertThatThrownBy(() -> DataFolder.open(path, false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has format 99 and this release reads format 1")
                .hasMessageContaining("--fresh");
        DataFolder.open(path, true).close();
        DataFolder.open(path, false).close();
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "x");
        assertThatThrownBy(() -> DataFolder.open(file, false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is a file, not a folder");
    }
}
