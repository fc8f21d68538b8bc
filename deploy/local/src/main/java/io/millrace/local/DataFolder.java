package io.millrace.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one folder with everything that a platform keeps between runs: Kafka's logs, the registry's database, the state of
 * Kafka Streams, and what they log. Held by one process at a time. A folder that Millrace did not make is never written to,
 * let alone emptied.
 */
public final class DataFolder implements AutoCloseable {
    private static final String MARK = "millrace-data";
    /** Changes when a later release cannot read what an earlier one stored. */
    private static final String FORMAT = "1";

    private final Path path;
    private final FolderLock lock;

    private DataFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes the folder, making it if it is not there.
     *
     * @param fresh whether to empty it first
     * @throws UserError if another process has it, it is not Millrace's or of another format, or cannot be written
     */
    public static DataFolder open(Path folder, boolean fresh) {
        Path path = folder.toAbsolutePath().normalize();
        if (path.getFileName() == null) {
            throw new UserError("the root of the file system is no data folder: choose another with --data");
        }
        FolderLock lock = FolderLock.acquire(path);
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new UserError(path + " is a file, not a folder: choose another with --data");
            }
            Files.createDirectories(path);
            check(path, fresh);
            if (fresh) {
                empty(path);
            }
            Files.writeString(path.resolve(MARK), FORMAT);
            return new DataFolder(path, lock);
        } catch (IOException e) {
            lock.close();
            throw new UserError("the data folder " + path + " cannot be used: " + e, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** What is logged inside this process while the folder is held. */
    public static Path logFile(Path folder) {
        return folder.resolve("millrace.log");
    }

    Path kafka() {
        return path.resolve("kafka");
    }

    Path registry() {
        return path.resolve("registry");
    }

    Path streams() {
        return path.resolve("streams");
    }

    /** Gives the folder back. */
    @Override
    public void close() {
        lock.close();
    }

    private static void check(Path path, boolean fresh) throws IOException {
        Path mark = path.resolve(MARK);
        if (!Files.exists(mark)) {
            try (Stream<Path> content = Files.list(path)) {
                content.filter(file -> !file.equals(logFile(path))).findFirst().ifPresent(file -> {
                    throw new UserError(path + " holds " + file.getFileName()
                            + " and is no data folder of Millrace: choose an empty or a new one with --data");
                });
            }
            return;
        }
        String format = Files.readString(mark).strip();
        if (!format.equals(FORMAT) && !fresh) {
            throw new UserError(path + " has format " + format + " and this release reads format " + FORMAT
                    + ": choose another folder with --data, or give up what is in this one with --fresh");
        }
    }

    private static void empty(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                // The log is open by now, and lives on.
                if (!file.equals(logFile(folder))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                if (!emptied.equals(folder)) {
                    Files.delete(emptied);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
